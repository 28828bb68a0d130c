"""What the endpoints read, page by page; each page begins behind a key, and costs one or two queries."""

from datetime import date, timedelta
from typing import Any

from django.db.models import F

from kieumau.api.shapes import (
    CriterionOut,
    IndicatorOut,
    PeriodOut,
    Said,
    SetOut,
    UnitOut,
    WholeSet,
)
from kieumau.calendars.library import calendar, calendars, decode
from kieumau.calendars.models import Period
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.exports.rows import LEVEL_WORDS
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Text
from kieumau.units.models import Term
from kieumau.units.queries import search, terms


def said(text: Text) -> Said:
    """Both languages."""
    return Said(vi=text.vi, en=text.en)


def unit_out(row: Term) -> UnitOut:
    """A term with its kind and its place, as `units.queries.terms` gives it."""
    return UnitOut(
        id=row.unit_id,
        code=row.code,
        code_register=row.register,
        name=row.name,
        full_name=Said(vi=row.full_name("vi"), en=row.full_name("en")),
        level=LEVEL_WORDS[row.level],
        kind=row.kind_id,
        parent=row.parent_id,
        valid_from=row.valid.lower,
        valid_to=row.valid.upper,
    )


def units_after(
    on: date, within: str | None, level: int | None, after: int, limit: int
) -> tuple[list[UnitOut], str | None]:
    """Units of a day by their ids. One query."""
    rows = list(terms(on, within, level).filter(unit_id__gt=after).order_by("unit_id")[: limit + 1])
    return [unit_out(row) for row in rows[:limit]], str(rows[limit - 1].unit_id) if len(
        rows
    ) > limit else None


def units_like(words: str, on: date, within: str | None, level: int | None, limit: int) -> list[UnitOut]:
    """Units by name or code, best first; no further pages."""
    return [unit_out(row) for row in search(words, on, within, limit, level=level)]


def indicators_after(after: str, limit: int) -> tuple[list[IndicatorOut], str | None]:
    """Indicators by their codes. One query."""
    known = catalogue()
    codes = sorted(code for code in known if code > after)
    items = []
    for code in codes[:limit]:
        one = known[code]
        items.append(
            IndicatorOut(
                code=code, catalogue=one.catalogue, name=said(one.name), measure=said(one.measure),
                is_share=one.is_share, nature=one.nature, over_time=one.over_time, over_units=one.over_units,
                polarity=one.polarity, decimals=one.decimals, is_public=one.is_public, is_main=one.is_main,
                formula=one.formula, calendar=one.calendar, period_kind=one.period_kind, source=one.source,
            )
        )  # fmt: skip
    return items, codes[limit - 1] if len(codes) > limit else None


def periods_after(
    code: str, kind: str, first: date | None, last: date | None, after: int, limit: int
) -> tuple[list[PeriodOut], str | None]:
    """Periods by their ids, which follow calendar, year, kind and number. One query. Raises `Refused`."""
    numbers = (
        [calendar(code).definition.number]
        if code
        else [one.definition.number for one in calendars().values()]
    )
    rows = Period.objects.filter(calendar__number__in=numbers, id__gt=after).order_by("id")
    if kind:
        rows = rows.filter(kind=kind)
    if first:
        rows = rows.filter(ends_before__gt=first)
    if last:
        rows = rows.filter(starts_on__lte=last)
    found = list(rows.annotate(own=F("calendar__code"))[: limit + 1])
    items = []
    for row in found[:limit]:
        window = decode(row.pk)
        items.append(
            PeriodOut(
                calendar=window.calendar,
                code=row.code,
                kind=row.kind,
                start=row.starts_on,
                end=row.ends_before - timedelta(days=1),
                name=said(calendar(window.calendar).label(window)),
            )
        )
    return items, str(found[limit - 1].pk) if len(found) > limit else None


def set_out(row: CriteriaSet) -> dict[str, Any]:
    """The fields of a version."""
    return {
        "code": row.code,
        "version": row.version,
        "title": Said(vi=row.title_vi, en=row.title_en),
        "calendar": row.calendar,
        "period_kind": row.period_kind,
        "verification": row.verification,
        "in_force_from": row.in_force.lower,
        "in_force_to": row.in_force.upper,
    }


def sets() -> list[SetOut]:
    """Every version of every set. One query."""
    return [SetOut(**set_out(row)) for row in CriteriaSet.objects.defer("definition", "derived", "text")]


def whole_set(row: CriteriaSet) -> WholeSet:
    """A version with its criteria. No query: a version carries its definition."""
    criteria = [
        CriterionOut(
            code=one.code,
            kind=one.kind,
            title=said(one.title.text()),
            formula=getattr(one, "formula", "") or "",
        )
        for one in definition(row).criteria
    ]
    return WholeSet(**set_out(row), criteria=criteria)
