"""Whole files of units and acts, stored as a difference or refused as a whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from django.db import transaction

from kieumau.audit import actions as audit
from kieumau.audit.past import FIRST, recording
from kieumau.kernel.messages import Refused
from kieumau.units import verbs
from kieumau.units.actions.mapping import rebuild_mapping
from kieumau.units.actions.store import (
    Actor,
    Loaded,
    lock_tree,
    settle,
    store_acts,
    store_lineage,
    store_terms,
    stored_terms,
    touched,
)
from kieumau.units.actions.tree import rebuild_positions
from kieumau.units.csvfile import Sheet, read_sheet
from kieumau.units.kinds import levels
from kieumau.units.models import Change
from kieumau.units.reading import ACT_COLUMNS, UNIT_COLUMNS, read_acts, read_units
from kieumau.units.rules import Act, TermRow, check, link, removals
from kieumau.units.vietnam import vietnam


def load_units(
    units_csv: Path,
    acts_csv: Path | None = None,
    *,
    actor: Actor,
    register: str = "",
    may_remove: bool = False,
) -> Loaded:
    """Load units, and the acts that changed them, from CSV files.

    Units, a row for each term: code, name, kind, parent (a code, empty for the root), valid_from, and
    where needed valid_to (exclusive), key (lasting identity, where a code passed to another unit) and
    register. Acts, a row for each pair of units: act, takes_effect_on, predecessor, successor, share,
    basis, reference, summary. `register` names whose codes the file uses where it has no such column.
    A later file gives all terms of the units it names and leaves the others alone. It may change and
    extend them and end a term that lasted; days on which a unit was in force it may take away only with
    `may_remove`. Raises `Refused` with every problem of both files; then nothing is stored. The same
    files again change nothing. The first file of a register has no earlier state: it counts as known ever
    since (`audit.past`).
    """
    units = read_sheet(units_csv, UNIT_COLUMNS)
    acts = read_sheet(acts_csv, ACT_COLUMNS) if acts_csv else None
    return _load_sheets(units, acts, actor=actor, register=register, may_remove=may_remove)


def load_rows(
    unit_rows: Iterable[Mapping[str, str]],
    act_rows: Iterable[Mapping[str, str]] = (),
    *,
    actor: Actor,
    register: str = "",
    file: str = "",
    may_remove: bool = False,
) -> Loaded:
    """The same for rows that come from elsewhere; `file` is named in problems, row numbers count from 1."""
    return _load_sheets(
        Sheet(file, tuple(enumerate(unit_rows, start=1))),
        Sheet(file, tuple(enumerate(act_rows, start=1))),
        actor=actor,
        register=register,
        may_remove=may_remove,
    )


def load_vietnam(provinces: Sequence[str] | None = None, *, actor: Actor, may_remove: bool = False) -> Loaded:
    """Load Việt Nam before and after 1 July 2025 with lineage; `provinces` are today's codes, None for all.

    See `units.vietnam` for what is known and what is not. Raises `Refused` for an unknown province, and
    without `may_remove` where a file added days that would be lost.
    """
    terms, acts = vietnam(provinces)
    with transaction.atomic():
        lock_tree()
        return _store(terms, acts, stored_terms(), "Việt Nam", actor=actor, may_remove=may_remove)


@transaction.atomic
def _load_sheets(
    units: Sheet, acts: Sheet | None, *, actor: Actor, register: str, may_remove: bool
) -> Loaded:
    lock_tree()
    stored = stored_terms()
    terms, problems = read_units(units, stored, register)
    replaced = {term.key for term in terms}
    whole = terms + [term for term in stored if term.key not in replaced]
    read: list[Act] = []
    if acts is not None:
        read, more = read_acts(acts, whole)
        problems += more
    if problems:
        raise Refused(problems + check(whole, read, levels()))
    return _store(terms, read, stored, units.file or register, actor=actor, may_remove=may_remove)


def _store(
    terms: list[TermRow],
    acts: list[Act],
    stored: list[TermRow],
    name: str,
    *,
    actor: Actor,
    may_remove: bool,
) -> Loaded:
    """Check the whole tree as it would be, then write what differs. Inside the tree's lock."""
    recorded = set(Change.objects.filter(is_recorded=True).values_list("key", flat=True))
    named = {term.key for term in terms}
    kept = {term.key for term in stored if term.key in named and {term.begun_by, term.ended_by} & recorded}
    named -= kept
    after = link([term for term in terms if term.key in named], acts)
    others = [term for term in stored if term.key not in named]
    problems = check(others + after, acts, levels())
    if not may_remove:
        problems += removals(stored, after)
    if problems:
        raise Refused(problems)
    before = [term for term in stored if term.key in named]
    is_first = not {term.register for term in after} & {term.register for term in stored}
    with recording(FIRST if is_first else None):
        act_count = store_acts(acts, is_recorded=False)
        counts = store_terms(before, after)
        lineage = store_lineage(acts)
        settle()
        if any(counts) or lineage or act_count:
            rebuild_mapping(touched=touched(before, after))
        positions = rebuild_positions(touched=touched(before, after))
    loaded = Loaded(*counts, act_count, lineage, positions, tuple(sorted(kept)))
    if loaded.changed:
        audit.record(actor=actor, verb=verbs.LOAD, object=("units", name), name=name, new=asdict(loaded))
    return loaded
