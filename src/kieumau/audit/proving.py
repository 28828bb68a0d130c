"""Is the log what it was? Every link is worked out anew and compared, as sets, in the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db import connection
from django.utils.timezone import localdate

from kieumau.audit.models import Anchor, Link
from kieumau.kernel.messages import Problem, Refused, Text

Kind = Literal["changed", "removed", "inserted", "gap", "anchor"]
MOST = 1_000
AT_ONCE = 100_000  # links that a page works out: about half a second

_ENDLESS = 2**63 - 1
# An entry and its link are committed together, so that each statement sees both or neither. A link behind
# a gap cannot be worked out: the gap is what is said of it.
_LINKS = """
    SELECT l.number, l.entry_id, e.id IS NULL, CASE WHEN p.number IS NULL AND l.number > 1 THEN
        (SELECT coalesce(max(number), 0) + 1 FROM audit_link WHERE number < l.number) END
    FROM audit_link l
    LEFT JOIN audit_link p ON p.number = l.number - 1
    LEFT JOIN audit_entry e ON e.id = l.entry_id
    WHERE l.number > %s AND l.number <= %s AND (e.id IS NULL OR p.number IS NULL AND l.number > 1
        OR l.hash <> audit_hash(coalesce(p.hash, sha256('')), l.number, l.chained_at, e))
    ORDER BY l.number LIMIT %s
"""
_UNCHAINED = """
    SELECT e.id FROM audit_entry e LEFT JOIN audit_link l ON l.entry_id = e.id
    WHERE l.entry_id IS NULL ORDER BY e.id LIMIT %s
"""
_ANCHORS = """
    SELECT a.day, a.number, l.number IS NULL
    FROM unnest(%s::date[], %s::bigint[], %s::text[]) AS a (day, number, hash)
    LEFT JOIN audit_link l USING (number)
    WHERE l.hash IS DISTINCT FROM decode(a.hash, 'hex')
    ORDER BY a.number LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """One place where the log is not what it was; `number` in the chain, `entry_id`, whichever is known."""

    kind: Kind
    number: int | None
    entry_id: int | None
    text: Text


