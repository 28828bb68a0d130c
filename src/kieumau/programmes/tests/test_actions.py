"""What is done to programmes: written, refused, seen by the second editor, kept in the log."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kieumau.audit.models import Entry
from kieumau.kernel.messages import Refused, Text
from kieumau.programmes import queries
from kieumau.programmes.actions import (
    AlreadyThere,
    CannotChoose,
    ChangedMeanwhile,
    Choice,
    Gone,
    change_programme,
    change_row,
    choose_units,
    make_programme,
    remove_row,
)
from kieumau.programmes.actions.rows import facts_of
from kieumau.programmes.models import Member, PlanStage, Programme
from kieumau.programmes.rules import LineFacts, MemberFacts, SeatFacts, StageFacts, TargetFacts
from kieumau.programmes.tests.cast import CODE, NOW, TODAY, Cast, facts

APRIL = date(2023, 4, 1)


def every_kind(cast: Cast) -> list[Any]:
    province = cast.units["38"]
    return [
        StageFacts(province, "Thí điểm tại phường An Hưng", APRIL, date(2023, 10, 12), None, None),
        SeatFacts(province, "steering", "head", "Phó Chủ tịch UBND", province, "Chỉ đạo chung", APRIL, None),
        TargetFacts(province, 2025, Decimal("0.3")),
        LineFacts(cast.units["14812"], 2023, "Trụ sở", "", "VND", Decimal(4_600_000_000), None, None, None),
    ]


def test_every_row_is_added_read_back_changed_removed_and_logged(cast: Cast) -> None:
    for said in every_kind(cast):
        row = cast.add(said)
        row = type(row).objects.get(pk=row.pk)
        assert facts_of(row) == said
        changed = change_row(row, said, version=1, actor="tests", now=NOW)
        assert changed.version == 2
        remove_row(changed, version=2, actor="tests", now=NOW)
        last = Entry.objects.filter(object_kind=row._meta.db_table).order_by("pk")
        assert [one.verb.split("_")[0] for one in last] == [
            "programme.add",
            "programme.change",
            "programme.remove",
        ]
        assert last[2].old
        assert last[2].unit_id in {cast.units["38"], cast.units["14812"]}


def test_the_second_editor_is_told_and_nothing_is_overwritten(cast: Cast) -> None:
    row = cast.add(every_kind(cast)[0])
    later = StageFacts(cast.units["38"], "Sơ kết", APRIL, APRIL, None, None)
    change_row(row, later, version=1, actor="lan", now=NOW)
    with pytest.raises(ChangedMeanwhile, match="lan changed this"):
        change_row(row, every_kind(cast)[0], version=1, actor="minh", now=NOW)
    with pytest.raises(ChangedMeanwhile):
        remove_row(row, version=1, actor="minh", now=NOW)
    assert PlanStage.objects.get().name == "Sơ kết"
    remove_row(row, version=2, actor="lan", now=NOW)
    with pytest.raises(Gone):
        change_row(row, later, version=2, actor="minh", now=NOW)


def test_what_cannot_be_twice(cast: Cast) -> None:
    cast.add(TargetFacts(cast.units["VN"], 2025, Decimal("0.3")))
    with pytest.raises(AlreadyThere):
        cast.add(TargetFacts(cast.units["VN"], 2025, Decimal(1)))
    with pytest.raises(AlreadyThere):
        make_programme(CODE, facts(cast.units["VN"]), actor="tests", now=NOW)


def test_a_programme_is_changed_by_one_at_a_time(cast: Cast) -> None:
    made = cast.programme
    change_programme(made, facts(cast.units["VN"], name_vi="Khác"), version=1, actor="lan", now=NOW)
    with pytest.raises(ChangedMeanwhile, match="lan"):
        change_programme(made, facts(cast.units["VN"]), version=1, actor="minh", now=NOW)
    assert Programme.objects.get().name_vi == "Khác"


@pytest.mark.parametrize("code", ["", "Phường", "moi", "a--b"])
def test_what_is_no_code(cast: Cast, code: str) -> None:
    with pytest.raises(Refused) as caught:
        make_programme(code, facts(cast.units["VN"]), actor="tests", now=NOW)
    assert caught.value.problems[0].code == "bad-code"


def test_units_are_chosen_all_or_none_with_every_fault(cast: Cast) -> None:
    cast.choose("14812")
    wanted = [cast.units[code] for code in ("14812", "38", "14814")] + [999_999]
    choice = Choice(wanted, MemberFacts("roll_out", date(2024, 1, 1), None, None))
    with pytest.raises(CannotChoose) as caught:
        choose_units(cast.programme, choice, actor="tests", now=NOW)
    assert [one.code for one in caught.value.problems] == ["unknown-unit", "other-kind", "already-there"]
    assert Member.objects.count() == 1
    with pytest.raises(CannotChoose, match="at least one"):
        choose_units(cast.programme, Choice([], MemberFacts("pilot", APRIL, None, None)), actor="", now=NOW)


def test_a_unit_takes_part_again_after_it_left(cast: Cast) -> None:
    cast.choose("14812")
    member = Member.objects.get()
    ended = MemberFacts("pilot", APRIL, date(2023, 12, 31), None)
    change_row(member, ended, version=1, actor="tests", now=NOW)
    cast.choose("14812", phase="roll_out", since=date(2024, 1, 1))
    assert [one.last_day for one in Member.objects.order_by("valid")] == [date(2023, 12, 31), None]


def test_programmes_side_by_side_on_a_unit_and_what_a_predecessor_was_in(cast: Cast) -> None:
    """An Hòa took part until it went into Cái Khế; Cái Khế takes part in another programme."""
    cast.choose("31135")
    other = make_programme("xa-dien-hinh", facts(cast.units["92"]), actor="tests", now=NOW)
    Cast(other, cast.units).choose("31149", phase="roll_out", since=date(2026, 1, 1))
    found = queries.of_unit(cast.units["31149"], TODAY)
    assert [(one.programme.code, one.by) for one in found] == [
        ("xa-dien-hinh", None),
        (CODE, Text(vi="Phường An Hòa", en="An Hòa Ward")),
    ]
    assert queries.of_unit(cast.units["14812"], TODAY) == []
