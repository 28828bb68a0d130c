"""Rows into tables and back: only what differs is written, and nothing when something is wrong."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection
from django.db.models import Q
from psycopg.types.range import DateRange

from kieumau.kernel.text import search_key, sort_key
from kieumau.units.kinds import kinds
from kieumau.units.models import Change, Lineage, Term, Unit
from kieumau.units.rules import Act, Share, TermRow

Actor = AbstractBaseUser | str | None  # a person, the name of a command, or the installation itself


@dataclass(frozen=True, slots=True)
class Loaded:
    """What storing did. `kept` names units left alone, because a person recorded an act for them here."""

    units: int = 0
    terms_added: int = 0
    terms_removed: int = 0
    acts: int = 0
    lineage: int = 0
    positions: int = 0
    kept: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Was anything written at all?"""
        return any(
            (self.units, self.terms_added, self.terms_removed, self.acts, self.lineage, self.positions)
        )


_TREE = "units/tree"


def lock_tree() -> None:
    """One writer of the tree at a time; readers go on, whoever relies on the tree (`share_tree`) is done.

    Inside a transaction, before any other lock; never after `share_tree` in the same one.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [_TREE])
        cursor.execute("lock table unit_term in share row exclusive mode")


def share_tree() -> None:
    """The tree stays as it is until the transaction ends: for writing what was checked against it.

    Waits for a writer of the tree. Inside a transaction, before any other lock on rows or tables.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [_TREE])


def stored_terms() -> list[TermRow]:
    """Every term in the database as a row."""
    rows = Term.objects.order_by("unit_id", "valid").values_list(
        "unit__key", "register", "code", "name", "kind_id", "parent__key", "valid",
        "begun_by__key", "ended_by__key",
    )  # fmt: skip
    return [
        TermRow(
            key=key,
            register=register,
            code=code,
            name=name,
            kind=kind,
            parent=parent,
            starts=_first_day(valid),
            ends=valid.upper,
            begun_by=begun_by,
            ended_by=ended_by,
        )
        for key, register, code, name, kind, parent, valid, begun_by, ended_by in rows
    ]


def _first_day(valid: DateRange) -> date:
    if valid.lower is None:
        raise AssertionError("a constraint promises that every term has a first day")
    return valid.lower


def acts_with(units: Collection[str], *, without: Collection[str] = ()) -> list[Act]:
    """The stored acts that hand over one of these units or to one of them, but for the keys `without`."""
    rows = (
        Lineage.objects.filter(Q(predecessor__key__in=units) | Q(successor__key__in=units))
        .exclude(change__key__in=without)
        .order_by("change__takes_effect_on", "id")
        .values_list(
            "change__key", "change__takes_effect_on", "predecessor__key", "successor__key", "share", "basis"
        )
    )
    shares: dict[tuple[str, date], list[Share]] = {}
    for key, day, old, new, share, basis in rows:
        shares.setdefault((key, day), []).append(Share(old, new, share, basis))
    return [Act(key, day, shares=tuple(some)) for (key, day), some in shares.items()]


def store_terms(before: Iterable[TermRow], after: Sequence[TermRow]) -> tuple[int, int, int]:
    """Make the stored terms `before` into `after`; how many units and terms were new, how many terms went.

    Where a row of `after` says nothing about the acts that began or ended it, what is stored stays.
    """
    old = {(row.key, row.starts): row for row in before}
    new = {(row.key, row.starts): _with_acts(row, old.get((row.key, row.starts))) for row in after}
    gone = [row for place, row in old.items() if new.get(place) != row]
    added = [row for place, row in new.items() if old.get(place) != row]
    units = _store_units(added)
    ids = dict(Unit.objects.values_list("key", "id")) if added or gone else {}
    if gone:
        with connection.cursor() as cursor:
            cursor.execute(
                "delete from unit_term t using unnest(%s::int[], %s::date[]) as g (unit_id, starts) "
                "where t.unit_id = g.unit_id and lower(t.valid) = g.starts",
                [[ids[row.key] for row in gone], [row.starts for row in gone]],
            )
    _copy_terms(added, ids)
    return units, len(added), len(gone)


def touched(before: Iterable[TermRow], after: Iterable[TermRow]) -> set[str]:
    """The keys of units of which some term is new, gone or different."""
    return {row.key for row in set(before) ^ set(after)}


