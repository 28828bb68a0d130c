"""Publishing a version of a criteria set, from a file or from a draft."""

import logging
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from kieumau.audit import actions as audit
from kieumau.criteria import verbs
from kieumau.criteria.drafts import surroundings, text_of, version_of
from kieumau.criteria.files import SetFile, check_text, path_of, read_said
from kieumau.criteria.models import CriteriaSet, Criterion
from kieumau.indicators.actions import load_catalogue
from kieumau.indicators.actions.source import name_of
from kieumau.kernel.messages import Place, Problem, Refused, Text
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


@transaction.atomic
def publish(text: str, name: str, *, actor: Actor, now: datetime, folder: Path | None = None) -> CriteriaSet:
    """Publish the set written in `text`, called `name` in messages; the road of every version.

    The catalogue that the text names is loaded first: a shipped one, or a file in `folder`. Without a
    folder (a text from the browser) no file is opened. Promises and refusals are those of `load_set`.
    """
    if named := read_said(text, name).catalogue:
        load_catalogue(_catalogue(named, folder, name), actor=actor)
    _hold_catalogue()
    found = check_text(text, name, surroundings())
    _one_at_a_time(found.definition.code)
    newest = CriteriaSet.objects.filter(code=found.definition.code).order_by("-version").first()
    if newest is not None and newest.digest == found.digest():
        return newest
    version = _publish(found, newest.version + 1 if newest else 1, actor, now)
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


def _catalogue(named: str, folder: Path | None, name: str) -> Path | str:
    """The catalogue a set names. Without a folder only those that ship, whatever the name looks like."""
    is_file = named.endswith((".yaml", ".yml"))
    if folder is None and (is_file or "/" in named or "\\" in named):
        reason = Text(
            vi=f"“catalogue: {named}” là một tệp trên máy khác; ở đây không mở được.",
            en=f"“catalogue: {named}” is a file on another machine; it cannot be opened here.",
        )
        hint = Text(
            vi="Bỏ dòng “catalogue”, hoặc ghi tên danh mục có sẵn, ví dụ vn-commune.",
            en="Drop the line “catalogue”, or name one that ships, for example vn-commune.",
        )
        raise Refused([Problem("catalogue-is-a-file", reason, hint, Place(file=name))])
    return folder / named if folder is not None and is_file else named


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
