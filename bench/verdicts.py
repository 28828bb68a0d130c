"""Verdicts: 34 measured criteria for every commune over one year, and for one unit after a change.

The baseline is the SQL that a person would write for the same question over the same tables, run beside it.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from bench import world
from bench.criteria34 import as_yaml, column, criteria, indicators
from bench.measure import Report

from django.db import connection, transaction  # isort: skip (world sets Django up)

from kieumau.assessments.actions import assess_all
from kieumau.assessments.models import Assessment
from kieumau.assessments.reading import all_units
from kieumau.assessments.setting import Setting
from kieumau.calendars import library
from kieumau.criteria.actions import load_set
from kieumau.criteria.models import CriteriaSet
from kieumau.formulas.values import State
from kieumau.indicators.actions import open_source, record_figures
from kieumau.indicators.models import Figure, Indicator

NOW = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
YEAR = "2026"


def main() -> None:
    """Measure over the benchmark world."""
    figures = world.ready()
    report = Report(f"Verdicts: 34 criteria, {figures:,} figures")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bench-34.yaml"
        path.write_text(as_yaml(), encoding="utf-8")
        criteria_set = load_set(path, actor="bench", now=NOW)
    window = library.window(YEAR, criteria_set.calendar)
    setting = Setting.of(criteria_set, window, NOW.date(), NOW)

    def evaluated() -> list[tuple[int | bool | None, ...]]:
        found = all_units(setting.placed, within=None, on=setting.last_day, slack_days=0)
        return sorted((one.unit_id, *(reading.condition for reading in one.readings)) for one in found)

    def written(sql: str) -> list[tuple[int | bool | None, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return sorted(cursor.fetchall())

    by_hand, by_careful_hand = sql_of_a_person(setting.last_day), sql_of_a_person(setting.last_day, True)
    ours = evaluated()
    if not ours == written(by_hand) == written(by_careful_hand):
        raise SystemExit("the SQL of a person and the product disagree")
    mine = report.time(f"34 formulas × {len(ours):,} communes × 12 months", evaluated, target="≤ 2,000 ms")
    for name, sql in (("the SQL of a person", by_hand), ("the SQL of a careful person", by_careful_hand)):
        baseline = report.time(name, partial(written, sql))
        report.note("  the product takes, of that", f"× {mine / baseline:.2f}", target="≤ 1.2")

    def judged_and_stored() -> None:
        with transaction.atomic():
            assess_all(criteria_set=criteria_set, window=window, on=NOW.date(), now=NOW)
            transaction.set_rollback(True)

    report.time("the same, verdicts made and stored from nothing", judged_and_stored, runs=5)
    assess_all(criteria_set=criteria_set, window=window, on=NOW.date(), now=NOW)
    report.time(
        "one figure saved, its unit's verdicts at once", one_figure(criteria_set), runs=31, target="≤ 30 ms"
    )
    report.show()
    Assessment.objects.filter(criteria_set=criteria_set).delete()


def one_figure(criteria_set: CriteriaSet) -> Callable[[], None]:
    """Work that changes one figure of one unit, back and forth, and with it two sets' verdicts."""
    unit = (
        Assessment.objects.filter(criteria_set=criteria_set)
        .order_by("unit")
        .values_list("unit", flat=True)[7]
    )
    indicator = Indicator.objects.get(code="patrols").pk
    period = library.calendar("nd09").period_ids(library.window("nd09:2026-10"))[0]
    if not Figure.objects.filter(unit=unit, indicator=indicator, period=period).exists():
        raise SystemExit("this unit sent no return")
    source = open_source(name="bench", actor="bench", is_synthetic=True)
    turn = iter(range(1_000_000))

    def save() -> None:
        record_figures([(period, unit, indicator, State.VALUE, Decimal(next(turn)))], source=source)

    return save


def sql_of_a_person(on: date, is_careful: bool = False) -> str:
    """Two windows of twelve months, one row per unit, a column per indicator, then the conditions.

    A careful person groups by unit and indicator first, so that the many columns are made from few rows.
    """
    codes, before = indicators()
    ids = dict(Indicator.objects.values_list("code", "id"))
    stocks = set(Indicator.objects.filter(over_time="last").values_list("code", flat=True))
    now, earlier = windows()
    used = ", ".join(str(ids[code]) for code in codes)
    conditions = ", ".join(condition for _, condition in criteria())
    columns = [
        (one_pass, two_passes)
        for names, periods, prefix, suffix in (
            (codes, now, "now", ""),
            (before, earlier, "before", "_before"),
        )
        for code in names
        for one_pass, two_passes in [
            column_sql(ids[code], periods, code in stocks, prefix, f"{column(code)}{suffix}")
        ]
    ]
    sums = f"""
        select unit, {", ".join(one_pass for one_pass, _ in columns)}
        from figure where period in ({listed(now + earlier)}) and indicator in ({used}) group by unit
    """
    if is_careful:
        sums = f"""
            select unit, {", ".join(two_passes for _, two_passes in columns)}
            from (
                select unit, indicator, {of_window("now", now)}, {of_window("before", earlier)}
                from figure where period in ({listed(now + earlier)}) and indicator in ({used})
                group by unit, indicator
            ) parts group by unit
        """
    return f"""
        with sums as ({sums})
        select p.unit_id, {conditions}
        from unit_position p left join sums on sums.unit = p.unit_id
        where p.level = 3 and p.valid @> date '{on}'
    """


def windows() -> tuple[list[int], list[int]]:
    """Ids of the twelve months, and of the twelve before."""
    calendar = library.calendar("nd09")
    window = library.tile(library.window(f"teams:{YEAR}"), "nd09", "month")
    assert window is not None
    earlier = calendar.year_ago(window)
    assert earlier is not None
    return calendar.period_ids(window), calendar.period_ids(earlier)


def column_sql(indicator: int, periods: list[int], is_stock: bool, prefix: str, name: str) -> tuple[str, str]:
    """An indicator's column, from the figures themselves and from sums by unit and indicator."""
    asked = periods[-1:] if is_stock else periods
    chosen = f"indicator = {indicator} and period in ({listed(asked)})"
    one_pass = (
        f"case when count(value) filter (where {chosen}) = {len(asked)} "
        f"then sum(value) filter (where {chosen}) end as {name}"
    )
    total, count = (
        (f"{prefix}_last", f"{prefix}_last_count") if is_stock else (f"{prefix}_sum", f"{prefix}_count")
    )
    two_passes = f"max({total}) filter (where indicator = {indicator} and {count} = {len(asked)}) as {name}"
    return one_pass, two_passes


def of_window(prefix: str, periods: list[int]) -> str:
    """Sum, count and last value of a window, for one unit and indicator."""
    within, last = f"period in ({listed(periods)})", f"period = {periods[-1]}"
    return (
        f"sum(value) filter (where {within}) as {prefix}_sum, "
        f"count(value) filter (where {within}) as {prefix}_count, "
        f"sum(value) filter (where {last}) as {prefix}_last, "
        f"count(value) filter (where {last}) as {prefix}_last_count"
    )


def listed(numbers: list[int]) -> str:
    """Numbers for an SQL list."""
    return ", ".join(map(str, numbers))


if __name__ == "__main__":
    main()
