"""Recording an act that changes units, and undoing it. Figures are never touched by either."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction

from kieumau.audit import actions as audit
from kieumau.audit.past import recording
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.units import verbs
from kieumau.units.actions.mapping import rebuild_mapping
from kieumau.units.actions.store import (
    Actor,
    acts_with,
    lock_tree,
    remove_acts,
    settle,
    store_acts,
    store_lineage,
    store_terms,
    stored_terms,
    touched,
)
from kieumau.units.actions.tree import rebuild_positions
from kieumau.units.kinds import full_name, kinds_of, levels
from kieumau.units.models import Change
from kieumau.units.rules import Act, TermRow, apply, check, kinds_from_elsewhere, left_hanging, revert


@transaction.atomic
def record_change(*, act: Act, actor: Actor, now: datetime | None = None) -> Change:
    """Record a merger, a split, a renaming, a transfer: whatever `act` ends, begins and hands over.

    Raises `Refused` when a unit is not open to change on that day, when the tree would not hold (a
    child without its parent, a code given twice), when shares do not sum to 1, or when the act's key
    is known already. Cost: half a second in a country of 14,000 units.
    """
    lock_tree()
    if Change.objects.filter(key=act.key).exists():
        reason = Text(vi=f"Đã có quyết định “{act.called}”.", en=f"There is an act “{act.called}” already.")
        raise Refused([Problem("known-act", reason, place=act.place)])
    before = stored_terms()
    after = apply(before, act)
    problems = check(after, [act], levels()) or kinds_from_elsewhere(before, act, kinds_of)
    if problems := problems + left_hanging(after, acts_with(touched(before, after))):
        raise Refused(problems)
    with recording(now):
        store_acts([act], is_recorded=True)
        store_terms(before, after)
        store_lineage([act])
        settle()
        rebuild_mapping(touched=touched(before, after))
        rebuild_positions(touched=touched(before, after))
    change = Change.objects.get(key=act.key)
    audit.record(
        actor=actor,
        verb=verbs.RECORD_CHANGE,
        object=("change", change.pk),
        name=change.called,
        new=_facts(change, before, after),
        now=now,
    )
    return change


def undo_change(*, key: str, actor: Actor, now: datetime | None = None, why: str = "") -> None:
    """Undo one act: what it began is gone, what it ended is open again, its lineage is deleted.

    Raises `Refused` when the act is unknown, when later acts built on it, or when the tree would not
    hold without it (the units it ended stood below units that other acts ended): then those must be
    undone with it, see `undo_changes`. Figures of vanished units stay and count again if the act is
    recorded anew.
    """
    undo_changes(keys=[key], actor=actor, now=now, why=why)


@transaction.atomic
def undo_changes(*, keys: Collection[str], actor: Actor, now: datetime | None = None, why: str = "") -> None:
    """Undo several acts as one step, in whatever order they were recorded. Raises `Refused`.

    `why` stands in the log.
    """
    lock_tree()
    changes = list(Change.objects.filter(key__in=keys))
    known = {change.key for change in changes}
    if unknown := [key for key in keys if key not in known]:
        raise Refused([_unknown(key) for key in unknown])
    before = stored_terms()
    after = revert(before, known)
    later = acts_with(touched(before, after), without=known)
    if problems := check(after, [], levels()) + left_hanging(after, later):
        raise Refused(problems)
    with recording(now):
        store_terms(before, after)
        remove_acts(known)
        settle()
        rebuild_mapping(touched=touched(before, after))
        rebuild_positions(touched=touched(before, after))
    for change in changes:
        audit.record(
            actor=actor,
            verb=verbs.UNDO_CHANGE,
            object=("change", change.pk),
            name=change.called,
            old=_facts(change, after, before),
            why=why,
            now=now,
        )


def _facts(change: Change, before: Iterable[TermRow], after: Iterable[TermRow]) -> dict[str, str | list[str]]:
    """What the log keeps of an act: enough to know it, and its units by name, when its row is gone."""
    gone, come = set(before) - set(after), set(after) - set(before)
    return {
        "takes_effect_on": change.takes_effect_on.isoformat(),
        "reference": change.reference,
        "units_before": _named(row for row in gone if row.until > change.takes_effect_on),
        "units_after": _named(row for row in come if row.starts == change.takes_effect_on),
    }


def _named(rows: Iterable[TermRow]) -> list[str]:
    return sorted(f"{full_name(row.kind, row.name).vi} ({row.code})" for row in rows)


def _unknown(key: str) -> Problem:
    return Problem("unknown-act", Text(vi=f"Không có quyết định “{key}”.", en=f"There is no act “{key}”."))
