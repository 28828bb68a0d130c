"""How far a figure and an earlier one compare: everything that is to be said of the two. Plain Python."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from kieumau.indicators.maps.rules import Amount, Judged, Mark, Redefined, together
from kieumau.kernel.messages import Text
from kieumau.kernel.numbers import format_number

UNCHANGED = Text(vi="không đổi", en="unchanged")
WAS_ZERO = Text(vi="cùng kỳ bằng 0", en="was 0 a year ago")

Place = tuple[int, int]  # a unit of the map, the number of a period in its window


@dataclass(frozen=True, slots=True)
class Lacking:
    """The units that did not report, of `of` that make up one unit of the map in a period."""

    units: frozenset[int]
    of: int


@dataclass(frozen=True, slots=True)
class Who:
    """For how many units of the map the two periods differ in who reported; `is_least`: or for more."""

    count: int
    is_least: bool = False


def all_of(parts: Iterable[Who | None]) -> Who | None:
    """The same of what is worked out from several figures: the largest; None where one is not known."""
    found = list(parts)
    known = [one for one in found if one is not None]
    if any(one.count for one in known):
        most = max(one.count for one in known)
        return Who(most, is_least=len(found) > 1 or any(one.is_least for one in known))
    return Who(0) if len(known) == len(found) else None


def differing(now: Mapping[Place, Lacking], before: Mapping[Place, Lacking]) -> int:
    """The units of the map for which the earlier period was reported by others, or by another part of them.

    Places that lack nothing are left out of both.
    """
    return len({place[0] for place in {*now, *before} if not _is_same(now.get(place), before.get(place))})


def _is_same(now: Lacking | None, before: Lacking | None) -> bool:
    """Does the same part lack? Where the unit has been put together otherwise since, as large a part."""
    if now is None or before is None or len(now.units) * before.of != len(before.units) * now.of:
        return False
    return len(now.units) == now.of or now.of != before.of or now.units == before.units


def completeness(now: Amount, before: Amount, who: Who | None) -> Judged | None:
    """Whether not the same units reported both times; None where they did, or where none were expected.

    `who` is asked only where something lacks on both sides; None is that nobody has looked.
    """
    if not now.expected or not before.expected or (now.is_complete and before.is_complete):
        return None
    is_asked = bool(now.reported and before.reported) and not now.is_complete and not before.is_complete
    if is_asked and who is not None and not who.count:
        return None
    if not now.reported and not before.reported:
        return None
    vi = f"Kỳ này có {_of(now, 'vi', ' số liệu')}, cùng kỳ {_of(before, 'vi')}"
    en = f"{_of(now, 'en', ' figures')} are there, a year ago {_of(before, 'en')}"
    if is_asked and who is None:
        vi += "; chưa so được có phải cùng những đơn vị đó không"
        en += "; whether they are those of the same units has not been compared"
    elif is_asked and who is not None:
        least_vi, least_en = ("ít nhất ", "at least ") if who.is_least else ("", "")
        vi += f", khác nhau ở {least_vi}{format_number(who.count, 0, 'vi')} đơn vị"
        units = f"{format_number(who.count, 0, 'en')} unit{'s' if who.count > 1 else ''}"
        en += f"; they differ in who reported for {least_en}{units}"
    return Judged(Mark.COMPLETENESS, Text(vi=f"{vi}.", en=f"{en}."))


def _of(amount: Amount, language: str, noun: str = "") -> str:
    """“3/4 số liệu (1 bị từ chối)”, “3 of 4 figures (1 refused)”."""
    of, refused = ("/", "bị từ chối") if language == "vi" else (" of ", "refused")
    counts = (amount.reported, amount.expected, amount.refused_count)
    reported, expected, refusals = (format_number(count, 0, language) for count in counts)
    told = f" ({refusals} {refused})" if amount.refused_count else ""
    return f"{reported}{of}{expected}{noun}{told}"


def mark_of_pair(
    parts: Iterable[Judged],
    now: Amount,
    before: Amount,
    span: tuple[date, date],
    redefined: Iterable[Redefined] = (),
    who: Who | None = None,
) -> Judged:
    """All that there is to say between a figure and an earlier one, the weakest first.

    `parts` are the marks of both; `span` the first day of the earlier window and the last of the later: a
    definition that changed in between, or inside one of them, divides what is compared.
    """
    found = list(parts)
    found += [
        Judged(
            Mark.DEFINITION,
            Text(
                vi=f"Từ {_day(one.since)} chỉ tiêu được tính khác: {_sentence(one.note.vi)}",
                en=f"Since {one.since} the indicator is counted otherwise: {_sentence(one.note.en)}",
            ),
        )
        for one in redefined
        if span[0] < one.since <= span[1]
    ]
    if lacking := completeness(now, before, who):
        found.append(lacking)
    return together(found)


def change_between(
    now: Fraction | None, before: Fraction | None, mark: Mark = Mark.SAME, *, is_share: bool = False
) -> Fraction | None:
    """(this − a year ago) / a year ago, exact; of a share the difference of the two; 0 from zero to zero.

    None where either is unknown, where they do not compare at all, or where a year ago was zero and now is
    not. The one rule of pages, files, the API and the command line.
    """
    if now is None or before is None or mark is Mark.NOT_COMPARABLE:
        return None
    if is_share or now == before:
        return now - before
    return (now - before) / before if before > 0 else None


def rose_from_zero(now: Fraction | None, before: Fraction | None, mark: Mark = Mark.SAME) -> bool:
    """Do the two compare, and only a percentage of zero is not to be had?"""
    return bool(now) and before == 0 and mark is not Mark.NOT_COMPARABLE


def _sentence(note: str) -> str:
    """Ends with a full stop, that other sentences may follow."""
    return note if note.endswith((".", "!", "?")) else f"{note}."


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"