@dataclass(frozen=True, slots=True)
class Proof:
    """How many links were worked out, the last of them, and what is wrong (at most `MOST` of each kind)."""

    links: int
    last: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The links from `first` to `last` of `total` in all, worked out; `hash` is that of the last one.

    `faults` are at most `MOST` of each kind. The last part says also what stands beside the whole chain:
    entries without a link, anchors that do not fit.
    """

    first: int
    last: int
    total: int
    hash: str
    faults: tuple[Fault, ...]

    @property
    def is_last(self) -> bool:
        """Does nothing come after it?"""
        return self.last >= self.total


@dataclass(frozen=True, slots=True)
class Kept:
    """An anchor as it was copied to another place: `2026-11-22 1234:89ab…`."""

    day: date
    number: int
    hash: str


def read_kept(lines: Iterable[str]) -> list[Kept]:
    """The anchors of a copy, a line each. Raises `Refused` for a line that is none."""
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            day, said = line.split()
            place, _, digest = said.partition(":")
            found.append(Kept(date.fromisoformat(day), int(place), bytes.fromhex(digest).hex()))
        except ValueError:
            reason = Text(vi=f"Dòng {number} không phải mốc neo.", en=f"Line {number} is no anchor.")
            hint = Text(
                vi="Một dòng như 2026-11-22 1234:89ab…, do `kieumau audit anchors` in ra.",
                en="A line like 2026-11-22 1234:89ab…, as `kieumau audit anchors` prints them.",
            )
            raise Refused([Problem("not-an-anchor", reason, hint)]) from None
    return found


def anchors() -> list[Kept]:
    """Every anchor of the log, oldest first, and the last link there is: what to keep elsewhere."""
    rows = [Kept(row.day, row.number, bytes(row.hash).hex()) for row in Anchor.objects.order_by("day")]
    last = Link.objects.order_by("-number").first()
    if last is not None:
        rows.append(Kept(localdate(last.chained_at), last.number, bytes(last.hash).hex()))
    return rows


def prove(kept: Sequence[Kept] = ()) -> Proof:
    """Work the whole chain out anew and compare it with its anchors, and with a copy of them if given.

    Reads only; nobody waits for it. Cost: see `bench/audit.py`, seconds for a million entries.
    """
    faults = [*_of_links(0, _ENDLESS), *_beside([*anchors(), *kept])]
    last = Link.objects.order_by("-number").first()
    return Proof(Link.objects.count(), str(last) if last else "", tuple(dict.fromkeys(faults)))


def prove_part(after: int) -> Part:
    """Work out the next `AT_ONCE` links behind one of that number, and beside the last ones the rest.

    For whoever sees every entry: one that is hidden from him would be told of as removed.
    """
    newest = Link.objects.order_by("-number").first()
    total = newest.number if newest else 0
    after = min(after, total)
    last = min(after + AT_ONCE, total)
    faults = _of_links(after, last)
    if last == total:
        faults += _beside(anchors())
    link = Link.objects.filter(number=last).first()
    return Part(
        min(after + 1, total),
        last,
        total,
        bytes(link.hash).hex() if link else "",
        tuple(dict.fromkeys(faults)),
    )


def _of_links(after: int, until: int) -> list[Fault]:
    """What is wrong with the links behind one number up to another."""
    with connection.cursor() as cursor:
        cursor.execute(_LINKS, [after, until, MOST])
        return [fault for row in cursor.fetchall() for fault in _of_link(*row)]


def _beside(known: Sequence[Kept]) -> list[Fault]:
    """Entries that no link is about, and anchors that do not fit."""
    with connection.cursor() as cursor:
        cursor.execute(_UNCHAINED, [MOST])
        faults = [_inserted(entry_id) for (entry_id,) in cursor.fetchall()]
        days, numbers = [each.day for each in known], [each.number for each in known]
        cursor.execute(_ANCHORS, [days, numbers, [each.hash for each in known], MOST])
        return faults + [_of_anchor(*row) for row in cursor.fetchall()]


def _of_link(number: int, entry_id: int, is_removed: bool, gap_from: int | None) -> list[Fault]:
    """What is wrong with one link: links missing before it, its entry gone, or another than it was."""
    found = []
    if gap_from is not None:
        what = f"{gap_from}" if gap_from == number - 1 else f"{gap_from}–{number - 1}"
        text = Text(
            vi=f"Mắt xích {what} đã bị xóa; mắt xích {number} không chứng minh được.",
            en=f"Link {what} was removed; link {number} cannot be proved.",
        )
        found.append(Fault("gap", gap_from, None, text))
    if is_removed:
        text = Text(
            vi=f"Dòng nhật ký {entry_id} (mắt xích {number}) đã bị xóa.",
            en=f"Entry {entry_id} (link {number}) was removed.",
        )
        found.append(Fault("removed", number, entry_id, text))
    elif gap_from is None:
        text = Text(
            vi=f"Dòng nhật ký {entry_id} (mắt xích {number}), hoặc mắt xích trước nó, đã bị sửa.",
            en=f"Entry {entry_id} (link {number}), or the link before it, was changed.",
        )
        found.append(Fault("changed", number, entry_id, text))
    return found


def _inserted(entry_id: int) -> Fault:
    text = Text(
        vi=f"Dòng nhật ký {entry_id} không có trong chuỗi: bị chèn vào, hoặc mắt xích của nó bị xóa.",
        en=f"Entry {entry_id} is not in the chain: it was inserted, or its link was removed.",
    )
    return Fault("inserted", None, entry_id, text)


def _of_anchor(day: date, number: int, is_gone: bool) -> Fault:
    text = Text(
        vi=f"Mốc neo ngày {day} không khớp: mắt xích {number} {'đã mất' if is_gone else 'nay khác trước'}.",
        en=f"The anchor of {day} does not fit: link {number} {'is gone' if is_gone else 'is another now'}.",
    )
    return Fault("anchor", number, None, text)
