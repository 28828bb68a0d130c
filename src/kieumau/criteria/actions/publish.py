"""Publishing a version of a criteria set, from a file or from a draft."""

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from kieumau.audit import actions as audit
from kieumau.criteria import verbs
from kieumau.criteria.drafts import surroundings, text_of, version_of
from kieumau.criteria.files import SetFile, check_text, path_of, read_said
from kieumau.criteria.models import CriteriaSet, Criterion
from kieumau.criteria.named_catalogue import file_of, refuse_a_file
from kieumau.indicators.actions import load_catalogue
from kieumau.indicators.actions.source import name_of
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
    return publish(text_of(path), path.name, folder=path.parent, actor=actor, now=now)


@dataclass(frozen=True, slots=True)
class Compared:
    """What somebody saw before issuing: the digests of the text as it was tried, and of the newest version.

    `newest` is empty where no version of the set was published.
    """

    digest: str
    newest: str


class NotAsCompared(Exception):
    """The newest version, or what the text comes to, is not what it was compared with. Nothing is stored."""


@transaction.atomic
def publish(
    text: str,
    name: str,
    *,
    actor: Actor,
    now: datetime,
    folder: Path | None = None,
    compared: Compared | None = None,
) -> CriteriaSet:
    """Publish the set written in `text`, called `name` in messages; the road of every version.

    The catalogue that the text names is loaded first: a shipped one, or a file in `folder`. Without a
    folder (a text from the browser) nothing is loaded: what is published goes by the indicators that it
    was tried with. Promises and refusals are those of `load_set`; raises NotAsCompared where `compared`
    is given and is not so any more.
    """
    if named := read_said(text, name).catalogue:
        if folder is None:
            refuse_a_file(named, name)
        else:
            load_catalogue(file_of(named, folder), actor=actor)
    _hold_catalogue()
    found = check_text(text, name, surroundings(opens_files=folder is not None))
    _one_at_a_time(found.definition.code)
    newest = CriteriaSet.objects.filter(code=found.definition.code).order_by("-version").first()
    if compared is not None and compared != Compared(found.digest(), newest.digest if newest else ""):
        raise NotAsCompared(found.definition.code)
    if newest is not None and newest.digest == found.digest():
        return newest
    version = _publish(found, text, newest.version + 1 if newest else 1, actor, now)
    audit.record(
        actor=actor,
        verb=verbs.PUBLISH,
        object=("criteria_set", version.pk),
        name=f"{version.code}/{version.version}",
        new={"digest": version.digest, "criteria": len(found.definition.criteria)},
        now=now,
    )
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


def _publish(found: SetFile, text: str, version: int, actor: Actor, now: datetime) -> CriteriaSet:
    published = version_of(found)
    published.version = version
    published.text = text
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
