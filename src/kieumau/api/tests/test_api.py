"""The read API: closed without a token, exact numbers as strings, pages that begin behind a key."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kieumau.accounts.models import User
from kieumau.accounts.tokens import make_token, revoke_token
from kieumau.assessments.actions import assess_all
from kieumau.assessments.tests.world import AFTER_THE_END, NOW, QUARTER, World, complete, set_text
from kieumau.exports import blocks
from kieumau.quality.tests.country import Country
from kieumau.units.actions import load_rows

FIGURES = "/api/v1/figures?indicators=theft,theft.share&period=2025-06..2025-07"
ADDRESSES = [
    "/api/v1/units",
    "/api/v1/units/1",
    "/api/v1/indicators",
    "/api/v1/periods?calendar=civil&kind=month",
    FIGURES,
    "/api/v1/criteria-sets",
    "/api/v1/criteria-sets/small/1",
    "/api/v1/verdicts?criteria_set=small&version=1&period=2025-Q4",
]
pytestmark = pytest.mark.django_db


def pages(client: Client, address: str, limit: int) -> list[Any]:
    """All items, page by page."""
    found, after = [], ""
    for _ in range(500):
        response = client.get(f"{address}{'&' if '?' in address else '?'}limit={limit}{after}")
        assert response.status_code == 200, response.content
        page = response.json()
        assert len(page["items"]) <= limit
        found += page["items"]
        if page["next"] is None:
            return found
        after = f"&after={page['next']}"
    raise AssertionError("pages without end")


@override_settings(KIEUMAU_OPEN_READING=False)
def test_nothing_is_read_without_a_token(client: Client) -> None:
    for address in ADDRESSES:
        response = client.get(address)
        assert response.status_code == 401, address
        (problem,) = response.json()["problems"]
        assert problem["code"] == "token-needed"
        assert problem["vi"] != problem["en"]


@override_settings(KIEUMAU_OPEN_READING=False)
def test_a_token_that_ended_opens_nothing() -> None:
    now = timezone.now()
    _, old = make_token(name="old", days=1, actor="tests", now=now - timedelta(days=2))
    _, gone = make_token(name="gone", days=1, actor="tests", now=now)
    revoke_token(name="gone", now=now)
    for secret in (old, gone, "km_x", ""):
        headers = {"Authorization": f"Bearer {secret}"}
        assert Client(headers=headers).get("/api/v1/indicators").status_code == 401


def test_people_who_signed_in_and_open_installations_read_too(client: Client) -> None:
    with override_settings(KIEUMAU_OPEN_READING=True):
        assert client.get("/api/v1/indicators").status_code == 200
    with override_settings(KIEUMAU_OPEN_READING=False):
        client.force_login(User.objects.create_user("an"))
        assert client.get("/api/v1/indicators").status_code == 200


def test_it_is_described_and_only_reads(program: Client) -> None:
    described = program.get("/api/v1/openapi.json").json()
    assert all(set(methods) == {"get"} for methods in described["paths"].values())
    assert len(described["paths"]) == 8
    assert program.get("/api/v1/docs").status_code == 404
    assert program.post("/api/v1/indicators").status_code == 405


def test_units_of_a_day(program: Client, country: Country) -> None:
    before = pages(program, "/api/v1/units?on=2025-06-30&level=commune&within=P1", 5)
    assert {one["code"] for one in before} == {f"A{number:02}" for number in range(1, 15)}
    assert before[0]["valid_from"] == "2024-01-01"
    today = {one["code"] for one in pages(program, "/api/v1/units?on=2025-07-01&within=P1", 5)}
    assert today == {"P1", "A15", *(f"A{number:02}" for number in range(1, 13))}
    found = program.get("/api/v1/units?search=binh minh&on=2025-07-01").json()["items"]
    assert [one["code"] for one in found] == ["P1"]
    for level, count in (("commune", 25), ("province", 0)):
        found = program.get(f"/api/v1/units?search=pho&on=2025-07-01&level={level}&limit=100").json()["items"]
        assert len(found) == count, level
    one = program.get(f"/api/v1/units/{country.units['A15']}?on=2026-01-01").json()
    assert one["full_name"] == {"vi": "Phường Phố A15", "en": "Phố A15 Ward"}
    assert program.get(f"/api/v1/units/{country.units['A15']}?on=2025-01-01").status_code == 404


def test_the_catalogue_and_the_periods(program: Client, country: Country) -> None:
    codes = [one["code"] for one in pages(program, "/api/v1/indicators", 3)]
    assert codes == sorted(codes)
    assert {"theft", "theft.share"} <= set(codes)
    months = pages(program, "/api/v1/periods?calendar=civil&kind=month&from=2025-03-31&to=2025-06-01", 2)
    assert [one["code"] for one in months] == ["2025-03", "2025-04", "2025-05", "2025-06"]
    assert months[0]["end"] == "2025-03-31"
    assert program.get("/api/v1/periods?calendar=x").status_code == 400


@pytest.mark.parametrize("most_cells", [3, 40, 8_000])
@pytest.mark.parametrize("on", ["reported", "today"])
def test_pages_of_figures_make_up_the_whole(
    program: Client, country: Country, on: str, most_cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{FIGURES}&map={on}"
    whole = program.get(f"{address}&limit=2000").json()
    assert whole["next"] is None
    monkeypatch.setattr(blocks, "MOST_CELLS", most_cells)
    for limit in (1, 7, 1_000) if most_cells == 40 else (7, 1_000):
        some = pages(program, address, limit)
        assert len(some) == len(whole["items"])

        def key(one: dict[str, Any]) -> tuple[str, ...]:
            return one["period"], one["unit"], one["indicator"]

        assert sorted(some, key=key) == sorted(whole["items"], key=key)


def test_a_figure_says_everything_and_is_exact(program: Client, country: Country) -> None:
    items = program.get(f"{FIGURES}&map=today&language=en&limit=2000").json()["items"]
    merged = {one["indicator"]: one for one in items if one["unit"] == "A15" and one["period"] == "2025-06"}
    assert merged["theft"]["comparability"] == "whole-predecessors"
    assert merged["theft"]["comparability_note"] == "whole predecessors added"
    assert isinstance(merged["theft"]["value"], str)
    assert merged["theft"]["source"] == "báo cáo tháng"


def test_a_page_of_figures_costs_the_same_wherever_it_is(program: Client, country: Country) -> None:
    first = program.get(f"{FIGURES}&limit=10").json()
    later = program.get(f"{FIGURES}&limit=91").json()["next"]

    def cost(after: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert program.get(f"{FIGURES}&limit=10&after={after}").status_code == 200
        return len(queries)

    assert cost(later) <= cost(first["next"]) + 1 <= 25


@pytest.mark.parametrize(
    ("question", "status", "code"),
    [
        ("figures?indicators=x&period=2025-06", 400, "unknown-indicator"),
        ("figures?indicators=theft&period=2025-06&level=hamlet", 422, "bad-parameter"),
        ("figures?indicators=theft", 422, "bad-parameter"),
        ("figures?indicators=theft&period=%00", 422, "bad-parameter"),
        ("figures?indicators=theft&period=1990-01..2080-01", 400, "too-many-periods"),
        ("figures?indicators=theft&period=2025-06&after=1.2", 400, "stale-cursor"),
        ("figures?indicators=theft&period=2025-06&after=civil:2025-06.1.theft~00", 400, "stale-cursor"),
        ("figures?indicators=theft&period=2025-06&known_on=2199-01-01", 400, "day-to-come"),
        ("units?after=17", 400, "stale-cursor"),
        ("figures?indicators=theft&period=2025-06&limit=100000", 422, "bad-parameter"),
        ("units?within=P9", 404, "unknown-unit"),
        ("units?on=yesterday", 422, "bad-parameter"),
        ("units/99999999999", 404, "not-there"),
        ("units?after=99999999999", 400, "stale-cursor"),
    ],
)
def test_what_is_wrong_is_said_in_both_languages(
    program: Client, country: Country, question: str, status: int, code: str
) -> None:
    response = program.get(f"/api/v1/{question}")
    assert response.status_code == status, response.content
    problem = response.json()["problems"][0]
    assert problem["code"] == code
    assert problem["vi"]
    assert problem["en"]


QUESTIONS = [
    ("units?on=2025-07-01", "units?on=2025-06-30"),
    ("units?on=2025-07-01", "units?on=2025-07-01&level=commune"),
    ("indicators?", "periods?calendar=civil"),
    ("periods?calendar=civil&kind=month", "periods?calendar=civil&kind=year"),
    ("figures?indicators=theft&period=2025-06", "figures?indicators=theft&period=2025-07"),
    ("figures?indicators=theft&period=2025-06", "figures?indicators=theft&period=2025-06&map=today"),
    ("figures?indicators=theft&period=2025-06", "figures?indicators=theft,fraud&period=2025-06"),
    (
        "figures?indicators=theft&period=2026-06",
        "figures?indicators=theft&period=2026-06&known_on=2026-07-06",
    ),
]


@pytest.mark.parametrize(("question", "other"), QUESTIONS)
def test_a_cursor_belongs_to_its_question(
    program: Client, country: Country, question: str, other: str
) -> None:
    after = program.get(f"/api/v1/{question}&limit=2").json()["next"]
    assert program.get(f"/api/v1/{question}&limit=5&after={after}").status_code == 200
    refused = program.get(f"/api/v1/{other}&limit=2&after={after}")
    assert refused.status_code == 400
    (problem,) = refused.json()["problems"]
    assert problem["code"] == "stale-cursor"
    assert "không thuộc câu hỏi này" in problem["vi"]
    assert "does not belong to this question" in problem["en"]


def test_figures_as_known_and_of_a_year_ago(program: Client, country: Country) -> None:
    address = "/api/v1/figures?indicators=theft&period=2026-05&map=today&language=en&limit=1"
    (now,) = program.get(address).json()["items"]
    assert isinstance(now["year_ago"], str)
    assert isinstance(now["change"], str)
    assert (now["year_ago_comparability"], now["known_on"]) == ("same-territory", None)
    answer = program.get(f"{address}&known_on=2026-07-01").json()
    (then,) = answer["items"]
    assert (then["state"], then["value"], then["known_on"]) == ("missing", None, "2026-07-01")
    assert all(note["vi"] and note["en"] for note in answer["notes"])
    (without,) = program.get(f"{address}&year_ago=false").json()["items"]
    assert without["year_ago"] is None


def test_a_merged_unit_stands_with_the_verdicts_of_its_predecessors(program: Client, tmp_path: Path) -> None:
    world = World(tmp_path)
    world.record(complete("C11", crime=(4, 4, 4)))
    criteria_set = world.publish(set_text("small"))
    assess_all(criteria_set=criteria_set, window=QUARTER, on=AFTER_THE_END, now=NOW)
    for code in ("C11", "C12"):
        world.end(code, "2026-03-01")
    new = {"code": "C15", "name": "C15", "kind": "phuong", "parent": "P1", "valid_from": "2026-03-01"}
    pair = {"act": "m", "takes_effect_on": "2026-03-01", "successor": "C15", "share": "1", "basis": "whole"}
    acts = [{**pair, "predecessor": code} for code in ("C11", "C12")]
    load_rows([new], acts, actor=None, register="m")
    address = "/api/v1/verdicts?criteria_set=small&version=1&period=2025-Q4&language=en"
    as_judged = {one["unit"]: one for one in pages(program, address, 3)}
    assert {one["comparability"] for one in as_judged.values()} == {"as-reported"}
    today = pages(program, f"{address}&map=today", 1)
    merged = [one for one in today if one["unit"] == "C15"]
    assert [(one["judged_unit"], one["share"], one["comparability"]) for one in merged] == [
        ("C11", "1", "not-comparable"),
        ("C12", "1", "not-comparable"),
    ]
    for one in merged:
        assert one["findings"] == as_judged[one["judged_unit"]]["findings"]
    assert {one["comparability"] for one in today if one["unit"] == "C13"} == {"same-territory"}
    for day, count in (("2026-01-19", 0), ("2026-01-21", 8)):
        response = program.get(f"{address}&known_on={day}")
        found = response.json().get("items", [])
        assert len(found) == count, (day, response.content)


def test_verdicts_with_all_their_criteria(program: Client, tmp_path: Path) -> None:
    world = World(tmp_path)
    world.record(complete("C11", crime=(4, 4, 4)))
    criteria_set = world.publish(set_text("small"))
    assess_all(criteria_set=criteria_set, window=QUARTER, on=AFTER_THE_END, now=NOW)
    address = "/api/v1/verdicts?criteria_set=small&version=1&period=2025-Q4"
    found = pages(program, address, 3)
    assert [one["unit"] for one in found] == ["C11", "C12", "C13", "C14", "C21", "C22", "C23", "C24"]
    outcomes = {one["criterion"]: one["outcome"] for one in found[0]["findings"]}
    assert outcomes == {code: outcome.key for code, outcome in world.outcomes(criteria_set, "C11").items()}
    assert [one["unit"] for one in pages(program, f"{address}&within=P2", 3)] == ["C21", "C22", "C23", "C24"]
    whole = program.get("/api/v1/criteria-sets/small/1").json()
    assert whole["criteria"][0]["formula"] == "recognised / areas >= 70%"
    assert [one["code"] for one in pages(program, "/api/v1/criteria-sets", 9)] == ["small"]
    for wrong, status in (("version=2&period=2025-Q4", 404), ("version=1&period=2025-10", 400)):
        assert program.get(f"/api/v1/verdicts?criteria_set=small&{wrong}").status_code in {status, 400}
