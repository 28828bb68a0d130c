"""A decision is looked over before it is recorded, and its file can be put on a shelf on the way."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.audit.models import Entry
from kieumau.awards.models import Title
from kieumau.awards.tests.cast import appraise, verified_in_programme
from kieumau.documents.models import Document
from kieumau.notices.models import Notice
from kieumau.rounds.models import Dossier
from kieumau.rounds.tests.cast import People, people

TYPED = {"reference": "77/QĐ-BCA", "decided_on": "2026-11-22", "issuer": "Bộ Công an", "do": "recognize"}
TYPED |= {"starts_on": "2026-11-20", "certificate": "CN-07"}
WHY = "Đã khắc phục xong"


@pytest.fixture
def cast(world: Cast, grant: Callable[..., Any]) -> People:
    made = people()
    grant(made.appraiser, "programme_office")
    return made


@pytest.fixture
def dossier(world: Cast, cast: People) -> Dossier:
    """Found not met in the end: recognizing goes against it."""
    return appraise(verified_in_programme(world, cast), cast, Outcome.NOT_MET)


@pytest.fixture
def client(cast: People) -> Client:
    made = Client()
    made.cookies["django_language"] = "en"
    made.force_login(cast.appraiser)
    return made


def state_of(dossier: Dossier) -> str:
    return str(Dossier.objects.get(pk=dossier.pk).state)


def test_everything_is_shown_and_nothing_recorded_until_it_is_said_twice(
    dossier: Dossier, client: Client
) -> None:
    address = reverse("dossier_decision", args=[dossier.pk])
    before = Entry.objects.count(), Notice.objects.count()
    looked = client.post(address, TYPED | {"why": WHY})
    assert looked.status_code == 200
    text = looked.content.decode()
    for one in (
        "Cái Khế Ward",
        "Model ward police",
        "77/QĐ-BCA",
        "20 Nov 2026",
        "19 Nov 2027",  # as long as the programme says
        "CN-07",
        "0 of 5 criteria met",
        "Recognized although the set&#x27;s own rule does not find it met.",
        WHY,
    ):
        assert one in text
    assert not Title.objects.exists()
    assert state_of(dossier) == "concluded"
    assert (Entry.objects.count(), Notice.objects.count()) == before
    again = client.post(address, TYPED | {"why": WHY, "step": "edit"}).content.decode()
    assert 'value="77/QĐ-BCA"' in again
    assert WHY in again
    kept = client.post(address, TYPED | {"why": WHY, "step": "record"})
    assert kept["location"] == reverse("title", args=[Title.objects.get().pk])


def test_what_bars_it_is_said_before_it_is_looked_over(dossier: Dossier, client: Client) -> None:
    address = reverse("dossier_decision", args=[dossier.pk])
    bare = client.post(address, TYPED)
    assert bare.status_code == 422
    text = bare.content.decode()
    assert "Say why." in text
    assert 'value="77/QĐ-BCA"' in text


def test_not_recognizing_is_looked_over_too(dossier: Dossier, client: Client) -> None:
    address = reverse("dossier_decision", args=[dossier.pk])
    said = TYPED | {"do": "decline", "reason": "Có vụ án nghiêm trọng"}
    text = client.post(address, said).content.decode()
    assert "Look it over: not recognized" in text
    assert "Có vụ án nghiêm trọng" in text
    assert state_of(dossier) == "concluded"
    assert client.post(address, said | {"step": "record"}).status_code == 302
    assert state_of(dossier) == "decided"


def test_the_file_of_the_decision_is_put_on_a_shelf_on_the_way(
    dossier: Dossier, client: Client, world: Cast
) -> None:
    """To the shelf of the province and back: what was typed is there again, with the document chosen."""
    address, shelf = reverse("dossier_decision", args=[dossier.pk]), world.unit("Cần Thơ")
    page = client.get(address).content.decode()
    for place in ("Việt Nam", "Cần Thơ", "Cái Khế"):
        assert f'value="{world.unit(place)}"' in page
    away = client.post(address, TYPED | {"why": WHY, "shelf": shelf})
    there = urlsplit(away["location"])
    assert there.path == reverse("document_new", args=[shelf])
    back = parse_qs(there.query)["ve"][0]
    assert back == f"{address}?tiep=1"
    said = {"kind": "decision", "reference": "77/QĐ-BCA", "issued_on": "2026-11-22", "issuer": "Bộ Công an"}
    said["summary"] = "Công nhận"
    filed = client.post(away["location"], said)
    document = Document.objects.get(unit=shelf, kind="decision")
    assert filed["location"] == f"{back}&van-ban={document.pk}"
    form = client.get(filed["location"]).context["form"]
    for name in ("reference", "issuer", "why", "certificate"):
        assert form[name].value() == (TYPED | {"why": WHY})[name]
    assert f'<option value="{document.pk}" selected>' in str(form["document"])


ELSEWHERE = ["https://example.org/", "//example.org/", "javascript:alert(1)", "", "danh-hieu/"]


@pytest.mark.parametrize("there", ELSEWHERE)
def test_nobody_is_sent_to_another_site(client: Client, world: Cast, there: str) -> None:
    shelf = world.unit("Cần Thơ")
    said = {"kind": "decision", "reference": "77/QĐ-BCA", "issued_on": "2026-11-22", "issuer": "Bộ Công an"}
    said["summary"] = "Công nhận"
    filed = client.post(reverse("document_new", args=[shelf], query={"ve": there}), said)
    document = Document.objects.get(unit=shelf, kind="decision")
    assert filed["location"] == reverse("document", args=[document.pk])


def test_a_dossier_on_its_way_says_so_instead_of_a_form(world: Cast, cast: People, client: Client) -> None:
    found = verified_in_programme(world, cast)
    text = client.get(reverse("dossier_decision", args=[found.pk])).content.decode()
    assert "Nothing can be decided yet" in text
    assert 'name="reference"' not in text
