"""The form that opens a round: it blames the field that is wrong, the day that has passed, the units."""

import html
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.assessments.tests.cast import Cast
from kieumau.programmes.models import Programme
from kieumau.rounds.tests.test_office import typed
from kieumau.rounds.tests.test_pages import post, signed_in

MOST_QUERIES = 12


@pytest.fixture
def office(world: Cast, grant: Any) -> User:
    """The programme office of Cần Thơ."""
    made = User.objects.create_user("phong")
    grant(made, "programme_office", world.unit("Cần Thơ"))
    return made


def errors_of(answer: Any) -> dict[str, list[str]]:
    return {name: [str(one) for one in found] for name, found in answer.context["form"].errors.items()}


def looked_at(user: User, **given: Any) -> tuple[Any, int]:
    """The page that shows what would be opened, and its queries once a process has kept what it keeps."""
    client = signed_in(user)
    client.post(reverse("round_new"), given)
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(reverse("round_new"), given)
    return answer, len(queries)


NO_SET = {"criteria_set": ""}
# What is typed, the field that is blamed, and some of what is said of it.
BLAMED = [
    ({"period": "2026-13"}, "period", "“2026-13” is no period of this set, which is judged by the year"),
    ({"period": "2026-Q1"}, "period", "Write it like 2026."),
    ({"period": "năm nay"}, "period", "“năm nay” is no period of this set"),
    ({**NO_SET, "period": "năm nay", "with": "programme"}, "period", "“năm nay” is no period."),
    ({**NO_SET, "period": "1999", "with": "programme"}, "period", "has no criteria set for 1999"),
    ({**NO_SET, "period": "", "with": "programme"}, "period", "required"),
    (NO_SET, "criteria_set", "Choose a set"),
]


@pytest.mark.parametrize(("changes", "field", "said"), BLAMED)
def test_a_bad_period_is_blamed_on_the_period(
    world: Cast, office: User, changes: dict[str, str], field: str, said: str
) -> None:
    given = dict(changes)
    if given.pop("with", ""):
        made = Programme.objects.create(
            code="kieu-mau",
            name_vi="Kiểu mẫu",
            name_en="Model",
            title_vi="Kiểu mẫu",
            title_en="Model",
            legal_basis="KH",
            area_id=world.unit("Cần Thơ"),
            level=3,
            kinds=[],
            first_year=2023,
            last_year=2030,
            lasts_months=12,
            changed_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        made.sets.create(criteria_set=world.criteria_set, from_year=2023)
        given["programme"] = str(made.pk)
    answer = post(office, "round_new", **typed(world, **given))
    assert answer.status_code == 422
    found = errors_of(answer)
    assert list(found) == [field]
    assert said in found[field][0]


def test_the_stage_whose_day_has_passed_is_named(world: Cast, office: User) -> None:
    days = {"due_self": "2026-01-31", "due_verification": "2026-12-31"}
    text = html.unescape(post(office, "round_new", **typed(world, **days)).content.decode())
    assert "The last day of self-assessment (31 Jan 2026) lies in the past." in text
    assert "verification (" not in text
    of_level = {"due_verification_province": "2026-02-01", "due_verification_nation": "2026-02-02"}
    text = html.unescape(post(office, "round_new", **typed(world, **of_level)).content.decode())
    assert "The last day of verification for the provinces' offices (1 Feb 2026) lies in the past." in text
    assert "The last day of verification for the nation's offices (2 Feb 2026) lies in the past." in text


def test_the_units_are_named_before_it_is_opened(world: Cast, office: User) -> None:
    answer, queries = looked_at(office, **typed(world))
    assert "An Bình Ward, Cái Khế Ward" in " ".join(answer.content.decode().split())
    assert queries <= MOST_QUERIES


def test_of_several_provinces_each_names_its_first(world: Cast, grant: Any) -> None:
    nation = User.objects.create_user("bo")
    grant(nation, "programme_office", world.unit("Việt Nam"))
    answer, queries = looked_at(nation, **typed(world, area=world.unit("Việt Nam")))
    assert queries <= MOST_QUERIES
    parts = answer.context["foreseen"]
    assert sum(part.count for part in parts) == answer.context["expected"]
    assert len(parts) > 1
    assert all(part.names and part.province in answer.content.decode() for part in parts)
