"""For whom a connection works: what row security asks, set for each request and taken back afterwards."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from typing import Any

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import IntegerField, TextField
from django.db.models.expressions import RawSQL

from kieumau.accounts.held import Held, keep, today
from kieumau.accounts.models import User
from kieumau.accounts.roles import at_work, changing, downward

Scope = tuple[str, ...]

# Lists of units are worked out once, here, and policies only read them: `units` is the scope of work and
# `written` what of it may be written; `reach`, `above`, `whole` are of people and the log, which those see as
# well who look after accounts alone; `may` is what may be changed where (`app_may`).
_NAMES = ("person", "today", "units", "written", "everywhere", "reach", "above", "whole", "may")
NOBODY: Scope = ("",) * len(_NAMES)
EVERYWHERE: Scope = tuple({"everywhere": "1", "may": "*"}.get(name, "") for name in _NAMES)
_SET = "SELECT " + ", ".join(f"set_config('app.{name}', %s, false)" for name in _NAMES)

# What a person holds and where he acts, asked and set in one step: the scope, then the grants.
_BEGIN = """
WITH asked AS (
    SELECT %s::bigint AS person, %s::date AS day, %s::text[] AS down, %s::text[] AS work,
        %s::jsonb AS changing
), held AS MATERIALIZED (
    SELECT g.id, g.role, g.unit_id, g.programme, coalesce(p.path, '') AS path, g.ends_before
    FROM asked CROSS JOIN LATERAL public.account_grants_of(person) g
    LEFT JOIN public.unit_position p ON p.unit_id = g.unit_id AND p.valid @> day
    WHERE g.starts_on <= day AND (g.ends_before IS NULL OR g.ends_before > day)
), reach AS MATERIALIZED (
    SELECT path, unit_id, role = ANY (down) AS is_down, role = ANY (work) AS is_work,
        changing -> role AS may, role = ANY (down) AND path ~ '^[0-9]+[.]$'
            AND path <= (SELECT min(o.path) FROM public.unit_position o)
            AND path || '~' >= (SELECT max(o.path) FROM public.unit_position o) AS is_all
    FROM held, asked WHERE path <> ''
), place AS MATERIALIZED (
    SELECT unit_id, is_down, one, is_whole
    FROM (SELECT DISTINCT unit_id, is_down, path FROM reach WHERE NOT is_all) AS here CROSS JOIN asked
    CROSS JOIN LATERAL public.app_within(unit_id, CASE WHEN is_down THEN path END, day)
), work AS MATERIALIZED (
    SELECT one, is_whole FROM place
    WHERE (unit_id, is_down) IN (SELECT unit_id, is_down FROM reach WHERE is_work)
)
SELECT jsonb_build_array(
    set_config('app.person', person::text, false), set_config('app.today', day::text, false),
    set_config('app.units', coalesce((SELECT array_agg(DISTINCT one) FROM work)::text, ''), false),
    set_config('app.written',
        coalesce((SELECT array_agg(DISTINCT one) FROM work WHERE is_whole)::text, ''), false),
    set_config('app.everywhere',
        CASE WHEN (SELECT bool_or(is_all) FROM reach WHERE is_work) THEN '1' ELSE '' END, false),
    set_config('app.reach', coalesce((SELECT array_agg(DISTINCT one) FROM place)::text, ''), false),
    set_config('app.above', coalesce((
        SELECT string_agg(DISTINCT part, ' ') FROM reach, regexp_split_to_table(rtrim(path, '.'), '[.]') part
    ), ''), false),
    set_config('app.whole', CASE WHEN (SELECT bool_or(is_all) FROM reach) THEN '1' ELSE '' END, false),
    set_config('app.may', coalesce((
        SELECT jsonb_agg(jsonb_build_array(is_all, may, (
            SELECT array_agg(DISTINCT one) FROM place
            WHERE place.unit_id = reach.unit_id AND place.is_down = reach.is_down AND is_whole
        )::text)) FROM reach WHERE may IS NOT NULL
    )::text, ''), false),
    (SELECT coalesce(jsonb_agg(to_jsonb(held) ORDER BY id), '[]') FROM held)
)::text FROM asked
"""


# What every page shows of a person, asked along with him: an attribute, and SQL for a number, with one `%s`
# for his id. Filled by packages above; it runs before the scope is set, so that it must be a function that
# sees every row and answers for this person alone.
beside: dict[str, str] = {}


@contextmanager
def acting(user: Any) -> Iterator[None]:
    """While this lasts, rows are those of the person's units; afterwards what they were before. Two queries.

    For a stranger (None, anonymous) there are none.
    """
    with _restored():
        begin(user)
        yield


@contextmanager
def everywhere() -> Iterator[None]:
    """While this lasts, rows are seen whatever unit they are of: for what the installation does by itself."""
    if _scope()[_EVERYWHERE]:
        yield
        return
    with _restored():
        _set(EVERYWHERE)
        yield


def begin(user: Any) -> None:
    """From now on this connection works for a person. One query, which also reads what he holds.

    None for somebody whom `person` has just read, and for a stranger.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        if _scope() != NOBODY:
            _set(NOBODY)
        return
    if user.is_superuser:
        keep(user, today(), ())
        _set((str(user.pk), str(today()), *EVERYWHERE[2:]))
        return
    if getattr(user, _FRESH, False):
        setattr(user, _FRESH, False)
    else:
        on = today()
        with connection.cursor() as cursor:
            cursor.execute(_BEGIN, _asked(user.pk, on))
            _began(user, on, cursor.fetchone()[0])


