"""What a figure on a map is made of, and how far two figures can be compared. Plain Python.

A figure of a unit on a map is the sum of what was reported in its territory: for every reporting period the
figures of the units of that time which belong to it by the tree (`units.rules.tracing`), each with its
share. Sums are exact fractions; they are rounded only when shown. Missing stays missing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from fractions import Fraction

from kieumau.formulas.values import State
from kieumau.indicators.rules import Parts, state_of, state_so_far
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import format_share

NAMED = 6  # units that a sentence names; the others are counted


@dataclass(frozen=True, slots=True)
class Map:
    """On which map figures are shown: as reported (`day` is None), or the units of a day."""

    day: date | None = None
    is_today: bool = False

    @property
    def is_reported(self) -> bool:
        """Is each figure shown by the tree of its own time?"""
        return self.day is None

    @property
    def word(self) -> str:
        """`reported`, `today` or the day: what `read_map` reads."""
        return "today" if self.is_today else self.day.isoformat() if self.day else "reported"


REPORTED = Map()


def map_of_today(today: date) -> Map:
    """Today's map."""
    return Map(today, is_today=True)


def read_map(text: str, *, today: date) -> Map:
    """`reported`, `today` or a day like 2025-07-01. Raises `Refused` for anything else."""
    word = text.strip().lower()
    if word in ("", "reported"):
        return REPORTED
    if word == "today":
        return map_of_today(today)
    try:
        return Map(date.fromisoformat(word))
    except ValueError:
        reason = Text(vi=f"Không có bản đồ “{text}”.", en=f"There is no map “{text}”.")
        hint = Text(vi="Viết reported, today hoặc 2025-06-30.", en="Write reported, today or 2025-06-30.")
        raise Refused([Problem("unknown-map", reason, hint)]) from None


class Mark(IntEnum):
    """Dấu so sánh: how far a figure compares with others on its map; the greater, the weaker."""

    SAME = 0  # the same territory
    WHOLE = 1  # whole units added up
    ESTIMATED = 2  # some part apportioned by a share
    DEFINITION = 3  # the indicator was defined otherwise
    COMPLETENESS = 4  # not the same units had reported
    NOT_COMPARABLE = 5