def _with_acts(row: TermRow, stored: TermRow | None) -> TermRow:
    if stored is None:
        return row
    return replace(
        row,
        begun_by=row.begun_by or stored.begun_by,
        ended_by=row.ended_by or (stored.ended_by if row.ends == stored.ends else None),
    )


def _store_units(rows: Iterable[TermRow]) -> int:
    wanted = {row.key: row.register for row in rows}
    known = set(Unit.objects.filter(key__in=list(wanted)).values_list("key", flat=True))
    missing = [Unit(key=key, register=register) for key, register in wanted.items() if key not in known]
    return len(Unit.objects.bulk_create(missing))


def _copy_terms(rows: Sequence[TermRow], ids: dict[str, int]) -> None:
    if not rows:
        return
    acts = dict(Change.objects.values_list("key", "id"))
    patterns = {code: kind.full.vi for code, kind in kinds().items()}
    columns = (
        "unit_id, register, code, name, kind_id, parent_id, valid, "
        "begun_by_id, ended_by_id, sort_key, search_key"
    )
    with connection.cursor() as cursor, cursor.copy(f"copy unit_term ({columns}) from stdin") as copy:
        for row in rows:
            copy.write_row(
                (
                    ids[row.key],
                    row.register,
                    row.code,
                    row.name,
                    row.kind,
                    ids[row.parent] if row.parent else None,
                    DateRange(row.starts, row.ends),
                    acts[row.begun_by] if row.begun_by else None,
                    acts[row.ended_by] if row.ended_by else None,
                    sort_key(row.name),
                    search_key(patterns[row.kind].format(name=row.name)),
                )
            )


def store_acts(acts: Sequence[Act], *, is_recorded: bool) -> int:
    """Insert or correct the rows of `Change`; how many were written."""
    stored = {change.key: change for change in Change.objects.filter(key__in=[act.key for act in acts])}
    different = [
        Change(
            key=act.key,
            takes_effect_on=act.takes_effect_on,
            reference=act.reference,
            summary_vi=act.summary.vi,
            summary_en=act.summary.en,
            is_recorded=is_recorded,
        )
        for act in acts
        if act.key not in stored or _says_otherwise(stored[act.key], act)
    ]
    Change.objects.bulk_create(
        different,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["takes_effect_on", "reference", "summary_vi", "summary_en"],
    )
    return len(different)


def _says_otherwise(change: Change, act: Act) -> bool:
    stored = (change.takes_effect_on, change.reference, change.summary_vi, change.summary_en)
    return stored != (act.takes_effect_on, act.reference, act.summary.vi, act.summary.en)


def store_lineage(acts: Sequence[Act]) -> int:
    """Make the lineage of each of `acts` what the act says; how many rows were written or removed."""
    changes = dict(Change.objects.filter(key__in=[act.key for act in acts]).values_list("key", "id"))
    units = dict(Unit.objects.values_list("key", "id"))
    wanted = {
        (changes[act.key], units[share.predecessor], units[share.successor]): (share.share, share.basis)
        for act in acts
        for share in act.shares
    }
    stored = {
        (change, predecessor, successor): (pk, share, basis)
        for pk, change, predecessor, successor, share, basis in Lineage.objects.filter(
            change_id__in=list(changes.values())
        ).values_list("id", "change_id", "predecessor_id", "successor_id", "share", "basis")
    }
    gone = [row[0] for place, row in stored.items() if wanted.get(place) != row[1:]]
    added = [
        (*place, *row) for place, row in wanted.items() if place not in stored or stored[place][1:] != row
    ]
    Lineage.objects.filter(id__in=gone).delete()
    columns = "change_id, predecessor_id, successor_id, share, basis"
    with connection.cursor() as cursor, cursor.copy(f"copy unit_lineage ({columns}) from stdin") as copy:
        for values in added:
            copy.write_row(values)
    return len(gone) + len(added)


def remove_acts(keys: Collection[str]) -> None:
    """Delete the acts and their lineage; no term may refer to them any more."""
    Lineage.objects.filter(change__key__in=keys).delete()
    Change.objects.filter(key__in=keys).delete()


def settle() -> None:
    """Let the deferred guards speak now, and tell the planner what the tables look like."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")
        cursor.execute("analyze unit, unit_term, unit_change, unit_lineage")
