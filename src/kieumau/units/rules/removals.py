"""Days on which a unit was in force, and which a new file would take away.

Figures stay where they are when a unit's days go. After its last day they are carried on to whoever took
its territory, or to the unit above; before its first day nobody has them, and no total counts them any more.
So days are only taken away on purpose.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from kieumau.kernel.messages import Place, Problem, Text
from kieumau.units.rules.facts import FOREVER, TermRow, by_unit

Span = tuple[date, date]  # from the first day up to, not including, the second


def removals(before: Iterable[TermRow], after: Iterable[TermRow]) -> list[Problem]:
    """A problem for each unit of `before` that `after` knows, but on fewer days than it was in force.

    An end for a term that lasted is no removal: units end. Nor is another name, kind or parent.
    """
    new = by_unit(after)
    return [
        _removed(old, spans, new[key][0].place)
        for key, old in by_unit(before).items()
        if key in new and (spans := list(_lost(old, new[key])))
    ]


def _lost(old: Sequence[TermRow], new: Sequence[TermRow]) -> Iterator[Span]:
    last = old[-1]
    for starts, until in _joined(old):
        for lost_from, lost_until in _gaps(starts, until, new):
            is_an_end = last.ends is None and lost_until == FOREVER and lost_from > last.starts
            if not is_an_end:
                yield lost_from, lost_until


def _joined(terms: Sequence[TermRow]) -> list[Span]:
    """The days of terms, earliest first, where one follows on another as one span."""
    spans: list[Span] = []
    for term in terms:
        if spans and term.starts <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], term.until)
        else:
            spans.append((term.starts, term.until))
    return spans


def _gaps(starts: date, until: date, terms: Sequence[TermRow]) -> Iterator[Span]:
    """What of the span no term covers; terms are sorted by their first day."""
    day = starts
    for term in terms:
        if term.starts >= until:
            break
        if term.starts > day:
            yield day, term.starts
        day = max(day, term.until)
    if day < until:
        yield day, until


def _removed(old: Sequence[TermRow], spans: Sequence[Span], place: Place) -> Problem:
    last = old[-1]
    vi = "; ".join(
        f"từ {begin} trở đi" if end == FOREVER else f"từ {begin} đến hết {end - timedelta(days=1)}"
        for begin, end in spans
    )
    en = "; ".join(
        f"from {begin} on" if end == FOREVER else f"from {begin} to {end - timedelta(days=1)}"
        for begin, end in spans
    )
    return Problem(
        "days-removed",
        Text(
            vi=f"“{last.name}” ({last.code}) đang có hiệu lực {vi}; tệp này sẽ xóa những ngày đó, "
            "và số liệu của những ngày đó được cộng cho đơn vị khác hoặc không còn được cộng.",
            en=f"“{last.name}” ({last.code}) is in force {en}; this file would remove those days, "
            "and their figures would count for other units or for none.",
        ),
        Text(
            vi="Ghi vào tệp mọi giai đoạn của đơn vị, kể cả các giai đoạn đã qua; "
            "nếu thật sự muốn xóa thì phải cho phép rõ ràng.",
            en="Give every term of the unit in the file, the past ones too; "
            "if the days are to go, that must be allowed explicitly.",
        ),
        place,
    )
