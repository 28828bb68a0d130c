"""What units come out as, for trying: the outcomes alone, of several versions over several windows.

The rules are those by which verdicts are stored; figures and points are left behind.
"""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from django.db import connection

from kieumau.assessments.actions import judged_units
from kieumau.assessments.judging import Verdict
from kieumau.assessments.rules import Counts, Ending, Outcome, Score, ending, result
from kieumau.assessments.setting import Setting
from kieumau.criteria.rules import Points
from kieumau.trials import one_query
from kieumau.trials.deciding import deciding, enough
from kieumau.units.models import Position

OUTCOMES = {outcome.value: outcome for outcome in Outcome}
Found = TypeVar("Found")


class Seen(NamedTuple):
    """One unit by one setting: `codes` are the outcomes of its criteria, a byte for each.

    `decided_by` are the criteria, by index, each of which alone keeps it from meeting the set;
    `scores` those of its criteria and `class_code` its class, where the set counts points.
    """

    outcome: Outcome
    codes: bytes
    decided_by: tuple[int, ...]
    scores: tuple[Score, ...] = ()
    class_code: str | None = None

    @property
    def ending(self) -> Ending:
        """What is compared."""
        return Ending(self.outcome, self.class_code)

    @property
    def is_class_open(self) -> bool:
        """May points that are not certain yet still bring a class?"""
        if self.class_code != "" or self.outcome is Outcome.NOT_APPLICABLE:
            return False
        return any(one.final is None for one in self.scores)


def seen(settings: Sequence[Setting]) -> list[dict[int, Seen]]:
    """For each setting what the units come out as to which it applies, by unit.

    One query over all units for all settings that `one_query` can judge, one for each of the others.
    """
    quick = [one for one in settings if one_query.can_be_together([one])]
    slack_days = {one.slack_days for one in quick}
    found: dict[int, dict[int, Seen]] = {}
    for days in slack_days:
        some = [one for one in quick if one.slack_days == days]
        applying = _unchanging(some, lambda one: one.definition.applies_to, lambda one: one.unit_ids())
        for one, units in zip(some, one_query.outcomes(some, applying), strict=True):
            adding = _Adding(one)
            found[id(one)] = {unit_id: adding.seen(codes) for unit_id, codes in units}
    return [found[id(one)] if id(one) in found else _one_by_one(one) for one in settings]


def provinces_of(settings: Sequence[Setting]) -> list[dict[int, int | None]]:
    """For each setting the province of every unit at the level judged, on the window's last day."""
    return _unchanging(settings, lambda one: one.level, _provinces)


def _provinces(setting: Setting) -> dict[int, int | None]:
    standing = Position.objects.filter(valid__contains=setting.last_day, level=setting.level)
    return dict(standing.values_list("unit_id", "province_id"))


def _one_by_one(setting: Setting) -> dict[int, Seen]:
    judged = judged_units(setting, setting.unit_ids(), within=None)
    return {one.unit_id: _of(setting, one.verdict) for one in judged}


def _of(setting: Setting, verdict: Verdict) -> Seen:
    decided_by = deciding(setting.definition, verdict)
    outcome, class_code = ending(setting.definition.rule, verdict.result)
    return Seen(outcome, bytes(verdict.outcomes), decided_by, verdict.scores, class_code)


class _Adding:
    """What criteria add up to, worked out once for every count of outcomes: their order does not matter."""

    def __init__(self, setting: Setting) -> None:
        rule = setting.definition.rule
        if isinstance(rule, Points):
            raise ValueError("points do not follow from counts")
        self._rule = rule
        self._known: dict[tuple[int, ...], tuple[Outcome, frozenset[Outcome]]] = {}

    def seen(self, codes: bytes) -> Seen:
        """The outcome, and what decides it."""
        count = codes.count
        counts = (count(1), count(2), count(3), count(4), count(5), count(6))
        if (known := self._known.get(counts)) is None:
            known = self._known[counts] = self._added(codes, Counts(*counts))
        outcome, sufficient = known
        if not sufficient:
            return Seen(outcome, codes, ())
        return Seen(outcome, codes, tuple(at for at, code in enumerate(codes) if code in sufficient))

    def _added(self, codes: bytes, counts: Counts) -> tuple[Outcome, frozenset[Outcome]]:
        outcome = result(self._rule, tuple(map(OUTCOMES.__getitem__, codes))).outcome
        if outcome in (Outcome.MET, Outcome.NOT_APPLICABLE):
            return outcome, frozenset()
        return outcome, enough(self._rule, counts)


def _unchanging(
    settings: Sequence[Setting], kind: Callable[[Setting], Hashable], ask: Callable[[Setting], Found]
) -> list[Found]:
    """What `ask` says of each setting, asked once for days between which the tree does not change.

    `kind` says what else the answer rests on.
    """
    days = [one.last_day for one in settings]
    changes = _changes(days)
    known: dict[Hashable, Found] = {}
    found = []
    for one in settings:
        key = (kind(one), bisect_right(changes, one.last_day))
        if key not in known:
            known[key] = ask(one)
        found.append(known[key])
    return found


def _changes(days: Iterable[date]) -> list[date]:
    """The days after the first and up to the last on which any unit begins, ends, moves or is renamed."""
    ordered = sorted(days)
    if not ordered or ordered[0] == ordered[-1]:
        return []
    ranges = ("unit_term", "unit_position")
    edges = " UNION ".join(
        f"SELECT {edge}(valid) AS day FROM {table}" for table in ranges for edge in ("lower", "upper")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT day FROM ({edges}) edges WHERE day > %s AND day <= %s ORDER BY day",
            [ordered[0], ordered[-1]],
        )
        return [day for (day,) in cursor]
