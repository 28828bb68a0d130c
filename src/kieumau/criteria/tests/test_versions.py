"""Versions: published once, found by date, changed by nobody."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from kieumau.calendars.library import window
from kieumau.criteria import queries
from kieumau.criteria.actions import load_set
from kieumau.criteria.models import CriteriaSet, Criterion
from kieumau.criteria.page_queries import versions
from kieumau.criteria.tests.sets import SMALL
from kieumau.kernel.messages import Refused

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
# Criteria without figures: versions need no indicators.
PLAIN = SMALL.replace("kind: measured", "kind: judged\n    question: {vi: Được không?, en: Is it?}").replace(
    "    formula: areas.recognised / areas.total >= 70%\n", ""
)


def load(folder: Path, text: str) -> CriteriaSet:
    """Publish a text."""
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return load_set(path, actor="test", now=NOW)


def test_the_same_text_is_the_same_version(tmp_path: Path) -> None:
    first = load(tmp_path, PLAIN)
    again = load(tmp_path, "# a remark\n" + PLAIN)
    assert (first.version, first.loaded_at, again) == (1, NOW, first)
    assert CriteriaSet.objects.count() == 1


def test_a_changed_text_is_the_next_version_and_the_older_stays(tmp_path: Path) -> None:
    first = load(tmp_path, PLAIN)
    before = CriteriaSet.objects.filter(pk=first.pk).values().get()
    second = load(tmp_path, PLAIN.replace("There is a plan", "There is a good plan"))
    assert second.version == 2
    assert CriteriaSet.objects.filter(pk=first.pk).values().get() == before
    assert queries.definition(first).criteria[0].title.en == "There is a plan"
    assert queries.definition(second).criteria[0].title.en == "There is a good plan"


def test_going_back_to_an_older_text_is_a_version_of_its_own(tmp_path: Path) -> None:
    load(tmp_path, PLAIN)
    load(tmp_path, PLAIN.replace("There is a plan", "Another"))
    assert load(tmp_path, PLAIN).version == 3


def test_which_version_is_in_force_is_derived(tmp_path: Path) -> None:
    """2022 to 2024 the first, from 2025 the second, although the first was never closed."""
    first = load(tmp_path, PLAIN)
    second = load(tmp_path, PLAIN.replace("from: 2022-01-01", "from: 2025-01-01"))
    closed = load(tmp_path, PLAIN.replace("from: 2022-01-01", "from: 2030-01-01, to: 2030-12-31"))
    table = [
        (date(2022, 1, 1), first),
        (date(2024, 12, 31), first),
        (date(2025, 1, 1), second),
        (date(2030, 12, 31), closed),
        (date(2031, 1, 1), second),
    ]
    for day, expected in table:
        assert queries.current("small", day) == expected, day


def test_the_version_for_a_period_is_the_one_in_force_on_its_last_day(tmp_path: Path) -> None:
    first = load(tmp_path, PLAIN)
    second = load(tmp_path, PLAIN.replace("from: 2022-01-01", "from: 2025-06-30"))
    assert queries.for_period("small", "2024") == (first, window("civil:2024"))
    assert queries.for_period("small", "civil:2025") == (second, window("civil:2025"))
    for code, period, problem in [
        ("small", "2021", "not-in-force"),
        ("small", "nonsense", "unknown-period"),
        ("smal", "2024", "no-such-set"),
    ]:
        with pytest.raises(Refused) as refused:
            queries.for_period(code, period)
        assert [found.code for found in refused.value.problems] == [problem]


def test_not_in_force_and_unknown(tmp_path: Path) -> None:
    load(tmp_path, PLAIN)
    for code, day, problem in [
        ("small", date(2021, 12, 31), "not-in-force"),
        ("smal", date(2023, 1, 1), "no-such-set"),
    ]:
        with pytest.raises(Refused) as refused:
            queries.current(code, day)
        assert [found.code for found in refused.value.problems] == [problem]
    with pytest.raises(Refused):
        queries.version("small", 2)


def test_a_bad_file_stores_nothing(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        load(tmp_path, PLAIN.replace("kind: judged", "kind: guessed"))
    with pytest.raises(Refused):
        load_set(tmp_path / "nothing.yaml", actor="test", now=NOW)
    (tmp_path / "latin.yaml").write_bytes("code: Cần Thơ".encode("utf-16"))
    with pytest.raises(Refused):
        load_set(tmp_path / "latin.yaml", actor="test", now=NOW)
    assert CriteriaSet.objects.count() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE criteria_set SET definition = '{}'",
        "UPDATE criteria_set SET in_force = daterange('2022-01-01', '2023-01-01')",
        "DELETE FROM criteria_set",
        "UPDATE criterion SET title_en = 'Something else'",
        "DELETE FROM criterion",
        "TRUNCATE criterion CASCADE",
        "TRUNCATE criteria_set, criterion CASCADE",
    ],
)
def test_the_database_refuses_changes(tmp_path: Path, statement: str) -> None:
    load(tmp_path, PLAIN)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with (
        pytest.raises(IntegrityError, match="never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert (CriteriaSet.objects.count(), Criterion.objects.count()) == (1, 3)


def test_the_database_refuses_a_criterion_that_was_not_published(tmp_path: Path) -> None:
    published = load(tmp_path, PLAIN)
    with pytest.raises(IntegrityError, match="not number 4"), transaction.atomic():
        Criterion.objects.create(
            criteria_set=published, code="4", position=4, kind="judged", title_vi="Thêm", title_en="More"
        )


def test_the_list_shows_each_set_once_and_one_version_in_force(tmp_path: Path) -> None:
    load(tmp_path, PLAIN)
    load(tmp_path, PLAIN.replace("code: small", "code: another"))
    load(tmp_path, PLAIN.replace("There is a plan", "There is a good plan"))
    shown = [[(one.code, one.number, one.is_in_force) for one in rows] for rows in versions(date(2026, 1, 2))]
    assert shown == [[("another", 1, True)], [("small", 2, True), ("small", 1, False)]]
