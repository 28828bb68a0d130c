"""A photograph that is evidence: seen small beside what is asked about it, by the same door, recorded."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from kieumau.accounts.models import User
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.documents.models import File, Reading
from kieumau.documents.small import SIDE
from kieumau.documents.tests import hostile
from kieumau.documents.tests.conftest import stored
from kieumau.rounds.actions import say, submit
from kieumau.rounds.models import Dossier
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, People, open_round
from kieumau.rounds.tests.test_evidence import Grant, cast, folder, sent
from kieumau.rounds.tests.test_pages import signed_in

__all__ = ["cast", "folder"]


class Clock:
    """What time it is."""

    now = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: made.now)
    return made


@pytest.fixture
def dossier(world: Cast, cast: People, folder: Path) -> Dossier:
    """That of Cái Khế, submitted with a photograph and a PDF as evidence of 1.1."""
    found = Dossier.objects.get(round=open_round(world), unit=world.unit("Cái Khế"))
    photo = hostile.photo(size=(1200, 900))
    sent(found, cast.officer, ("ảnh.jpg", photo), ("a.pdf", hostile.pdf()))
    for code in ("1.1", "1.2"):
        met = Said(Outcome.MET)
        say(found.pk, criterion=code, stage=Stage.SELF, said=met, seen=None, actor=cast.officer, now=NOW)
    submit(found.pk, actor=cast.officer, now=NOW)
    return found


def photo_of(dossier: Dossier) -> File:
    return File.objects.get(kind="jpeg")


def address(dossier: Dossier, file: File) -> str:
    return reverse("dossier_file", args=[dossier.pk, file.pk]) + "?nho=1"


def page_for(user: User, dossier: Dossier) -> str:
    answer = signed_in(user).get(reverse("dossier_criterion", args=[dossier.pk, "1.1"]))
    return answer.content.decode()


def test_who_judges_sees_it_and_nobody_else_opens_it_by_looking_at_the_page(
    dossier: Dossier, cast: People
) -> None:
    src = f'src="{address(dossier, photo_of(dossier))}"'
    shown = page_for(cast.verifier, dossier)
    assert shown.count(src) == shown.count("?nho=") == 1, "of the PDF there is none"
    assert 'width="240"' in shown
    assert 'height="180"' in shown
    assert 'loading="lazy"' in shown
    assert 'alt="Picture: ảnh.jpg"' in shown
    for other in (cast.officer, cast.appraiser):
        assert "?nho=" not in page_for(other, dossier)
    assert not Reading.objects.exists(), "the page alone opens nothing"


def test_it_is_drawn_small_and_nothing_of_it_stays(dossier: Dossier, cast: People, folder: Path) -> None:
    before, file = stored(folder), photo_of(dossier)
    answer = signed_in(cast.verifier).get(address(dossier, file))
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.format == "JPEG"
        assert max(picture.size) == SIDE
    assert answer["Content-Length"] == str(len(answer.content))
    assert len(answer.content) < file.size
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["Cache-Control"] == "private, no-store"
    assert stored(folder) == before


def test_it_is_recorded_once_a_day_for_the_dossier(dossier: Dossier, cast: People, clock: Clock) -> None:
    file, client = photo_of(dossier), signed_in(cast.verifier)

    def readings() -> list[tuple[str, str, int | None]]:
        rows = Reading.objects.order_by("pk")
        return list(rows.values_list("by", "sha256", "about_id"))

    own, others = ("minh", file.sha256, dossier.pk), ("quang", file.sha256, dossier.pk)
    client.head(address(dossier, file))
    assert readings() == []
    for _ in range(3):
        client.get(address(dossier, file))
    assert readings() == [own]
    signed_in(cast.appraiser).get(address(dossier, file))
    assert readings() == [own, others], "everybody by himself"
    assert b"".join(client.get(reverse("dossier_file", args=[dossier.pk, file.pk])))
    assert readings() == [own, others, own], "opened as it is: recorded every time"
    clock.now += timedelta(hours=8)  # midnight there lies between
    client = again(client, cast.verifier)
    client.get(address(dossier, file))
    assert readings() == [own, others, own, own]


def again(client: Client, user: User) -> Client:
    """He signs in anew: nobody stays for eight hours."""
    client.force_login(user)
    return client


def test_the_door_is_the_same(dossier: Dossier, cast: People, world: Cast, grant: Grant) -> None:
    far = User.objects.create_user("far")
    grant(far, "officer", world.unit("Sài Gòn"))
    file: Any = photo_of(dossier)
    for stranger in (far, cast.second_officer):
        assert signed_in(stranger).get(address(dossier, file)).status_code == 404
    assert Client().get(address(dossier, file)).status_code == 302
    paper = File.objects.get(kind="pdf")
    assert signed_in(cast.verifier).get(address(dossier, paper)).status_code == 404, "no picture"
    assert not Reading.objects.exists()


def test_where_the_store_has_lost_it_nothing_is_recorded_as_seen(
    dossier: Dossier, cast: People, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = photo_of(dossier)
    (kept,) = (one for one in folder.rglob(file.sha256) if one.is_file())
    kept.unlink()
    assert signed_in(cast.verifier).get(address(dossier, file)).status_code == 503
    assert not Reading.objects.exists()
