"""What a figure on a map is made of, and how far two figures can be compared. Plain Python.

A figure of a unit on a map is the sum of what was reported in its territory: for every reporting period the
figures of the units of that time which belong to it by the tree (`units.rules.tracing`), each with its
share. Sums are exact fractions; they are rounded only when shown. Missing stays missing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from fractions import Fraction

from kieumau.formulas.values import State
from kieumau.indicators.rules import Parts, state_of
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
    COMPLETENESS = 4  # another part of what was expected had been reported
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
    """A mark with the sentence that says why."""

    mark: Mark
    why: Text


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
        """Figures that say something."""
        return self.value_count + self.not_applicable_count + self.refused_count

    @property
    def state(self) -> State:
        """The state of the sum, by the rule of every roll-up."""
        return state_of(self.expected, self.value_count, self.not_applicable_count, self.refused_count)


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


def mark_of_number(unit_id: int, origins: Sequence[Origin]) -> Judged:
    """The mark of one figure on a map, from where it came.

    One unit, all of it: the same territory, whatever its name was. Several whole ones: added up. Any
    share below 1: estimated. Nothing at all: not comparable.
    """
    if not origins:
        reason = Text(
            vi="Bản đồ này chưa có số liệu của địa bàn.", en="There is nothing of this territory on this map."
        )
        return Judged(Mark.NOT_COMPARABLE, reason)
    if any(origin.share != 1 for origin in origins):
        return Judged(Mark.ESTIMATED, _estimated(origins))
    if len(origins) > 1:
        return Judged(
            Mark.WHOLE,
            Text(vi=f"Gồm trọn {_names(origins, 'vi')}.", en=f"Consists of all of {_names(origins, 'en')}."),
        )
    (only,) = origins
    if only.unit_id == unit_id:
        return Judged(Mark.SAME, Text(vi="Cùng địa bàn.", en="The same territory."))
    name = only.name
    return Judged(
        Mark.SAME,
        Text(vi=f"Cùng địa bàn, trước đây là {name.vi}.", en=f"The same territory, formerly {name.en}."),
    )


def mark_of_reported(was: Sequence[Origin], unit_id: int) -> Judged:
    """The mark between two figures as reported; `was` is the earlier one on the later one's map.

    Only the very same territory compares: what the unit has taken in or given away since is named.
    """
    whole_self = [origin for origin in was if origin.unit_id == unit_id and origin.share == 1]
    if len(was) == 1 and whole_self:
        return Judged(Mark.SAME, Text(vi="Cùng địa bàn.", en="The same territory."))
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
                vi=f"Khi đó địa bàn thuộc {_names(others, 'vi')}; hãy xem trên bản đồ hiện nay.",
                en=f"The territory then was that of {_names(others, 'en')}; look at today's map.",
            ),
        )
    return Judged(
        Mark.NOT_COMPARABLE,
        Text(
            vi=f"Từ đó địa bàn đã nhận {_names(others, 'vi')}; hãy xem trên bản đồ hiện nay.",
            en=f"Since then the territory has taken in {_names(others, 'en')}; look at today's map.",
        ),
    )


@dataclass(frozen=True, slots=True)
class Redefined:
    """An indicator is counted otherwise from a day on."""

    since: date
    note: Text


def mark_of_pair(
    parts: Iterable[Judged],
    now: Amount,
    before: Amount,
    days: tuple[date, date],
    redefined: Iterable[Redefined] = (),
) -> Judged:
    """The mark between a figure and an earlier one: the weakest of all that there is to say.

    `parts` are the marks of both; `days` the last days of the earlier and the later window.
    """
    found = list(parts)
    found += [
        Judged(
            Mark.DEFINITION,
            Text(
                vi=f"Từ {_day(one.since)} chỉ tiêu được tính khác: {one.note.vi}",
                en=f"Since {one.since} the indicator is counted otherwise: {one.note.en}",
            ),
        )
        for one in redefined
        if days[0] < one.since <= days[1]
    ]
    if now.reported * before.expected != before.reported * now.expected:
        found.append(
            Judged(
                Mark.COMPLETENESS,
                Text(
                    vi=f"Kỳ này có {now.reported}/{now.expected} số liệu, "
                    f"cùng kỳ {before.reported}/{before.expected}.",
                    en=f"{now.reported} of {now.expected} figures are there, a year ago "
                    f"{before.reported} of {before.expected}.",
                ),
            )
        )
    return max(found, key=lambda judged: judged.mark)


def change_between(now: Fraction | None, before: Fraction | None) -> Fraction | None:
    """(this − a year ago) / a year ago, exact; None where either is unknown or a year ago was zero."""
    return None if now is None or not before else (now - before) / before


def _estimated(origins: Sequence[Origin]) -> Text:
    parts = [origin for origin in origins if origin.share != 1]
    whole = [origin for origin in origins if origin.share == 1]
    said: Mapping[str, str] = {
        language: "; ".join(
            f"{format_share(part.share, language)} {'of ' if language == 'en' else ''}"
            f"{part.name.in_(language)}{_basis(part, language)}"
            for part in parts[:NAMED]
        )
        + _more(len(parts), language)
        for language in ("vi", "en")
    }
    with_vi = f", cùng trọn {_names(whole, 'vi')}" if whole else ""
    with_en = f", with all of {_names(whole, 'en')}" if whole else ""
    return Text(vi=f"Ước tính: gồm {said['vi']}{with_vi}.", en=f"Estimated: {said['en']}{with_en}.")


def _basis(part: Origin, language: str) -> str:
    bases = ", ".join(BASES[basis].in_(language) if basis in BASES else basis for basis in part.bases)
    return f" ({bases})" if bases else ""


def _names(origins: Sequence[Origin], language: str) -> str:
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


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
