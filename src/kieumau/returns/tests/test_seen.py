"""Submitting hands over what was seen: what others wrote meanwhile is shown first, and nothing is lost."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from kieumau.indicators.actions import open_source
from kieumau.indicators.actions.record import remove_figures
from kieumau.indicators.models import Figure
from kieumau.returns.actions import Typed, enter, open_periods
from kieumau.returns.models import Return
from kieumau.returns.tests.cast import OPENED, World, at
from kieumau.returns.tests.roads import ROADS
from kieumau.units.actions import load_rows

pytestmark = pytest.mark.django_db
Meanwhile = Callable[[World, datetime], None]


@pytest.fixture
def an(world: World, client: Client) -> Client:
    """An, signed in; the return is open."""
    Return.objects.update(locks_at=timezone.now() + timedelta(days=3))
    enter(world.report("C11").pk, {"people": Typed("900")}, actor=world.an, now=timezone.now())
    client.force_login(world.an)
    return client


def nothing(world: World, now: datetime) -> None:
    """Nobody did anything."""


def by_another(world: World, now: datetime) -> None:
    enter(world.report("C11").pk, {"people": Typed("931", was="900")}, actor=world.binh, now=now)


def by_file(world: World, now: datetime) -> None:
    ROADS["by file"](world, "C11", "2026-09", now)


def removed(world: World, now: datetime) -> None:
    source = open_source(name="thử", recorded_at=now)
    remove_figures([world.country.key("2026-09", "C11", "people")], source=source)


def the_same_again(world: World, now: datetime) -> None:
    world.country.record(("2026-09", "C11", "people", 900))


def elsewhere(world: World, now: datetime) -> None:
    world.country.record(("2026-09", "C12", "people", 7), ("2026-08", "C11", "people", 7))


# What happened between opening and submitting; is it submitted, and what is said beside the field?
MEANWHILE: list[tuple[Meanwhile, bool, str]] = [
    (nothing, True, ""),
    (the_same_again, True, ""),
    (elsewhere, True, ""),
    (by_another, False, "Trước đó bạn thấy 900; nay là 931."),
    (by_file, False, "Trước đó bạn thấy 900; nay là 931."),
    (removed, False, "Trước đó bạn thấy 900; nay là …."),
]


@pytest.mark.parametrize(("meanwhile", "is_submitted", "said"), MEANWHILE)
def test_what_was_not_seen_is_not_submitted(
    world: World, an: Client, meanwhile: Meanwhile, is_submitted: bool, said: str
) -> None:
    report = world.report("C11")
    typed = {"v-people": "900", "o-people": "900", "v-crime.occurred": "7", "o-crime.occurred": ""}
    typed |= {"v-crime.solved": "x", "o-crime.solved": "", "do": "submit", "version": str(report.version)}
    meanwhile(world, timezone.now())
    response = an.post(f"/bao-cao/{report.pk}/", typed)
    assert response.status_code == (302 if is_submitted else 409)
    assert (world.report("C11").state == "submitted") == is_submitted
    html = response.content.decode()
    assert said in html
    # What was typed is stored in any case.
    assert Figure.objects.get(indicator=world.country.indicators["crime.occurred"].id).value == 7
    if is_submitted:
        return
    # The page that said so may be submitted as it is, once every field has an answer.
    again = world.report("C11").version
    assert f'name="version" value="{again}"' in html
    now_there = "" if meanwhile is removed else "931"
    seen = {"v-people": now_there or "-", "o-people": now_there, "do": "submit", "version": str(again)}
    assert an.post(f"/bao-cao/{report.pk}/", seen).status_code == 302
    assert world.report("C11").state == "submitted"


def test_a_page_that_does_not_say_what_it_showed_submits_nothing(world: World, an: Client) -> None:
    full = {"v-people": "900", "o-people": "900", "v-crime.occurred": "7", "v-crime.solved": "x"}
    assert an.post(f"/bao-cao/{world.report('C11').pk}/", {**full, "do": "submit"}).status_code == 409
    assert world.report("C11").state == "draft"


@pytest.mark.parametrize("meanwhile", [nothing, by_another])
def test_saving_as_one_types_keeps_count_of_what_was_seen(
    world: World, an: Client, meanwhile: Meanwhile
) -> None:
    """The script is told the version that its own save made; not one in which something else was written."""
    report = world.report("C11")
    meanwhile(world, timezone.now())
    sent = {"v-crime.occurred": "7", "o-crime.occurred": "", "version": str(report.version)}
    response = an.post(f"/bao-cao/{report.pk}/", sent, headers={"accept": "application/json"})
    seen = json.loads(response.content)["version"]
    assert (seen == world.report("C11").version) == (meanwhile is nothing)
    sent = {"v-crime.solved": "x", "o-crime.solved": "", "version": str(seen), "do": "submit"}
    response = an.post(f"/bao-cao/{report.pk}/", sent)
    assert response.status_code == (302 if meanwhile is nothing else 409)


ROWS: list[tuple[str, Meanwhile, int]] = [
    ("nothing", nothing, 0),
    ("the same again", the_same_again, 0),
    ("other figures", elsewhere, 0),
    ("a form", by_another, 1),
    ("a file", by_file, 1),
    ("a removal", removed, 1),
]


@pytest.mark.parametrize(("name", "meanwhile", "steps"), ROWS)
def test_every_road_raises_the_version(
    world: World, an: Client, name: str, meanwhile: Meanwhile, steps: int
) -> None:
    before = world.report("C11").version
    meanwhile(world, timezone.now())
    assert world.report("C11").version == before + steps


def test_a_draft_that_an_import_has_filled_is_not_dropped(world: World, tmp_path: Path) -> None:
    """The tree is corrected: C21 and C22 had ended before the period's last day. Only one holds figures."""
    world.country.record(("2026-09", "C21", "people", 7))
    rows = [
        {"code": code, "name": name, "kind": "xa", "parent": "P2", "valid_from": "2020-01-01"}
        for code, name in (("C21", "Ea Súp"), ("C22", "Ê Đê"))
    ]
    parents = [
        {"code": "N", "name": "Nước Mẫu", "kind": "quoc-gia", "parent": ""},
        {"code": "P2", "name": "Đông Hải", "kind": "tinh", "parent": "N"},
    ]
    everything = [{**row, "valid_from": "2020-01-01", "valid_to": ""} for row in parents]
    everything += [{**row, "valid_to": "2026-09-01"} for row in rows]
    load_rows(everything, actor=None, register="m")
    assert open_periods(actor="thử", now=OPENED + timedelta(hours=1), since=date(2026, 9, 30)).dropped == 1
    assert Return.objects.filter(unit_id=world.country.units["C21"]).exists()
    assert not Return.objects.filter(unit_id=world.country.units["C22"]).exists()
    assert at("2026-10-01 07:00") == OPENED
