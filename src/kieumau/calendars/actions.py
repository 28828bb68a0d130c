"""Making the rows of calendars and periods from their definitions."""

from django.db import transaction

from kieumau.calendars.library import calendars
from kieumau.calendars.models import Calendar, Period
from kieumau.calendars.rules import FIRST_YEAR, KINDS, LAST_YEAR
from kieumau.calendars.rules import Calendar as CalendarRules


@transaction.atomic
def load_calendars() -> int:
    """Bring the rows in line with `library/calendars`; how many period rows were new.

    Periods are made for every year from FIRST_YEAR to LAST_YEAR. A calendar whose bounds changed gets
    its periods' dates corrected; ids never change because they are computed.
    """
    before = Period.objects.count()
    for rules in calendars().values():
        definition = rules.definition
        row, _ = Calendar.objects.update_or_create(
            code=rules.code,
            defaults={
                "number": definition.number,
                "name_vi": definition.name.vi,
                "name_en": definition.name.en,
                "time_zone": definition.time_zone,
                "cut_time": definition.cut_time,
            },
        )
        rows = _period_rows(rules, row)
        known = dict(Period.objects.filter(calendar=row).values_list("id", "starts_on"))
        if any(known.get(period.id) != period.starts_on for period in rows):
            Period.objects.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=["starts_on", "ends_before", "code", "parent"],
            )
    return Period.objects.count() - before


def _period_rows(rules: CalendarRules, calendar: Calendar) -> list[Period]:
    """Rows of one calendar, longer periods first so that parents exist before their parts."""
    rows = []
    for kind in sorted(rules.definition.kinds, key=lambda kind: -KINDS[kind][1]):
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            for number in range(1, rules.per_year(kind) + 1):
                window = rules.period(kind, year, number)
                starts_on, ends_before = rules.bounds(window)
                rows.append(
                    Period(
                        id=rules.period_id(kind, year, number),
                        calendar=calendar,
                        kind=kind,
                        code=rules.period_code(window),
                        year=year,
                        number=number,
                        starts_on=starts_on,
                        ends_before=ends_before,
                        parent_id=_parent_id(rules, kind, year, number),
                    )
                )
    return rows


def _parent_id(rules: CalendarRules, kind: str, year: int, number: int) -> int | None:
    """The next longer period of the year that holds this one whole (nine months belong to the year)."""
    months = KINDS[kind][1]
    longer = [
        other
        for other in rules.definition.kinds
        if KINDS[other][1] > months and KINDS[other][1] % months == 0 and rules.tiles_year(other)
    ]
    if kind == "nine_months" and "year" in rules.definition.kinds:
        longer = ["year"]
    if not longer:
        return None
    parent = min(longer, key=lambda other: KINDS[other][1])
    return rules.period_id(parent, year, (number - 1) * months // KINDS[parent][1] + 1)
