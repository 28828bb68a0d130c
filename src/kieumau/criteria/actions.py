"""Publishing a version of a criteria set."""

import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from kieumau.criteria.files import SetFile, Surroundings, check_text, path_of
from kieumau.criteria.models import CriteriaSet, Criterion
from kieumau.criteria.rules import Definition
from kieumau.indicators.actions import load_catalogue
from kieumau.indicators.actions.source import name_of
from kieumau.indicators.models import Indicator
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Place, Problem, Refused, Text
from kieumau.kernel.yamlfile import read_text
from kieumau.units.actions import Actor
from kieumau.units.models import Kind

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
    text = _text(path)
    if named := read_text(text, Definition, path.name).catalogue:
        is_file = named.endswith((".yaml", ".yml"))
        load_catalogue(path.parent / named if is_file else named, actor=actor)
    _hold_catalogue()
    found = check_text(text, path.name, surroundings())
    _one_at_a_time(found.definition.code)
    newest = CriteriaSet.objects.filter(code=found.definition.code).order_by("-version").first()
    digest = found.digest()
    if newest is not None and newest.digest == digest:
        return newest
    version = _publish(found, digest, newest.version + 1 if newest else 1, actor, now)
    log.info("criteria set %s published by %s", version, version.loaded_by or "?")
    return version


def surroundings() -> Surroundings:
    """What sets may refer to in this installation."""
    reported = Indicator.objects.values_list("code", "calendar", "period_kind")
    return Surroundings(
        catalogue=catalogue(),
        reported={code: (calendar, kind) for code, calendar, kind in reported},
        kinds=dict(Kind.objects.values_list("code", "level")),
    )


def _text(path: Path) -> str:
    place = Place(file=path.name)
    try:
        return path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        reason = Text(vi=f"Không có tệp “{path.name}”.", en=f"There is no file “{path.name}”.")
        raise Refused([Problem("no-such-file", reason, place=place)]) from None
    except UnicodeDecodeError:
        reason = Text(vi="Tệp không phải UTF-8.", en="The file is not UTF-8.")
        hint = Text(vi="Hãy lưu lại tệp với mã UTF-8.", en="Save it again as UTF-8.")
        raise Refused([Problem("wrong-encoding", reason, hint, place)]) from None


def _hold_catalogue() -> None:
    """What indicators mean must not change between the check and the publishing."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE indicator IN SHARE MODE")


def _one_at_a_time(code: str) -> None:
    """Two people publishing the same set wait for each other until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('criteria_set:' || %s, 0))", [code])


def _publish(found: SetFile, digest: str, version: int, actor: Actor, now: datetime) -> CriteriaSet:
    definition = found.definition
    published = CriteriaSet.objects.create(
        code=definition.code,
        version=version,
        title_vi=definition.title.vi,
        title_en=definition.title.en,
        calendar=definition.period.calendar,
        period_kind=definition.period.kind,
        verification=definition.verification,
        in_force=_in_force(definition),
        definition=definition.canonical(),
        derived=found.derived,
        digest=digest,
        loaded_at=now,
        loaded_by=name_of(actor)[:150],
    )
    Criterion.objects.bulk_create(
        Criterion(
            criteria_set=published,
            code=criterion.code,
            position=position,
            kind=criterion.kind,
            title_vi=criterion.title.vi,
            title_en=criterion.title.en,
        )
        for position, criterion in enumerate(definition.criteria, start=1)
    )
    return published


def _in_force(definition: Definition) -> DateRange:
    ends = definition.effective.ends
    return DateRange(definition.effective.starts, ends + timedelta(days=1) if ends else None)