def person(user_id: Any) -> User | None:
    """Somebody by his id, for whom this connection works from now on. One query for both."""
    on = today()
    began = {"began": RawSQL(f"({_BEGIN})", _asked(user_id, on), output_field=TextField())}
    more = {name: RawSQL(sql, [user_id], output_field=IntegerField()) for name, sql in beside.items()}
    found = User.objects.annotate(**began, **more).filter(pk=user_id).first()
    if found is not None:
        _began(found, on, found.__dict__.pop("began"))
        setattr(found, _FRESH, True)
    return found


def end(**_: Any) -> None:
    """The connection works for nobody; connected to the end of every request, after its last byte.

    Not counted among the queries of a page: it comes when the answer has gone. In a transaction as well, or
    who asked would be remembered beyond it, when the database has forgotten him with all that is rolled back.
    """
    raw = connection.connection
    if raw is None or raw.closed or _scope() == NOBODY or connection.needs_rollback:
        return
    try:
        raw.execute(_SET, NOBODY)
        _remember(NOBODY)
    except (psycopg.Error, OSError):
        if not connection.in_atomic_block:
            connection.close()


def opened(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """A new connection works for nobody, and knows whether reading is open here."""
    connection.__dict__.pop(_KEPT, None)
    if settings.KIEUMAU_OPEN_READING:
        connection.connection.execute("SELECT set_config('app.open', '1', false)")


_EVERYWHERE = _NAMES.index("everywhere")
_KEPT, _FRESH = "_kieumau_scope", "_kieumau_begun"


def _asked(user_id: Any, on: date) -> tuple[Any, ...]:
    return (user_id, on, sorted(downward()), sorted(at_work()), _changing())


@cache
def _changing() -> str:
    return json.dumps(changing())


def _began(user: User, on: date, said: str) -> None:
    *scope, rows = json.loads(said)
    _remember(tuple(scope))
    keep(user, on, tuple(_held(row) for row in rows))


def _scope() -> Scope:
    scope: Scope = connection.__dict__.get(_KEPT, NOBODY)
    return scope


def _remember(scope: Any) -> None:
    connection.__dict__[_KEPT] = scope


def _set(scope: Scope) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SET, scope)
    _remember(scope)


@contextmanager
def _restored() -> Iterator[None]:
    before = _scope()
    try:
        yield
    finally:
        try:
            _set(before)
        except DatabaseError:
            # A transaction that failed takes back what was set in it; one that did not is closed for good.
            if not connection.in_atomic_block:
                connection.close()
            _remember(before)


def _held(row: dict[str, Any]) -> Held:
    ends = row["ends_before"]
    return Held(
        row["id"],
        row["role"],
        row["unit_id"],
        row["programme"],
        row["path"],
        date.fromisoformat(ends) if ends else None,
    )
