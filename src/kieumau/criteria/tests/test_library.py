"""The sets in the library: how many criteria, in both languages, honest about what is unverified."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from kieumau.criteria.actions import load_set
from kieumau.criteria.files import path_of, shipped
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import Definition, Points
from kieumau.criteria.trees import texts
from kieumau.indicators.actions import load_catalogue
from kieumau.kernel.yamlfile import read

NOW = datetime(2026, 1, 10, tzinfo=UTC)

# Set, number of criteria, its status, the criteria whose own status is another.
SETS: list[tuple[str, int, str, dict[str, str]]] = [
    ("tt124-commune", 10, "verified", {"4.3": "unverified"}),
    ("model-ward-2023", 22, "unverified", {}),
    ("model-ward-2024", 20, "unverified", {}),
    ("exemplary-commune", 34, "unverified", {}),
    ("movement-510", 15, "unverified", {}),
    ("team-rating-2026", 6, "unverified", dict.fromkeys(("1", "2", "5", "6"), "verified")),
    ("ntm-security", 8, "unverified", {"1": "reported"}),
    ("residential-area-tt124", 5, "unverified", {"1": "verified"}),
    ("london-wards", 10, "unverified", {}),
]
NAMES = [name for name, *_ in SETS]

# Every shape that real texts take, a set and a criterion that has it, and how it is written there.
SHAPES = [
    ("at least k of n", "model-ward-2023", "3", "at_least(2, "),
    ("ratio, strictly above", "team-rating-2026", "1", "> 95%"),
    ("ratio, all of them", "model-ward-2023", "1", "areas.registered = areas.total"),
    ("banded ratio to points", "movement-510", "4.a", "90%: 1, 70%: 0.5, 50%: 0.25, else: 0"),
    ("items at their maximum", "movement-510", "5.b", "criterion(3.a) = met and criterion(4.a) = met"),
    ("deduction per kind of event", "movement-510", "3.a", "24 - 6 * count("),
    ("against the same period last year", "model-ward-2023", "13", "change(crime.total) <= -5%"),
    ("against a fixed year", "model-ward-2024", "15", "change(crime.total, since: 2023) <= -5%"),
    ("threshold by class of unit", "exemplary-commune", "7", "by(unit.class, rural: 70%, urban: 75%)"),
    ("cap on a class", "team-rating-2026", "5", "<= 20% * teams.rated-good"),
    ("limited by another result", "team-rating-2026", "6", "teams.heads-above = 0"),
    ("not assessable", "team-rating-2026", "1", "teams.youngest-months >= 9"),
    ("result of another set", "ntm-security", "1", "result(tt124-commune) = met"),
    ("events against last year", "residential-area-tt124", "4", "crime.total <= year_ago(crime.total)"),
]

VIETNAMESE = re.compile(
    "[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE
)


def read_set(name: str) -> Definition:
    """A shipped set as its file says it."""
    return read(path_of(name), Definition)


def both_languages(content: Any) -> Iterator[tuple[str, str]]:
    """Every text of a definition, in Vietnamese and English."""
    if isinstance(content, dict) and content.keys() == {"vi", "en"}:
        yield content["vi"], content["en"]
    elif isinstance(content, dict | list):
        for item in content.values() if isinstance(content, dict) else content:
            yield from both_languages(item)


def test_every_shipped_set_is_in_the_table() -> None:
    assert sorted(NAMES) == shipped()


@pytest.mark.django_db
def test_every_set_loads_into_an_empty_database() -> None:
    for catalogue in ("vn-commune", "london"):
        load_catalogue(catalogue, actor="test")
    for name, count, *_ in SETS:
        published = load_set(name, actor="test", now=NOW)
        assert (published.code, published.version, published.criteria.count()) == (name, 1, count)
        assert definition(published) == read_set(name)


@pytest.mark.parametrize(("name", "count", "status", "others"), SETS)
def test_a_set_says_how_sure_it_is(name: str, count: int, status: str, others: dict[str, str]) -> None:
    said = read_set(name)
    assert (said.code, len(said.criteria), said.verification) == (name, count, status)
    own = {one.code: said.verification_of(one) for one in said.criteria}
    assert {code: found for code, found in own.items() if found != status} == others
    assert said.left_out
    if name != "london-wards":  # an example of ours rests on no document
        assert all(said.basis_of(criterion) for criterion in said.criteria)
        assert "nói gì, tin gì" in said.left_out[0].vi
    if name not in ("london-wards", "tt124-commune"):
        assert said.notes is not None
        assert "chưa kiểm chứng" in said.notes.vi
        assert "unverified" in said.notes.en


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_in_both_languages(name: str) -> None:
    found = list(both_languages(read_set(name).canonical()))
    assert len(found) > len(read_set(name).criteria)
    assert [vi for vi, _ in found if not VIETNAMESE.search(vi)] == []
    assert [en for _, en in found if not en.strip() or VIETNAMESE.search(en)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_group_has_criteria_and_points_make_a_hundred(name: str) -> None:
    said = read_set(name)
    assert {criterion.group for criterion in said.criteria} == {group.code for group in said.groups}
    if isinstance(said.rule, Points):
        assert sum(criterion.points.max for criterion in said.criteria if criterion.points) == 100


@pytest.mark.parametrize(("shape", "name", "code", "written"), SHAPES)
def test_shapes_of_real_texts(shape: str, name: str, code: str, written: str) -> None:
    [criterion] = [one for one in read_set(name).criteria if one.code == code]
    assert any(written in text for _, _, text in texts(criterion)), shape
