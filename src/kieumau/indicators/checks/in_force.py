"""The checks in force, ready to be run."""

from collections.abc import Mapping
from functools import lru_cache

from django.db import connection

from kieumau.indicators.catalogue import CheckDefinition, Definition
from kieumau.indicators.checks.sound import SoundCheck, sound
from kieumau.indicators.models import Check
from kieumau.indicators.queries import catalogue_at
from kieumau.kernel.messages import Text

# Counts and revisions of the checks and of the indicators: what tells whether they must be read again.
REVISIONS = """
    SELECT c.count, c.revision, i.count, i.revision
    FROM (SELECT count(*), coalesce(max(revision), 0) AS revision FROM indicator_check) c,
        (SELECT count(*), coalesce(max(revision), 0) AS revision FROM indicator) i
"""
Revisions = tuple[int, int, int, int]


def definitions_in_force() -> list[CheckDefinition]:
    """Every check in force as its catalogue says it. One query."""
    return [_definition(row) for row in Check.objects.filter(is_in_force=True)]


def checks_in_force() -> tuple[SoundCheck, ...]:
    """Every check in force, in the order of the catalogues.

    One small query; the rows are read again only when a load changed checks or indicators, in this process
    or another.
    """
    return checks_with_catalogue()[0]


def checks_with_catalogue() -> tuple[tuple[SoundCheck, ...], Mapping[str, Definition]]:
    """The checks in force and the indicators they were read with. The same one query."""
    with connection.cursor() as cursor:
        cursor.execute(REVISIONS)
        revisions = cursor.fetchone()
    return checks_at(revisions), catalogue_at(*revisions[2:])


@lru_cache(maxsize=2)
def checks_at(revisions: Revisions) -> tuple[SoundCheck, ...]:
    """The checks as they are at revisions just asked for."""
    known = catalogue_at(*revisions[2:])
    return tuple(sound(one, known) for one in definitions_in_force())


def _definition(row: Check) -> CheckDefinition:
    return CheckDefinition(
        code=row.code,
        catalogue=row.catalogue,
        position=row.position,
        title=Text(vi=row.title_vi, en=row.title_en),
        condition=row.condition,
        severity=row.severity,
        action=Text(vi=row.action_vi, en=row.action_en),
        basis=row.basis,
        calendar=row.calendar,
        period_kind=row.period_kind,
    )
