"""Writing figures: many at once, checked as sets, each change kept.

Rows stream into a temporary table by COPY, their references are checked with a few queries over the
whole of it, and one statement moves them into `figure`. Totals and history follow by triggers.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.backends.utils import CursorWrapper

from kieumau.formulas.values import State
from kieumau.indicators import verbs
from kieumau.indicators.actions.late import MEANWHILE, is_late
from kieumau.indicators.actions.logging import log_figures
from kieumau.indicators.actions.references import NotRecorded, repeated_keys, wrong_references
from kieumau.indicators.actions.writing import removing, tell, upsert
from kieumau.indicators.models import Source
from kieumau.indicators.registry import INCOMING, AtPlace, Changed, before_figures
from kieumau.units.actions.store import share_tree

Row = tuple[int, int, int, State | int, Decimal | None]  # period, unit, indicator, state, value
Key = tuple[int, int, int]  # period, unit, indicator

CHUNK = 20_000  # rows per COPY
MANY = 5_000  # from here on the planner should know how many rows there are
PROVINCE_LOCK = "{}(hashtext('kieumau.figure'), {})"  # SQL: a function that locks, a province's id


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many figures were new, had another value or state before, or were known already."""

    inserted: int
    revised: int
    unchanged: int


@transaction.atomic
def record_figures(rows: Iterable[Row], *, source: Source) -> Recorded:
    """Store figures under `source`; all of them or none.

    A figure already stored with the same state and value keeps its source and is counted as unchanged;
    another one is revised, and what it was goes to the history. Raises `NotRecorded` with every
    problem: unknown period, unit or indicator, a period of another calendar than the indicator is
    reported in, a unit that was not there on the period's last day, a derived indicator, a repeated
    figure, a state that is not one, a value with a state that has none or the other way round, a value
    that is not a finite number, a figure that a guard (`registry.before_figures`) refuses. Raises
    TypeError for a value that is not a Decimal.

    The tree stays as it was checked against until the transaction ends. Cost: about 8 µs a figure in large
    batches; about 10 ms for the 150 of a commune's month.
    """
    hold_figures(rows)
    return record_held(source=source)


def hold_figures(rows: Iterable[Row]) -> int:
    """Take figures in without storing them yet: into the temporary table INCOMING; how many.

    Within a transaction. From here to its end nobody else writes figures of the same provinces, and the
    tree stays as it is, so that what is found out about the figures is still so when `record_held` stores
    them. Raises `NotRecorded` as `record_figures` does, but for repeated figures.
    """
    count = check_figures(rows)
    with connection.cursor() as cursor:
        _lock_provinces(cursor)
    ask_guards()  # once nobody can hand a return of these provinces over any more
    return count


def check_figures(rows: Iterable[Row]) -> int:
    """Take figures into INCOMING and look at what they refer to, no more; how many.

    Within a transaction, for which the tree stays as it is. Raises `NotRecorded` with everything wrong.
    """
    share_tree()
    with connection.cursor() as cursor:
        count = _take_in(cursor, rows)
        if problems := wrong_references(cursor):
            raise NotRecorded(problems)
    return count


def ask_guards(place: AtPlace | None = None) -> None:
    """Raises `NotRecorded` where a guard refuses to change the figures at a place, or else in INCOMING."""
    if problems := [problem for guard in before_figures for problem in guard(place)]:
        raise NotRecorded(problems)


@transaction.atomic
def record_held(*, source: Source) -> Recorded:
    """Store what is held (`hold_figures`). Raises `NotRecorded` for repeated figures."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {INCOMING}")
        count = int(cursor.fetchone()[0])
        inserted, revised = _write(cursor, source.pk)
        if count > inserted + revised:
            _forget_unchanged(cursor, source.pk)
    if inserted + revised:
        tell(Changed(source.pk, source.recorded_at, inserted + revised))
        log_figures(verbs.RECORD_FIGURES, source, new={"inserted": inserted, "revised": revised})
    return Recorded(inserted, revised, count - inserted - revised)


@transaction.atomic
def remove_figures(keys: Iterable[Key], *, source: Source) -> int:
    """Take figures away (a return was sent to the wrong place, say); how many were there.

    They stay in the history, removed by `source`. Keys without a figure are passed over. Raises
    `NotRecorded` for figures that a guard refuses.
    """
    share_tree()
    with connection.cursor() as cursor:
        _take_in(cursor, ((*key, State.MISSING, None) for key in keys))
        _lock_provinces(cursor)
        ask_guards()
        with removing(cursor, source):
            removed = _remove(cursor)
    if removed:
        tell(Changed(source.pk, source.recorded_at, removed))
        log_figures(verbs.REMOVE_FIGURES, source, old={"removed": removed})
    return removed


def _remove(cursor: CursorWrapper) -> int:
    """Take the incoming keys' figures away; how many. Only the keys that had one are left incoming."""
    cursor.execute(
        f"""
        WITH gone AS (
            DELETE FROM figure f USING {INCOMING} i
            WHERE (f.period, f.unit, f.indicator) = (i.period, i.unit, i.indicator)
            RETURNING f.period, f.unit, f.indicator
        ), absent AS (
            DELETE FROM {INCOMING} i WHERE NOT EXISTS (
                SELECT FROM figure f
                WHERE (f.period, f.unit, f.indicator) = (i.period, i.unit, i.indicator)
            )
        )
        SELECT count(*) FROM gone
        """
    )
    return int(cursor.fetchone()[0])