MARKS = {
    Mark.SAME: Text(vi="cùng địa bàn", en="same territory"),
    Mark.WHOLE: Text(vi="cộng trọn các đơn vị cũ", en="whole predecessors added"),
    Mark.ESTIMATED: Text(vi="ước tính", en="estimated"),
    Mark.DEFINITION: Text(vi="đổi cách tính", en="definition changed"),
    Mark.COMPLETENESS: Text(vi="mức đầy đủ khác nhau", en="completeness differs"),
    Mark.NOT_COMPARABLE: Text(vi="không so sánh được", en="not comparable"),
}
BASES = {
    "area": Text(vi="theo diện tích", en="by area"),
    "people": Text(vi="theo dân số", en="by people"),
    "expert": Text(vi="theo đánh giá chuyên môn", en="by expert judgment"),
    "even": Text(vi="chia đều", en="in equal parts"),
    "back": Text(vi="chia ngược theo phần đã góp", en="handed back by what was given"),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A mark with the sentence that says why; `others` are those that apply as well, the weakest first."""

    mark: Mark
    why: Text
    others: "tuple[Judged, ...]" = ()

    @property
    def every(self) -> "tuple[Judged, ...]":
        """All that there is to say, the weakest first."""
        return (replace(self, others=()), *self.others) if self.others else (self,)

    @property
    def told(self) -> Text:
        """All the sentences, that of the weakest mark first."""
        every = self.every
        return Text(vi=" ".join(one.why.vi for one in every), en=" ".join(one.why.en for one in every))


SAME_TERRITORY = Judged(Mark.SAME, Text(vi="Cùng địa bàn.", en="The same territory."))
AS_REPORTED = Judged(Mark.SAME, Text(vi="Như đã báo cáo.", en="As it was reported."))


def together(found: Iterable[Judged], nothing: Judged = AS_REPORTED) -> Judged:
    """What is to be said of what several marks are about: each sentence once, the weakest mark first.

    The same territory is worth saying only where nothing else is; of two such sentences the one that names
    the unit of then. `nothing` stands for no mark at all.
    """
    # Mostly one object over and over: a page asks hundreds of times, and comparing sentences takes its time.
    distinct = {id(judged): judged for judged in found}.values()
    every = list(dict.fromkeys(one for judged in distinct for one in judged.every))
    telling = sorted((one for one in every if one.mark), key=lambda one: -one.mark)
    if telling:
        return replace(telling[0], others=tuple(telling[1:]))
    named = [one for one in every if one not in (SAME_TERRITORY, AS_REPORTED)]
    return next(iter((*named, *every)), nothing)


@dataclass(frozen=True, slots=True)
class Amount:
    """Figures added up: their exact sum and how many are in which state, of how many expected."""

    total: Fraction = Fraction(0)
    value_count: int = 0
    not_applicable_count: int = 0
    refused_count: int = 0
    expected: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        """Both together."""
        return Amount(
            self.total + other.total,
            self.value_count + other.value_count,
            self.not_applicable_count + other.not_applicable_count,
            self.refused_count + other.refused_count,
            self.expected + other.expected,
        )

    def __sub__(self, other: "Amount") -> "Amount":
        """This without a part of it."""
        return Amount(
            self.total - other.total,
            self.value_count - other.value_count,
            self.not_applicable_count - other.not_applicable_count,
            self.refused_count - other.refused_count,
            self.expected - other.expected,
        )

    def expecting(self, count: int) -> "Amount":
        """The same figures, with so many more expected."""
        return Amount(
            self.total,
            self.value_count,
            self.not_applicable_count,
            self.refused_count,
            self.expected + count,
        )

    @classmethod
    def of(cls, parts: Parts) -> "Amount":
        """Figures added up by the database; how many are expected is not known yet."""
        return cls(Fraction(parts.total), parts.value_count, parts.not_applicable_count, parts.refused_count)

    def part(self, share: Fraction) -> "Amount":
        """A share of the sum; every figure still has to be there."""
        return Amount(
            self.total * share,
            self.value_count,
            self.not_applicable_count,
            self.refused_count,
            self.expected,
        )

    @property
    def reported(self) -> int:
        """Figures that were given: values, and that an indicator does not apply. A refusal is none."""
        return self.value_count + self.not_applicable_count

    @property
    def answered(self) -> int:
        """Figures that say anything at all, refusals among them."""
        return self.reported + self.refused_count

    @property
    def is_complete(self) -> bool:
        """Has everything that is expected been reported?"""
        return self.reported >= self.expected

    @property
    def state(self) -> State:
        """The state of the sum, by the rule of every roll-up."""
        return state_of(self.expected, self.value_count, self.not_applicable_count, self.refused_count)

    @property
    def state_so_far(self) -> State:
        """The state of the sum as people are shown it: as far as it goes, with how far that is."""
        return state_so_far(self.value_count, self.not_applicable_count, self.refused_count)


@dataclass(frozen=True, slots=True)
class Origin:
    """A unit whose figures are part of one on a map: which share of them, since which acts, on what basis.

    `name` is its full name at the time. `of_whole` is the sum of what it gave over all periods, None where
    it gave no value.
    """

    unit_id: int
    name: Text
    share: Fraction
    acts: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    total: Fraction | None = None

    @property
    def is_whole(self) -> bool:
        """All of the unit? All its people are not, if some of its land went elsewhere."""
        return self.share == 1 and not self.bases


def mark_of_shares(count: int, *, is_whole: bool) -> Mark:
    """The mark of a figure that comes from `count` units, all of each (`is_whole`) or not.

    The one rule for a figure alone and for all figures of a list.
    """
    if not count:
        return Mark.NOT_COMPARABLE
    if not is_whole:
        return Mark.ESTIMATED
    return Mark.WHOLE if count > 1 else Mark.SAME


def mark_of_number(unit_id: int, origins: Sequence[Origin]) -> Judged:
    """The mark of one figure on a map, from where it came.

    One unit, all of it: the same territory, whatever its name was. Several whole ones: added up. Any
    part, be it with all the people: estimated. Nothing at all: not comparable.
    """
    mark = mark_of_shares(len(origins), is_whole=all(origin.is_whole for origin in origins))
    if mark is Mark.NOT_COMPARABLE:
        reason = Text(
            vi="Bản đồ này chưa có số liệu của địa bàn.", en="There is nothing of this territory on this map."
        )
        return Judged(mark, reason)
    if mark is Mark.ESTIMATED:
        return Judged(mark, _estimated(origins))
    if mark is Mark.WHOLE:
        names = {language: names_of(origins, language) for language in ("vi", "en")}
        return Judged(mark, Text(vi=f"Gồm trọn {names['vi']}.", en=f"Consists of all of {names['en']}."))
    (only,) = origins
    if only.unit_id == unit_id:
        return SAME_TERRITORY
    name = only.name
    return Judged(
        mark, Text(vi=f"Cùng địa bàn, trước đây là {name.vi}.", en=f"The same territory, formerly {name.en}.")
    )


def mark_of_reported(was: Sequence[Origin], unit_id: int) -> Judged:
    """The mark between two figures as reported; `was` is the earlier one on the later one's map.

    Only the very same territory compares: what the unit has taken in or given away since is named.
    """
    whole_self = [origin for origin in was if origin.unit_id == unit_id and origin.is_whole]
    if len(was) == 1 and whole_self:
        return SAME_TERRITORY
    others = [origin for origin in was if origin.unit_id != unit_id]
    if not was:
        return Judged(
            Mark.NOT_COMPARABLE,
            Text(vi="Khi đó chưa có đơn vị này.", en="The unit was not there at that time."),
        )
    if not others:
        return Judged(
            Mark.NOT_COMPARABLE,
            Text(
                vi="Từ đó đơn vị đã giao một phần địa bàn.",
                en="The unit has given part of itself away since.",
            ),
        )
    if len(others) == len(was):
        return Judged(
            Mark.NOT_COMPARABLE,
            Text(
                vi=f"Khi đó địa bàn thuộc {names_of(others, 'vi')}; hãy xem trên bản đồ hiện nay.",
                en=f"The territory then was that of {names_of(others, 'en')}; look at today's map.",
            ),
        )
    return Judged(
        Mark.NOT_COMPARABLE,
        Text(
            vi=f"Từ đó địa bàn đã nhận {names_of(others, 'vi')}; hãy xem trên bản đồ hiện nay.",
            en=f"Since then the territory has taken in {names_of(others, 'en')}; look at today's map.",
        ),
    )


@dataclass(frozen=True, slots=True)
class Redefined:
    """An indicator is counted otherwise from a day on."""

    since: date
    note: Text


def _estimated(origins: Sequence[Origin]) -> Text:
    parts = [origin for origin in origins if not origin.is_whole]
    whole = [origin for origin in origins if origin.is_whole]
    said: Mapping[str, str] = {
        language: "; ".join(
            f"{format_share(part.share, language)} {'of ' if language == 'en' else ''}"
            f"{part.name.in_(language)}{_basis(part, language)}"
            for part in parts[:NAMED]
        )
        + _more(len(parts), language)
        for language in ("vi", "en")
    }
    with_vi = f", cùng trọn {names_of(whole, 'vi')}" if whole else ""
    with_en = f", with all of {names_of(whole, 'en')}" if whole else ""
    return Text(vi=f"Ước tính: gồm {said['vi']}{with_vi}.", en=f"Estimated: {said['en']}{with_en}.")


def _basis(part: Origin, language: str) -> str:
    bases = ", ".join(BASES[basis].in_(language) if basis in BASES else basis for basis in part.bases)
    return f" ({bases})" if bases else ""


def names_of(origins: Sequence[Origin], language: str) -> str:
    """“A, B and C” in a language; of many units the first six, the others counted."""
    names = [origin.name.in_(language) for origin in origins[:NAMED]]
    if more := _more(len(origins), language):
        return ", ".join(names) + more
    last = " và " if language == "vi" else " and "
    return last.join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _more(count: int, language: str) -> str:
    if count <= NAMED:
        return ""
    rest = count - NAMED
    return f" và {rest} đơn vị khác" if language == "vi" else f" and {rest} more units"
