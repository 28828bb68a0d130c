"""What An Hưng reported: nine months of 2023 as published, with made-up counts behind the shares.

Crime down by nearly 17 % on the year, 79.5 % solved (very serious 97 %), every report handled. The rest of
2023 and 2024 is made up altogether. Every source is marked synthetic.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from kieumau.calendars.library import calendar
from kieumau.formulas.values import State
from kieumau.indicators.actions import load_catalogue, open_source, record_figures
from kieumau.indicators.models import Indicator, Source

CATALOGUE = "vn-commune"
MARK = "demo:an-hung"
Row = tuple[int, int, int, State, Decimal | None]

NINE_MONTHS = {
    "crime.very-serious": 33,
    "crime.serious": 20,
    "crime.property": 90,
    "crime.violence": 30,
    "crime.other": 27,
    "crime.solved": 159,
    "crime.very-serious-solved": 32,
    "tips.received": 120,
    "tips.resolved": 120,
    "traffic.accidents": 8,
    "traffic.deaths": 0,
    "traffic.injured": 5,
    "fire.count": 1,
    "fire.inspections": 30,
    "fire.drills": 2,
    "residence.applications": 900,
    "residence.on-time": 891,
    "services.online": 810,
    "patrols": 180,
    "petitions.received": 40,
    "petitions.on-time": 39,
    "officers.disciplined": 0,
}
NINE_MONTHS_BEFORE = {
    "crime.very-serious": 40,
    "crime.serious": 25,
    "crime.property": 105,
    "crime.violence": 38,
    "crime.other": 32,
    "traffic.accidents": 9,
    "traffic.deaths": 1,
    "traffic.injured": 6,
    "fire.count": 2,
}
STOCKS = {
    "areas.total": 10,
    "areas.registered": 10,
    "areas.recognised": 8,
    "agencies.total": 5,
    "agencies.registered": 5,
    "firms.total": 40,
    "firms.registered": 37,
    "schools.total": 4,
    "schools.registered": 4,
    "initiatives.running": 3,
    "teams.total": 10,
}
LAST_QUARTER = {code: count // 3 for code, count in NINE_MONTHS.items()}
# 2024: a little better in most things; rooms, equipment and the survey are asked for the first time.
NEXT_YEAR = {
    **{code: count * 5 // 4 for code, count in NINE_MONTHS.items() if not code.startswith("crime.")},
    "crime.very-serious": 38,
    "crime.serious": 23,
    "crime.property": 104,
    "crime.violence": 35,
    "crime.other": 31,
    "crime.solved": 190,
    "crime.very-serious-solved": 37,
    "traffic.accidents": 9,
    "residence.applications": 1150,
    "residence.on-time": 1141,
    "services.online": 1040,
    "petitions.received": 52,
    "petitions.on-time": 51,
    "survey.returned": 400,
    "survey.satisfied": 371,
}
NEXT_STOCKS = {
    **STOCKS,
    "firms.registered": 40,
    "officers.total": 16,
    "officers.trained": 15,
    "premises.citizens-room": 26,
    "premises.meeting-room": 14,
    "equipment.required": 120,
    "equipment.held": 104,
}


def report(
    ward: int, months: tuple[str, str], flows: Mapping[str, int], stocks: Mapping[str, int], now: datetime
) -> int:
    """Figures of the ward for a run of months, as one source; how many were stored. Once is enough.

    Flows are totals of the run and spread over its months, to the last unit; stocks stand at each end.
    """
    name = f"Công an phường An Hưng, {months[0]} – {months[1]} (giả lập)"
    if Source.objects.filter(mapping=MARK, name=name).exists():
        return 0
    load_catalogue(CATALOGUE, actor=MARK)
    source = open_source(
        name=name,
        mapping=MARK,
        recorded_at=now,
        recorded_by="an-hung.can-bo",
        register="vn",
        is_synthetic=True,
    )
    recorded = record_figures(_rows(ward, months, flows, stocks), source=source)
    return recorded.inserted + recorded.revised


def _rows(
    ward: int, months: tuple[str, str], flows: Mapping[str, int], stocks: Mapping[str, int]
) -> Iterator[Row]:
    indicators = dict(Indicator.objects.filter(catalogue=CATALOGUE).values_list("code", "id"))
    nd09 = calendar("nd09")
    windows = nd09.windows("month", nd09.window(months[0]), nd09.window(months[1]))
    for number, window in enumerate(windows):
        [period] = nd09.period_ids(window)
        for code, total in flows.items():
            part = total * (number + 1) // len(windows) - total * number // len(windows)
            yield period, ward, indicators[code], State.VALUE, Decimal(part)
        for code, count in stocks.items():
            yield period, ward, indicators[code], State.VALUE, Decimal(count)