def _take_in(cursor: CursorWrapper, rows: Iterable[Row]) -> int:
    """Stream the rows into the temporary table, which lives as long as the connection; their number."""
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE IF NOT EXISTS {INCOMING} (
            period int, unit int, indicator int, state smallint, value numeric
        ) ON COMMIT DELETE ROWS
        """
    )
    cursor.execute(f"TRUNCATE {INCOMING}")
    count = 0
    # A COPY for each piece, none open while the next is made: `rows` may ask this very connection.
    for size, text in _copy_text(rows):
        with cursor.copy(f"COPY {INCOMING} FROM STDIN") as copy:
            copy.write(text)
        count += size
    if count > MANY:
        cursor.execute(f"ANALYZE {INCOMING}")
    return count


def _copy_text(rows: Iterable[Row]) -> Iterator[tuple[int, str]]:
    """The rows in COPY's text format, in pieces, each with its number of rows."""
    lines: list[str] = []
    for period, unit, indicator, state, value in rows:
        if value is None:
            lines.append(f"{period:d}\t{unit:d}\t{indicator:d}\t{state:d}\t\\N\n")
        elif isinstance(value, Decimal):
            lines.append(f"{period:d}\t{unit:d}\t{indicator:d}\t{state:d}\t{value}\n")
        else:
            raise TypeError(f"a figure is a Decimal, not {value!r}")
        if len(lines) == CHUNK:
            yield CHUNK, "".join(lines)
            lines = []
    if lines:
        yield len(lines), "".join(lines)


def _lock_provinces(cursor: CursorWrapper) -> None:
    """Wait for others who write to the same provinces, in the order of their ids.

    A statement that both inserts and updates moves totals twice, so the order within each move alone
    would not keep two writers from blocking each other. The lock lasts until the transaction ends.
    """
    cursor.execute(
        f"""
        SELECT {PROVINCE_LOCK.format("pg_advisory_xact_lock", "place.province")}
        FROM (
            SELECT DISTINCT coalesce(p.province_id, 0) AS province
            FROM (SELECT DISTINCT unit FROM {INCOMING}) i JOIN unit_counted p ON p.unit_id = i.unit
            ORDER BY province
            OFFSET 0
        ) place
        """
    )


def _write(cursor: CursorWrapper, source_id: int) -> tuple[int, int]:
    """Move the incoming rows into `figure`; how many were new and how many revised."""
    write = _add if _are_of_new_periods(cursor) else _add_or_revise
    try:
        with transaction.atomic():
            return write(cursor, source_id)
    except (ProgrammingError, IntegrityError) as error:
        # The statement itself says that it would touch a row twice; which ones is asked only then.
        if problems := repeated_keys(cursor):
            raise NotRecorded(problems) from None
        if is_late(error):
            ask_guards()  # by now they say of which unit and period
            raise NotRecorded([MEANWHILE]) from error
        raise


def _are_of_new_periods(cursor: CursorWrapper) -> bool:
    """Is there no figure yet in any of the periods?"""
    cursor.execute(
        f"""
        SELECT NOT EXISTS (
            SELECT FROM (SELECT DISTINCT period FROM {INCOMING}) i
            WHERE EXISTS (SELECT FROM figure f WHERE f.period = i.period)
        )
        """
    )
    return bool(cursor.fetchone()[0])


def _add(cursor: CursorWrapper, source_id: int) -> tuple[int, int]:
    """First figures of their periods: nothing to compare with, which halves the time.

    Another writer of the same units would wait at the lock; one who took no lock makes this fail.
    """
    cursor.execute(
        f"""
        INSERT INTO figure (period, unit, indicator, source, state, value)
        SELECT period, unit, indicator, %s, state, value FROM {INCOMING}
        ORDER BY period, unit, indicator
        """,
        [source_id],
    )
    return int(cursor.rowcount), 0


def _add_or_revise(cursor: CursorWrapper, source_id: int) -> tuple[int, int]:
    rows = f"""
        SELECT period, unit, indicator, %s, state, value FROM {INCOMING}
        ORDER BY period, unit, indicator
    """
    cursor.execute(
        f"""
        WITH written AS ({upsert(rows)})
        SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written
        """,
        [source_id],
    )
    inserted, revised = cursor.fetchone()
    return inserted, revised


def _forget_unchanged(cursor: CursorWrapper, source_id: int) -> None:
    """Leave only the figures that changed, for those who listen."""
    cursor.execute(
        f"""
        DELETE FROM {INCOMING} i USING figure f
        WHERE (f.period, f.unit, f.indicator) = (i.period, i.unit, i.indicator) AND f.source <> %s
        """,
        [source_id],
    )
