"""A new document as evidence: whatever is wrong with it is said at once, and nothing is saved."""

from pathlib import Path

import pytest

from kieumau.assessments.tests.cast import Cast
from kieumau.documents.models import Document
from kieumau.documents.tests import hostile
from kieumau.rounds.models import Dossier
from kieumau.rounds.tests.cast import People, open_round
from kieumau.rounds.tests.test_evidence import cast, folder, sent

__all__ = ["cast", "folder"]

KIND, DATE = "not of the kind asked for", "not dated within the time asked for"
TIME, FILE = "proves a time outside the period assessed", "no file to look at yet"
BACKWARDS, HALF = "ends before it begins", "needs its first and its last day"
NO_SUMMARY, NO_DAY = "This field is required.", "Enter a valid date."
ALL = (KIND, DATE, TIME, FILE, BACKWARDS, HALF)
LATE, OF_2024 = {"issued_on": "2026-05-05"}, {"proves_from": "2024-01-01", "proves_until": "2024-12-31"}
OF_NO_TIME = {"proves_from": "2026-06-30", "proves_until": "2026-06-01"}

# Criterion 1.1 asks for a resolution of the first quarter of 2026. What is typed, with a file?, what is said.
CASES = [
    (LATE, True, {DATE}),
    ({**LATE, **OF_NO_TIME}, True, {DATE, BACKWARDS}),
    ({**LATE, **OF_NO_TIME, "kind": "plan"}, False, {KIND, DATE, FILE, BACKWARDS}),
    ({**OF_2024, "kind": "plan"}, True, {KIND, TIME}),
    ({**OF_2024, "proves_until": "", "kind": "plan"}, True, {KIND, HALF}),
    ({**OF_NO_TIME, "knowing": "1"}, True, {BACKWARDS}),
    ({**LATE, "kind": "plan", "summary": ""}, True, {KIND, DATE, NO_SUMMARY}),
    ({**OF_NO_TIME, "kind": "plan", "summary": ""}, True, {KIND, BACKWARDS, NO_SUMMARY}),
    ({"kind": "plan", "issued_on": "hôm qua"}, True, {NO_DAY}),
]


@pytest.fixture
def dossier(world: Cast) -> Dossier:
    return Dossier.objects.get(round=open_round(world), unit=world.unit("Cái Khế"))


@pytest.mark.parametrize(("typed", "has_file", "said"), CASES)
def test_all_that_is_wrong_is_said_at_once(
    dossier: Dossier, cast: People, folder: Path, typed: dict[str, str], has_file: bool, said: set[str]
) -> None:
    files = [("a.pdf", hostile.pdf())] if has_file else []
    answer = sent(dossier, cast.officer, *files, **typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert {one for one in (*ALL, NO_SUMMARY, NO_DAY) if one in text} == said
    assert not Document.objects.exists()


def test_what_is_only_not_asked_for_is_added_knowingly(dossier: Dossier, cast: People, folder: Path) -> None:
    answer = sent(dossier, cast.officer, ("a.pdf", hostile.pdf()), **LATE, **OF_NO_TIME)
    assert "Add it all the same" in answer.content.decode()
    slips = [one.text for one in answer.context["slips"]]
    assert sent(dossier, cast.officer, kept=slips, knowing="1", **LATE).status_code == 302
    assert Document.objects.get().files.get().name == "a.pdf"
