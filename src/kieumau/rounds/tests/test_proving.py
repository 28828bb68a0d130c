"""When a document proves a documented criterion, as a table."""

from datetime import date

import pytest

from kieumau.criteria.rules import CriterionDefinition, Documented, Judged
from kieumau.rounds.proving import Asking, Lack, Paper, said_of

NAME = {"vi": "Kế hoạch", "en": "Plan"}
YEAR = (date(2025, 11, 16), date(2026, 11, 16))  # 16 November 2025 to 15 November 2026
COMMON = {"code": "1", "title": NAME, "kind": "documented", "document": {"code": "plan", "name": NAME}}
QUARTER = {"from": {"month": 1, "day": 1}, "to": {"month": 3, "day": 31}}
ANY_DAY: CriterionDefinition = Documented.model_validate(COMMON)
FIRST_QUARTER: CriterionDefinition = Documented.model_validate({**COMMON, "window": QUARTER})
JUDGED: CriterionDefinition = Judged.model_validate(
    {"code": "1", "title": NAME, "kind": "judged", "question": NAME}
)
KIND, DATE, TIME, FILE = Lack.KIND, Lack.DATE, Lack.TIME, Lack.FILE

TABLE = [
    # what is asked, kind, dated, proves from … until, has a file?, what it lacks
    # A window of the set: by when it must have been issued.
    (FIRST_QUARTER, "plan", "2026-02-10", None, True, []),
    (FIRST_QUARTER, "plan", "2026-01-01", None, True, []),
    (FIRST_QUARTER, "plan", "2026-03-31", None, True, []),
    (FIRST_QUARTER, "plan", "2026-04-01", None, True, [DATE]),
    (FIRST_QUARTER, "plan", "2025-12-31", None, True, [DATE]),
    (FIRST_QUARTER, "report", "2026-02-10", None, True, [KIND]),
    # … and a file to look at.
    (FIRST_QUARTER, "plan", "2026-02-10", None, False, [FILE]),
    # … and a time that touches the period, where it says one: for the year, its rest, five years.
    (FIRST_QUARTER, "plan", "2026-02-10", "2026-01-01 2026-12-31", True, []),
    (FIRST_QUARTER, "plan", "2026-02-10", "2026-04-01 2026-12-31", True, []),
    (FIRST_QUARTER, "plan", "2026-02-10", "2025-01-01 2030-12-31", True, []),
    (FIRST_QUARTER, "plan", "2026-02-10", "2024-01-01 2024-12-31", True, [TIME]),
    (FIRST_QUARTER, "plan", "2026-02-10", "2027-01-01 2027-12-31", True, [TIME]),
    # A plan of May is no plan of the first quarter, whatever it is about.
    (FIRST_QUARTER, "plan", "2026-05-05", "2026-01-01 2026-12-31", True, [DATE]),
    # No window: its date, where it says nothing of the time that it proves.
    (ANY_DAY, "plan", "2026-05-05", None, True, []),
    (ANY_DAY, "plan", "2025-11-16", None, True, []),
    (ANY_DAY, "plan", "2026-11-15", None, True, []),
    (ANY_DAY, "plan", "2025-11-15", None, True, [DATE]),
    (ANY_DAY, "plan", "2026-11-16", None, True, [DATE]),
    # Where it says one, that: written after the year about the year, or years before and still in force.
    (ANY_DAY, "plan", "2026-11-20", "2025-11-16 2026-11-15", True, []),
    (ANY_DAY, "plan", "2021-03-01", "2021-01-01 2026-12-31", True, []),
    (ANY_DAY, "plan", "2026-02-10", "2024-11-16 2025-11-15", True, [TIME]),
    (ANY_DAY, "plan", "2026-02-10", "2024-11-16 2025-11-16", True, []),
    (ANY_DAY, "plan", "2026-02-10", "2026-11-15 2027-11-14", True, []),
    (ANY_DAY, "plan", "2026-02-10", "2026-11-16 2027-11-14", True, [TIME]),
    # Everything that is wrong, at once.
    (FIRST_QUARTER, "report", "2020-02-10", "2020-01-01 2020-12-31", False, [KIND, DATE, TIME, FILE]),
    # A criterion that a person judges asks for no document.
    (JUDGED, "photographs", "2020-02-10", None, False, []),
]


@pytest.mark.parametrize(("criterion", "kind", "issued_on", "proves", "has_file", "lacks"), TABLE)
def test_what_a_document_lacks(
    criterion: CriterionDefinition,
    kind: str,
    issued_on: str,
    proves: str | None,
    has_file: bool,
    lacks: list[Lack],
) -> None:
    first, last = (date.fromisoformat(day) for day in proves.split()) if proves else (None, None)
    before = date.fromordinal(last.toordinal() + 1) if last else None
    paper = Paper(kind, date.fromisoformat(issued_on), first, before, has_file)
    assert list(Asking(criterion, *YEAR).lacks(paper)) == lacks


def test_it_is_said_with_the_name_of_the_document() -> None:
    paper = Paper("plan", date(2026, 5, 5), None, None, has_file=False, name="15/KH-UBND")
    said = said_of(Asking(FIRST_QUARTER, *YEAR).lacks(paper), paper.name)
    assert said.en == "15/KH-UBND: not dated within the time asked for, no file to look at yet"
    assert said.vi == "15/KH-UBND: ngày ban hành nằm ngoài thời gian được hỏi, chưa có tệp nào để xem"
