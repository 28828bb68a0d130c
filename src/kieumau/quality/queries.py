"""Reads for the pages and the command: what the newest sweep found."""

from collections.abc import Iterable
from dataclasses import dataclass

from kieumau.calendars.library import calendar, decode
from kieumau.indicators.models import Indicator
from kieumau.kernel.messages import Text
from kieumau.quality.checks import BY_CODE, CHECKS
from kieumau.quality.models import Doubt, Sweep
from kieumau.quality.rules import Check, Severity
from kieumau.units.models import Term


@dataclass(frozen=True, slots=True)
class Result:
    """One check in one sweep. `count` is None where the check did not exist yet."""

    check: Check
    count: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """One place, in words. Names are None where the check is not about one."""

    sentence: Text
    unit_id: int | None
    unit: Text | None
    period: Text | None
    indicator: Text | None
    indicator_code: str = ""
    period_code: str = ""


def newest() -> Sweep | None:
    """The latest sweep; None before the first."""
    return Sweep.objects.first()


def results(sweep: Sweep) -> list[tuple[Severity, list[Result]]]:
    """Every check by severity, the worst first; within one those that found something first."""
    all_of = [Result(check, sweep.counts.get(check.code)) for check in CHECKS]
    return [
        (
            severity,
            sorted(
                (one for one in all_of if one.check.severity is severity),
                key=lambda one: -(one.count or 0),
            ),
        )
        for severity in Severity
    ]


def places(doubts: Iterable[Doubt]) -> list[Found]:
    """Doubts in words: units by their latest name, periods and indicators by title. Two queries."""
    rows = list(doubts)
    names: dict[int, Text] = {}
    for term in (
        Term.objects.filter(unit_id__in={row.unit for row in rows if row.unit})
        .select_related("kind")
        .order_by("valid")
    ):
        names[term.unit_id] = Text(vi=term.full_name("vi"), en=term.full_name("en"))
    found = list(Indicator.objects.filter(pk__in={row.indicator for row in rows if row.indicator}))
    indicators = {one.pk: Text(vi=one.name_vi, en=one.name_en) for one in found}
    codes = {one.pk: one.code for one in found}
    return [
        Found(
            BY_CODE[row.check_code].says(row.said),
            row.unit if row.unit in names else None,
            _named(names, row.unit),
            _period(row.period),
            _named(indicators, row.indicator),
            codes.get(row.indicator or 0, ""),
            _period_code(row.period),
        )
        for row in rows
    ]


def _named(names: dict[int, Text], number: int | None) -> Text | None:
    if number is None:
        return None
    return names.get(number, Text(vi=f"số {number}", en=f"number {number}"))


def _period_code(period: int | None) -> str:
    """As the address of a figure says it: 2026-11; empty where there is none."""
    try:
        window = decode(period or 0)
    except (KeyError, ValueError):
        return ""
    return calendar(window.calendar).period_code(window)


def _period(period: int | None) -> Text | None:
    if period is None:
        return None
    try:
        window = decode(period)
    except (KeyError, ValueError):
        return Text(vi=f"số {period}", en=f"number {period}")
    return calendar(window.calendar).label(window)
