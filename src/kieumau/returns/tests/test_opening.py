"""Who owes a return: decided when a period is opened, by the tree as it stood on its last day."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import Error, connection, transaction

from kieumau.indicators.actions import load_catalogue
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Refused
from kieumau.returns.actions import load_form, open_periods
from kieumau.returns.files import path_of, read_form, shipped_forms
from kieumau.returns.models import Deadline, Form, Obligation, Return
from kieumau.returns.tests.cast import DUE, FORM, LOCKED, OPENED, World, at
from kieumau.units.actions import load_rows, record_change
from kieumau.units.rules import Act, TermRow, even_shares

pytestmark = pytest.mark.django_db


def owing(period: str = "2026-09", *, is_owed: bool = True) -> list[str]:
    """The codes of the units that owe a period."""
    rows = Return.objects.filter(period__code=period, is_owed=is_owed)
    return sorted(rows.values_list("unit__terms__code", flat=True).distinct())


def test_communes_and_provinces_owe_each_by_its_own_day(world: World) -> None:
    assert owing() == ["C11", "C12", "C15", "C21", "C22", "P1", "P2"]
    commune, province = world.report("C11").deadline, world.report("P1").deadline
    assert (commune.due_at, commune.locks_at) == (DUE, LOCKED)
    assert (province.due_at, province.locks_at) == (at("2026-10-07 00:00"), at("2026-10-17 00:00"))


def test_opening_again_changes_nothing(world: World) -> None:
    again = open_periods(actor="thử", now=OPENED + timedelta(hours=1))
    assert (again.deadlines, again.returns, again.dropped) == (0, 0, 0)


def test_the_first_opening_takes_what_is_not_locked_and_later_ones_leave_no_gap(
    world: World, tmp_path: Path
) -> None:
    assert set(Deadline.objects.values_list("period__code", flat=True)) == {"2026-09"}
    # Nobody opened anything in November: both months that ended since are opened in December.
    opened = open_periods(actor="thử", now=at("2026-12-02 08:00"))
    assert opened.deadlines == 4
    assert set(Deadline.objects.values_list("period__code", flat=True)) == {"2026-09", "2026-10", "2026-11"}
    # Older ones only when asked for.
    assert open_periods(
        actor="thử", now=at("2026-12-02 08:01"), since=at("2026-06-01 00:00").date()
    ).deadlines


def test_the_tree_of_the_last_day_says_who_owes(world: World) -> None:
    open_periods(actor="thử", now=OPENED, since=at("2025-06-01 00:00").date())
    assert owing("2025-06") == ["C11", "C12", "C13", "C14", "C21", "C22", "P1", "P2"]
    assert owing("2025-07") == ["C11", "C12", "C15", "C21", "C22", "P1", "P2"]


def add_commune() -> None:
    """The tree is corrected: a commune that nobody had loaded."""
    columns = {"code": "C23", "name": "Krông Ana", "kind": "xa", "parent": "P2", "valid_to": ""}
    parents = [
        {"code": "N", "name": "Nước Mẫu", "kind": "quoc-gia", "parent": "", "valid_to": ""},
        {"code": "P2", "name": "Đông Hải", "kind": "tinh", "parent": "N", "valid_to": ""},
    ]
    rows = [{**row, "valid_from": "2020-01-01"} for row in [*parents, columns]]
    load_rows(rows, actor=None, register="m")


def test_before_the_due_moment_a_corrected_tree_is_followed(world: World) -> None:
    add_commune()
    assert open_periods(actor="thử", now=DUE - timedelta(seconds=1)).returns == 1
    assert "C23" in owing()


def test_after_the_due_moment_a_late_comer_may_report_but_counts_in_no_rate(world: World) -> None:
    add_commune()
    open_periods(actor="thử", now=DUE)
    assert owing(is_owed=False) == ["C23"]


@pytest.mark.parametrize(
    ("reported", "opened", "owes"),
    [
        # C22 goes into C31 from 1 September; the act is recorded in October.
        (False, DUE - timedelta(seconds=1), ["C31"]),
        # C22 had sent September: C31, of which nothing else is part, has nothing to report.
        (True, DUE - timedelta(seconds=1), ["C22"]),
        # What was owed at the due moment stays so.
        (False, DUE, ["C22"]),
        (True, DUE, ["C22"]),
    ],
)
def test_a_unit_whose_predecessor_sent_the_period_owes_nothing(
    world: World, reported: bool, opened: datetime, owes: list[str]
) -> None:
    if reported:
        world.enter("C22", OPENED, "5", "3", "1000")
    day = date(2026, 9, 1)
    record_change(
        act=Act("late", day, ends=("m/C22",), shares=even_shares("m/C22", ["m/C31"]),
                begins=(TermRow("m/C31", "m", "C31", "Đông Hải Mới", "xa", "m/P2", day),)),
        actor=None,
    )  # fmt: skip
    open_periods(actor="thử", now=opened)
    assert [code for code in owing() if code in {"C22", "C31"}] == owes


def test_a_new_version_of_the_form_is_for_the_periods_to_come(world: World, tmp_path: Path) -> None:
    path = tmp_path / "form.yaml"
    assert load_form(path, actor="thử", now=OPENED).version == 1
    path.write_text(FORM.replace("due_working_days: 2", "due_working_days: 3"), encoding="utf-8")
    assert load_form(path, actor="thử", now=OPENED).version == 2
    open_periods(actor="thử", now=at("2026-11-02 08:00"))
    assert world.report("C11").deadline.due_at == DUE
    assert world.report("C11").form.version == 1
    october = world.report("C11", "2026-10")
    assert (october.form.version, october.deadline.due_at) == (2, at("2026-11-05 00:00"))


def test_what_has_passed_cannot_be_changed_even_by_hand(world: World) -> None:
    report = world.report("C11")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kieumau.now', %s, true)", [DUE.isoformat()])
    for change in (
        lambda: Deadline.objects.filter(pk=report.deadline_id).update(due_at=DUE + timedelta(days=1)),
        lambda: Return.objects.filter(pk=report.pk).update(is_owed=False),
        lambda: Return.objects.filter(pk=report.pk).delete(),
    ):
        with pytest.raises(Error, match="change"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("good", "bad", "code"),
    [
        ("[people]", "[peopel]", "unknown-indicator"),
        ("[people]", "[people, people]", "repeated-indicator"),
        ("[people]", "[crime.clearance]", "derived-indicator"),
        ("[people]", "[fires]", "wrong-period"),
        ("calendar: civil", "calendar: civic", "unknown-calendar"),
        ("kind: month", "kind: moon", "unknown-period-kind"),
        ("level: province", "level: commune", "owed-twice"),
        ("level: province,", "level: province, kinds: [xa],", "unknown-kind"),
        ("due_working_days: 4", "due_working_days: 14", "locked-before-due"),
        ("due_working_days: 4", "due_working_days: 0", "wrong-value"),
        ("province, since: 2025", "province, until: 2024-01-01, since: 2025", "ends-before-it-begins"),
        ("code: mau-thang", "code: khac", "indicator-in-two-forms"),
    ],
)
def test_a_form_with_a_fault_is_refused_whole(
    world: World, tmp_path: Path, good: str, bad: str, code: str
) -> None:
    path = tmp_path / "bad.yaml"
    assert good in FORM
    path.write_text(FORM.replace(good, bad), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_form(path, actor="thử", now=OPENED)
    assert code in {problem.code for problem in refused.value.problems}
    assert (Form.objects.count(), Obligation.objects.count()) == (1, 2)


def test_the_shipped_forms_ask_for_every_reported_indicator_once(db: None) -> None:
    load_catalogue("vn-commune")
    known = catalogue()
    forms = [read_form(path_of(name), known) for name in shipped_forms()]
    asked = [code for form in forms for code in form.indicators]
    assert len(asked) == len(set(asked))
    assert set(asked) == {code for code, one in known.items() if not one.is_derived}
    assert {form.verification for form in forms} == {"unverified"}
