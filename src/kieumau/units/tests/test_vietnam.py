"""The whole country, loaded once: counts of the law, lineage, speed of the tree."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection, transaction
from django.db.models import Count, Q
from pytest_django.plugin import DjangoDbBlocker

from kieumau.kernel.messages import Refused
from kieumau.kernel.text import search_key, sort_key
from kieumau.units import queries
from kieumau.units.actions import Loaded, load_vietnam, rebuild_positions, undo_change
from kieumau.units.models import Level, Lineage, Term
from kieumau.units.tests.conftest import checksum
from kieumau.units.vietnam import STATE_SINCE

pytestmark = pytest.mark.django_db

BEFORE, REFORM = date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture(scope="module")
def nation(beneath_a_module: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Loaded]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_vietnam(actor=None)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("day", "provinces", "districts", "communes"),
    [(STATE_SINCE, 63, 696, 10_035), (BEFORE, 63, 696, 10_035), (REFORM, 34, 0, 3_321)],
)
def test_the_counts_of_the_law(
    nation: Loaded, day: date, provinces: int, districts: int, communes: int
) -> None:
    counts = [queries.terms(day, level=level).count() for level in Level]
    assert counts == [1, provinces, districts, communes]


@pytest.mark.parametrize(
    ("day", "xa", "phuong", "dac_khu", "tinh", "thanh_pho"),
    [
        (REFORM, 2_621, 687, 13, 28, 6),
        (date(2026, 4, 29), 2_621, 687, 13, 28, 6),
        (date(2026, 4, 30), 2_611, 697, 13, 27, 7),
        (date(2026, 9, 1), 2_611, 697, 13, 26, 8),
        (date(2026, 9, 20), 2_599, 709, 13, 25, 9),
    ],
)
def test_the_kinds_of_units(
    nation: Loaded, day: date, xa: int, phuong: int, dac_khu: int, tinh: int, thanh_pho: int
) -> None:
    kinds = Counter(queries.terms(day).values_list("kind_id", flat=True))
    assert [kinds[kind] for kind in ("xa", "phuong", "dac-khu", "tinh", "thanh-pho")] == [
        xa, phuong, dac_khu, tinh, thanh_pho,
    ]  # fmt: skip


def test_a_code_is_not_an_identity(nation: Loaded) -> None:
    """3,316 of the new codes were codes of old units; 137 units kept their territory, 121 of them all."""
    old, new = ({term.code: term for term in queries.terms(day, level=3)} for day in (BEFORE, REFORM))
    districts = {term.code for term in queries.terms(BEFORE, level=2)}
    assert len(set(old) & set(new)) == 3_316
    lives_on = {term.unit_id for term in old.values()} & {term.unit_id for term in new.values()}
    islands = {term.unit_id for term in queries.terms(BEFORE, level=2)} & {
        term.unit_id for term in new.values()
    }
    assert (len(lives_on), len(islands), len(districts)) == (132, 5, 696)
    by_unit = {term.unit_id: term for term in old.values()}
    same = [
        term
        for term in new.values()
        if term.unit_id in by_unit
        and (term.name, term.kind_id) == (by_unit[term.unit_id].name, by_unit[term.unit_id].kind_id)
    ]
    # Six more differ only in the spelling of a name: Tà Xi Láng, Ea H'Leo, … 127 by the office's count.
    assert len(same) == 121
    provinces = [
        set(queries.terms(day, level=1).values_list("unit_id", flat=True)) for day in (BEFORE, REFORM)
    ]
    assert len(provinces[0] & provinces[1]) == 11


def test_what_the_new_communes_are_made_of(nation: Loaded) -> None:
    communes = queries.terms(REFORM, level=3).order_by().values("unit_id")
    rows = Lineage.objects.filter(successor_id__in=communes, change__takes_effect_on=REFORM)
    made = rows.values("successor_id").annotate(parts=Count("id"), cut=Count("id", filter=~Q(basis="whole")))
    assert len(made) == 3_321
    assert sum(not row["cut"] for row in made) == 2_909
    assert sum(bool(row["cut"]) for row in made) == 412
    assert max(row["parts"] for row in made) == 14
    split = rows.values("predecessor_id").annotate(parts=Count("id")).filter(parts__gt=1)
    assert (len(split), max(row["parts"] for row in split)) == (440, 5)


@pytest.mark.parametrize(
    ("code", "name", "parts"),
    [
        ("31150", "An Bình", {"An Bình", "Mỹ Khánh"}),
        ("31120", "Cái Khế", {"Cái Khế", "An Hòa"}),
        ("92", "Cần Thơ", {"Cần Thơ", "Hậu Giang", "Sóc Trăng"}),
    ],
)
def test_mergers_of_the_stories(nation: Loaded, code: str, name: str, parts: set[str]) -> None:
    found = queries.terms(REFORM).filter(name=name, parent__terms__code__in=("92", "VN")).distinct()
    unit = next(term for term in found if term.path.startswith(queries.term("92", REFORM).path))
    assert {term.name for term in queries.predecessors(unit.unit_id) if term.basis == "whole"} >= parts
    assert unit.unit_id in {
        term.unit_id for old in queries.predecessors(unit.unit_id) for term in queries.successors(old.unit_id)
    }


def test_a_merger_names_its_legal_act(nation: Loaded) -> None:
    city = queries.term("vn:92", REFORM)
    (before, *_) = queries.predecessors(city.unit_id)
    assert before.reference == "Nghị quyết 202/2025/QH15"
    commune = queries.terms(REFORM, within=city.path, level=3).filter(name="Cái Khế").get()
    assert queries.predecessors(commune.unit_id)[0].reference == "Nghị quyết 1668/NQ-UBTVQH15"
    assert {term.code for term in queries.ancestors(commune.unit_id, REFORM)} == {"VN", "92"}


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("can tho", "Cần Thơ"),
        ("CẦN THƠ", "Cần Thơ"),
        ("phuong an binh", "An Bình"),
        ("dong nai", "Đồng Nai"),
        ("92", "Cần Thơ"),
        ("my khang", "Mỹ Khánh"),
    ],
)
def test_search(nation: Loaded, typed: str, first: str) -> None:
    day = BEFORE if first == "Mỹ Khánh" else REFORM
    assert queries.search(typed, day)[0].name == first


def test_python_and_sql_sort_alike(nation: Loaded) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select name, kieumau_sort_key(name) from (select distinct name from unit_term) n")
        rows = cursor.fetchall()
    assert len(rows) > 7_000
    assert [(name, key) for name, key in rows if key != sort_key(name)] == []
    assert {key for (key,) in Term.objects.filter(name="Đắk Lắk").values_list("sort_key")} == {
        sort_key("Đắk Lắk")
    }


def test_the_same_again_changes_nothing(nation: Loaded) -> None:
    before = checksum()
    assert not load_vietnam(actor=None).changed
    assert not load_vietnam(["92"], actor=None).changed
    assert rebuild_positions() == 0
    assert checksum() == before


def test_a_subtree_is_a_range_of_the_index(nation: Loaded) -> None:
    path = queries.term("92", REFORM).path
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE unit_term, unit_position")  # or it goes by what was there before
    assert "unit_position_path" in queries.terms(REFORM, within=path).explain()
    assert queries.terms(REFORM, within=path, level=3).count() == 103


def test_a_whole_group_can_be_undone_only_with_what_it_rests_on(nation: Loaded) -> None:
    with pytest.raises(Refused) as refused, transaction.atomic():
        undo_change(key="vn/2025-07-01/31120", actor=None)
    assert {problem.code for problem in refused.value.problems} == {"parent-not-there"}


def test_a_later_act_can_be_undone_alone(nation: Loaded) -> None:
    before = checksum()
    with transaction.atomic():
        undo_change(key="vn/2026-04-30/26485", actor=None)
        assert queries.term("26485", date(2026, 5, 1)).kind_id == "xa"
        transaction.set_rollback(True)
    assert checksum() == before
    assert queries.term("26485", date(2026, 5, 1)).full_name() == "Phường Nhơn Trạch"


def test_search_keys_hold_the_kind(nation: Loaded) -> None:
    term = queries.term("92", REFORM)
    assert term.search_key == search_key(term.full_name()) == "thanh pho can tho"
    assert term.full_name("en") == "Cần Thơ City"
