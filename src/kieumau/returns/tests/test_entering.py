"""Entering, submitting, accepting, sending back, unlocking: in the store, with its guards."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import Error, IntegrityError, transaction

from kieumau.audit.models import Entry
from kieumau.formulas.values import State as FigureState
from kieumau.indicators.actions.references import NotRecorded
from kieumau.indicators.models import Figure, Source, Superseded, Total
from kieumau.kernel.messages import Refused, Text
from kieumau.returns.actions import (
    NotAllowed,
    SeenBefore,
    Typed,
    accept,
    enter,
    send_back,
    submit,
    unlock,
)
from kieumau.returns.actions.decide import NotComplete
from kieumau.returns.cells import Answer, read, try_read
from kieumau.returns.models import Return, Step
from kieumau.returns.queries import items
from kieumau.returns.tests.cast import DUE, LOCKED, World, at

pytestmark = pytest.mark.django_db
MORNING, NOON = at("2026-10-01 08:00"), at("2026-10-01 12:00")

# What is typed in Vietnamese, what it is
TYPED = [
    ("0", Answer(FigureState.VALUE, Decimal(0))),
    ("12", Answer(FigureState.VALUE, Decimal(12))),
    ("1.061", Answer(FigureState.VALUE, Decimal(1061))),
    ("-", Answer(FigureState.MISSING)),
    ("–", Answer(FigureState.MISSING)),
    ("x", Answer(FigureState.NOT_APPLICABLE)),
    ("X ", Answer(FigureState.NOT_APPLICABLE)),
    ("", Answer()),
    ("  ", Answer()),
]


@pytest.mark.parametrize(("text", "expected"), TYPED)
def test_zero_no_figure_and_not_applicable_are_three_answers(text: str, expected: Answer) -> None:
    assert read(text, "vi") == expected
    assert read(expected.text("vi"), "vi") == expected


def test_a_saved_cell_is_in_the_total_at_once(world: World) -> None:
    entered = world.enter("C11", MORNING, "7", "x", "")
    assert set(entered.saved) == {"crime.occurred", "crime.solved"}
    total = Total.objects.get(
        unit=world.country.units["P1"], indicator=world.country.indicators["crime.occurred"].id
    )
    assert total.value == 7
    assert world.enter("C11", MORNING, "7", "x", "").saved == {}  # nothing new, nothing written


def test_figures_and_the_log_name_a_return_as_people_do(world: World) -> None:
    world.enter("C11", NOON, "7", "5", "1234")
    submit(world.report("C11").pk, actor=world.an, now=NOON)
    name = "Báo cáo tháng, tháng 9 năm 2026"
    assert Source.objects.latest("pk").name == name
    assert Entry.objects.filter(object_kind="return").latest("pk").object_name == name


@pytest.mark.parametrize(
    ("text", "code"),
    [("ba", "not-a-number"), ("-3", "negative"), ("1,5", "too-many-decimals"), ("1" + "0" * 16, "too-large")],
)
def test_what_cannot_be_right_is_said_by_the_cell_and_the_rest_is_kept(
    world: World, text: str, code: str
) -> None:
    entered = world.enter("C11", MORNING, text, "5")
    assert [problem.code for problem in entered.problems["crime.occurred"]] == [code]
    assert set(entered.saved) == {"crime.solved"}


def test_the_example_of_a_number_is_one_that_the_indicator_takes(world: World) -> None:
    whole = {one.code: one for one in items(world.report("C11").form_id)}["people"].indicator
    for decimals, example in ((0, "1.061."), (1, "1.061,5.")):
        _, problems = try_read("ba", "vi", replace(whole, decimals=decimals))
        assert problems[0].hint == Text(
            vi=f"Viết bằng chữ số, ví dụ {example}",
            en=f"Write it in digits, for example {'1,061' if decimals == 0 else '1,061.5'}.",
        )


def test_two_people_in_different_cells_both_keep_their_figures(world: World) -> None:
    report = world.report("C11")
    enter(report.pk, {"crime.occurred": Typed("7")}, actor=world.an, now=MORNING)
    other = enter(report.pk, {"crime.occurred": Typed(""), "people": Typed("90")}, actor=world.binh, now=NOON)
    assert (set(other.saved), other.conflicts) == ({"people"}, {})
    assert Figure.objects.count() == 2


def test_two_people_in_one_cell_see_both_values_and_the_first_stays(world: World) -> None:
    report = world.report("C11")
    enter(report.pk, {"crime.occurred": Typed("7")}, actor=world.an, now=MORNING)
    other = enter(report.pk, {"crime.occurred": Typed("9")}, actor=world.binh, now=NOON)
    found = other.conflicts["crime.occurred"]
    assert (found.theirs.text("vi"), found.mine.text("vi")) == ("7", "9")
    assert (found.by, found.at) == ("an", MORNING)
    assert Figure.objects.get().value == 7
    # Having seen the other's value, the second person insists.
    insisted = enter(report.pk, {"crime.occurred": Typed("9", was="7")}, actor=world.binh, now=NOON)
    assert set(insisted.saved) == {"crime.occurred"}
    assert Figure.objects.get().value == 9
    assert Superseded.objects.get().value == 7


def test_an_emptied_cell_is_no_answer_again(world: World) -> None:
    world.enter("C11", MORNING, "7")
    report = world.report("C11")
    enter(report.pk, {"crime.occurred": Typed("", was="7")}, actor=world.an, now=NOON)
    assert not Figure.objects.exists()
    assert Superseded.objects.get().value == 7


def test_submitting_asks_for_every_answer(world: World) -> None:
    world.enter("C11", MORNING, "7", "", "")
    with pytest.raises(NotComplete) as refused:
        submit(world.report("C11").pk, actor=world.an, now=NOON)
    assert refused.value.codes == ["crime.solved", "people"]
    world.enter("C11", MORNING, "7", "-", "x")
    assert submit(world.report("C11").pk, actor=world.an, now=NOON).state == "submitted"


def submitted(world: World, unit: str = "C11") -> Return:
    """A return of `unit`, submitted by An at noon."""
    world.enter(unit, MORNING, "7", "5", "900")
    return submit(world.report(unit).pk, actor=world.an, now=NOON)


def test_the_figures_of_a_submitted_return_stay_whoever_writes_them(world: World) -> None:
    report = submitted(world)
    with pytest.raises(NotAllowed):
        enter(report.pk, {"people": Typed("901", was="900")}, actor=world.an, now=NOON)
    with pytest.raises(NotRecorded) as refused:  # an import, say
        world.country.record(("2026-09", "C11", "people", 901))
    assert [problem.code for problem in refused.value.problems] == ["return-stands"]
    world.country.record(("2026-09", "C11", "people", 900), ("2026-09", "C12", "people", 50))  # no change
    period = report.period_id
    for statement in (
        lambda: Figure.objects.filter(period=period, unit=report.unit_id).update(value=1),
        lambda: Figure.objects.filter(period=period, unit=report.unit_id).delete(),
    ):
        with pytest.raises(Error, match="cannot change"), transaction.atomic():
            statement()
    world.country.record(("2026-08", "C11", "people", 880))  # another period is free


def test_sent_back_with_a_reason_it_is_corrected_and_what_was_stays_in_the_history(world: World) -> None:
    report = submitted(world)
    with pytest.raises(NotAllowed):
        send_back(report.pk, actor=world.binh, now=NOON, reason="  ")
    send_back(report.pk, actor=world.binh, now=NOON, reason="Nhân khẩu sai")
    enter(report.pk, {"people": Typed("901", was="900")}, actor=world.an, now=NOON)
    submit(report.pk, actor=world.an, now=NOON)
    accept(report.pk, actor=world.binh, now=NOON)
    assert Superseded.objects.get().value == 900
    steps = Step.objects.filter(report=report).values_list("act", "state", "by", "reason")
    assert list(steps) == [
        ("submit", "submitted", "an", ""),
        ("send_back", "sent_back", "binh", "Nhân khẩu sai"),
        ("submit", "submitted", "an", ""),
        ("accept", "accepted", "binh", ""),
    ]


def test_whoever_submits_cannot_decide(world: World) -> None:
    report = submitted(world)
    with pytest.raises(NotAllowed):
        accept(report.pk, actor=world.an, now=NOON)
    with pytest.raises(NotAllowed):
        send_back(report.pk, actor=world.an, now=NOON, reason="Nhầm")
    later = at("2026-10-20 08:00")
    with pytest.raises(NotAllowed):
        unlock(report.pk, actor=world.an, now=later, reason="Nhầm", until=at("2026-10-21 08:00"))
    with pytest.raises(IntegrityError, match="return_is_accepted_by_another"), transaction.atomic():
        Return.objects.filter(pk=report.pk).update(state="accepted", accepted_by=world.an)
    assert accept(report.pk, actor=world.binh, now=NOON).state == "accepted"


def test_a_person_who_saw_another_version_is_told(world: World) -> None:
    world.enter("C11", MORNING, "7", "5", "900")
    seen = world.report("C11").version
    world.enter("C11", MORNING, "7", "5", "900")
    enter(world.report("C11").pk, {"people": Typed("901", was="900")}, actor=world.binh, now=MORNING)
    with pytest.raises(SeenBefore) as refused:
        submit(world.report("C11").pk, actor=world.an, now=NOON, seen=seen)
    assert refused.value.current == seen + 1


# When a figure may be entered and a return submitted: one second on either side of each boundary.
WINDOW = [
    ("2026-09-30 23:59:59", False),
    ("2026-10-01 00:00:00", True),
    ("2026-10-14 23:59:59", True),
    ("2026-10-15 00:00:00", False),
    ("2026-10-15 00:00:01", False),
]


@pytest.mark.parametrize(("moment", "is_open"), WINDOW)
def test_the_window_to_the_second(world: World, moment: str, is_open: bool) -> None:
    if is_open:
        assert world.enter("C11", at(moment), "7", "5", "900").saved
        assert submit(world.report("C11").pk, actor=world.an, now=at(moment)).state == "submitted"
        return
    with pytest.raises(NotAllowed) as refused:
        world.enter("C11", at(moment), "7", "5", "900")
    assert refused.value.problems[0].code in {"return-not-open", "return-locked"}
    with pytest.raises(NotAllowed):
        submit(world.report("C11").pk, actor=world.an, now=at(moment))
    assert not Figure.objects.exists()


def test_a_locked_return_is_unlocked_for_a_time_with_a_reason(world: World) -> None:
    report, later = world.report("C11"), at("2026-10-20 08:00")
    with pytest.raises(NotAllowed):
        unlock(report.pk, actor=world.binh, now=NOON, reason="bão", until=later)  # not locked yet
    with pytest.raises(NotAllowed):
        unlock(report.pk, actor=world.binh, now=later, reason="bão", until=LOCKED)
    unlock(report.pk, actor=world.binh, now=later, reason="Bão lũ", until=at("2026-10-21 00:00"))
    assert world.enter("C11", at("2026-10-20 23:59:59"), "7").saved
    with pytest.raises(NotAllowed):
        world.enter("C11", at("2026-10-21 00:00:00"), "8")


def test_steps_are_only_added_and_never_lie_before_an_earlier_one(world: World) -> None:
    report = submitted(world)
    with pytest.raises(Error, match="only added"), transaction.atomic():
        Step.objects.filter(report=report).update(at=MORNING)
    with pytest.raises(Error, match="only added"), transaction.atomic():
        Step.objects.filter(report=report).delete()
    with pytest.raises(Error, match="before an earlier"), transaction.atomic():
        send_back(report.pk, actor=world.binh, now=MORNING, reason="sai")


def test_what_is_not_in_the_form_is_passed_over(world: World) -> None:
    found = enter(world.report("C11").pk, {"fires": Typed("1"), "?": Typed("2")}, actor=world.an, now=NOON)
    assert (found.saved, found.problems) == ({}, {})
    assert not Figure.objects.exists()


def test_a_refused_import_says_which_units(world: World) -> None:
    submitted(world)
    submitted(world, "C12")
    with pytest.raises(Refused) as refused:
        world.country.record(("2026-09", "C11", "people", 1), ("2026-09", "C12", "people", 1))
    said = [problem.in_("vi") for problem in refused.value.problems]
    assert [name for line in said for name in ("C11", "C12") if name in line] == ["C11", "C12"]
    assert "đã nộp" in said[0]
    assert DUE < LOCKED
