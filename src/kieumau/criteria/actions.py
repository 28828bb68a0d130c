"""Publishing a version of a criteria set."""

import logging
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from kieumau.criteria.drafts import surroundings, text_of, version_of
from kieumau.criteria.files import SetFile, check_text, path_of
from kieumau.criteria.models import CriteriaSet, Criterion
from kieumau.criteria.rules import Definition
from kieumau.indicators.actions import load_catalogue
from kieumau.indicators.actions.source import name_of
from kieumau.kernel.yamlfile import read_text
from kieumau.units.actions import Actor

log = logging.getLogger(__name__)


@transaction.atomic
def load_set(name: str | Path, *, actor: Actor, now: datetime) -> CriteriaSet:
    """Publish the set in a YAML file, or a shipped set by its name; returns the version.

    The text of the newest version loaded again is that version: nothing is written. Any other text
    becomes the next version, also when it equals an older one (going back is a decision too). No
    older version changes: which one is in force is derived. Raises Refused with every problem of the
    file, and then nothing is stored: not the catalogue that the set names either.
    """
    path = path_of(name)
    text = text_of(path)
    if named := read_text(text, Definition, path.name).catalogue:
        is_file = named.endswith((".yaml", ".yml"))
        load_catalogue(path.parent / named if is_file else named, actor=actor)
    _hold_catalogue()
    found = check_text(text, path.name, surroundings())
    _one_at_a_time(found.definition.code)
    newest = CriteriaSet.objects.filter(code=found.definition.code).order_by("-version").first()
    if newest is not None and newest.digest == found.digest():
        return newest
    version = _publish(found, newest.version + 1 if newest else 1, actor, now)
    log.info("criteria set %s published by %s", version, version.loaded_by or "?")
    return version


def _hold_catalogue() -> None:
    """What indicators mean must not change between the check and the publishing."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE indicator IN SHARE MODE")


def _one_at_a_time(code: str) -> None:
    """Two people publishing the same set wait for each other until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('criteria_set:' || %s, 0))", [code])


def _publish(found: SetFile, version: int, actor: Actor, now: datetime) -> CriteriaSet:
    published = version_of(found)
    published.version = version
    published.loaded_at = now
    published.loaded_by = name_of(actor)[:150]
    published.save()
    Criterion.objects.bulk_create(
        Criterion(
            criteria_set=published,
            code=criterion.code,
            position=position,
            kind=criterion.kind,
            title_vi=criterion.title.vi,
            title_en=criterion.title.en,
        )
        for position, criterion in enumerate(found.definition.criteria, start=1)
    )
    return published
