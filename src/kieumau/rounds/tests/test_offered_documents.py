"""Which documents of the shelf are offered first on the page of a criterion."""

from datetime import date

import pytest
from django.utils import timezone

from kieumau.assessments.tests.cast import Cast
from kieumau.documents.models import Document
from kieumau.rounds.actions import add_evidence
from kieumau.rounds.dossier_page import page_of
from kieumau.rounds.models import Dossier
from kieumau.rounds.proof_page import proof_of
from kieumau.rounds.tests.cast import NOW, dossier_of, people, resolution

IN_TIME, LATE, LATER = date(2026, 2, 10), date(2026, 5, 5), date(2026, 6, 6)


@pytest.fixture
def dossier(kept_judged: Cast) -> Dossier:
    """That of Cái Khế: 1.1 asks for a resolution of the first quarter, 1.2 for no document."""
    return dossier_of(kept_judged)


@pytest.fixture
def shelf(dossier: Dossier) -> dict[str, Document]:
    """Put there in an order that is neither that of their days nor the one asked for."""
    rows = [
        ("plan, in time", IN_TIME, "plan"),
        ("plan, newest", LATER, "plan"),
        ("resolution, late", LATE, "resolution"),
        ("resolution, in time", IN_TIME, "resolution"),
    ]
    return {name: resolution(dossier.unit_id, day, kind) for name, day, kind in rows}


def offered(dossier: Dossier, shelf: dict[str, Document], code: str) -> list[str]:
    page = page_of(Dossier.objects.get(pk=dossier.pk), timezone.now())
    line = page.line(code)
    assert line is not None
    names = {document.pk: name for name, document in shelf.items()}
    return [names[one.document.pk] for one in proof_of(page, line, may_work=True).offered]


def test_those_of_the_kind_asked_for_come_first_and_those_of_its_days_before_all(
    dossier: Dossier, shelf: dict[str, Document]
) -> None:
    expected = ["resolution, in time", "resolution, late", "plan, newest", "plan, in time"]
    assert offered(dossier, shelf, "1.1") == expected


def test_so_they_do_where_one_is_pointed_at_already(dossier: Dossier, shelf: dict[str, Document]) -> None:
    actor = people().officer
    add_evidence(dossier.pk, criterion="1.1", document=shelf["plan, newest"], actor=actor, now=NOW)
    assert offered(dossier, shelf, "1.1") == ["resolution, in time", "resolution, late", "plan, in time"]


def test_where_none_is_asked_for_the_newest_come_first(dossier: Dossier, shelf: dict[str, Document]) -> None:
    expected = ["plan, newest", "resolution, late", "resolution, in time", "plan, in time"]
    assert offered(dossier, shelf, "1.2") == expected
