"""Criteria that are not met become assignments of the dossier's unit, in one step, each once."""

from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.assignments.models import Assignment
from kieumau.audit.models import Entry
from kieumau.calendars.library import calendar
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import Documented
from kieumau.formulas.values import State
from kieumau.indicators.actions import open_source, record_figures
from kieumau.indicators.models import Indicator
from kieumau.rounds.actions import say
from kieumau.rounds.models import Dossier
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, People, open_round, people
from kieumau.rounds.tests.test_pages import Grant, page, post, signed_in, submitted
from kieumau.rounds.unmet import task_text

DUE = "2026-12-20"


@pytest.fixture
def cast(world: Cast, grant: Grant) -> People:
    made = people()
    grant(made.officer, "officer", world.unit("Cái Khế"))
    grant(made.verifier, "verifier", world.unit("Cần Thơ"))
    grant(made.appraiser, "programme_office")
    return made


@pytest.fixture
def dossier(world: Cast, cast: People) -> Dossier:
    """That of Cái Khế, which says itself that it does not meet 1.2."""
    found = Dossier.objects.get(round=open_round(world), unit=world.unit("Cái Khế"))
    said = Said(Outcome.NOT_MET, remark="Chưa làm")
    say(found.pk, criterion="1.2", stage=Stage.SELF, said=said, seen=None, actor=cast.officer, now=NOW)
    return found


def test_what_is_not_met_is_given_in_one_step(dossier: Dossier, cast: People, world: Cast) -> None:
    office: User = cast.appraiser
    assert (
        reverse("dossier_assign", args=[dossier.pk]) in page(office, "dossier", dossier.pk).content.decode()
    )
    shown = page(office, "dossier_assign", dossier.pk).content.decode()
    assert "1.2" in shown
    assert 'name="pick-1.1"' not in shown
    typed = {"pick-1.2": "on", "text-1.2": "Hoàn thiện hồ sơ", "giver": world.unit("Việt Nam")}
    refused = post(office, "dossier_assign", dossier.pk, **typed)
    assert refused.status_code == 422
    assert "Hoàn thiện hồ sơ" in refused.content.decode()
    assert post(office, "dossier_assign", dossier.pk, **typed, due=DUE).status_code == 302
    made = Assignment.objects.get()
    assert (made.owner_id, made.about_id, made.text) == (
        dossier.unit_id,
        f"{dossier.pk}/1.2",
        "Hoàn thiện hồ sơ",
    )
    assert "given already" in page(office, "dossier_assign", dossier.pk).content.decode()
    post(office, "dossier_assign", dossier.pk, **typed, due=DUE)
    assert Assignment.objects.count() == 1
    about = page(cast.officer, "assignment", made.pk).content.decode()
    assert reverse("dossier_criterion", args=[dossier.pk, "1.2"]) in about


def test_an_assignment_says_what_is_missing_and_which_unit_gives_it(
    dossier: Dossier, cast: People, world: Cast
) -> None:
    shown = page(cast.appraiser, "dossier_assign", dossier.pk).context["rows"]
    assert [text.splitlines()[1] for _, text, _ in shown if text.startswith("1.2. ")] == ["Chưa làm"]
    documented = definition(dossier.round.criteria_set).criteria[0]
    assert isinstance(documented, Documented)
    assert task_text(documented, "T", " ", "vi") == f"1.1. T\n{documented.document.name.vi}"
    assert task_text(documented, "T", "Thiếu dấu", "vi") == "1.1. T\nThiếu dấu"
    typed = {"tieu-chi": "1.2", "giver": world.unit("Việt Nam"), "due": DUE}
    assert post(cast.appraiser, "round_assign", dossier.round_id, **typed).status_code == 302
    made = Assignment.objects.get()
    title, missing = made.text.splitlines()
    assert title.startswith("1.2. ")
    assert missing == "Chưa làm"
    text = page(cast.officer, "assignment", made.pk).content.decode()
    assert f"({cast.appraiser.get_username()})" in text


WHY = {
    "vi": "Theo số liệu năm 2026, chốt ngày 22/11/2026: "
    "Khu dân cư được công nhận 3 / 25 khu = 12 %, dưới mức 70 %.",
    "en": "By the figures of 2026, frozen on 22 November 2026: "
    "Areas recognized 3 / 25 areas = 12%, below 70%.",
}


@pytest.mark.parametrize("language", WHY)
def test_what_figures_do_not_meet_is_given_with_value_threshold_and_period(
    world: Cast, cast: People, grant: Grant, language: str
) -> None:
    """As they were when the unit submitted, whatever they are now: from its page, and for a whole round."""
    grant(cast.officer, "approver", world.unit("Cái Khế"))
    dossier = Dossier.objects.get(round=open_round(world), unit=world.unit("Cái Khế"))
    recognized(dossier.unit_id, 3)
    submitted(dossier, cast)
    recognized(dossier.unit_id, 4)
    client = signed_in(cast.appraiser)
    client.cookies["django_language"] = language
    shown = client.get(reverse("dossier_assign", args=[dossier.pk])).context["rows"]
    (text,) = (text for line, text, _ in shown if line.criterion.code == "2.3")
    title, why = text.splitlines()
    assert title.startswith("2.3. ")
    assert why == WHY[language]
    typed = {"tieu-chi": "2.3", "giver": world.unit("Việt Nam"), "due": DUE}
    assert client.post(reverse("round_assign", args=[dossier.round_id]), typed).status_code == 302
    assert Assignment.objects.get().text == text


def recognized(unit_id: int, areas: int) -> None:
    """So many areas are recognized, by a source of its own."""
    (period,) = calendar("nd09").period_ids(calendar("nd09").window("2026-11"))
    indicator = Indicator.objects.get(code="areas.recognised")
    source = open_source(name="Đính chính", recorded_at=NOW)
    record_figures([(period, unit_id, indicator.pk, State.VALUE, Decimal(areas))], source=source)


def test_who_may_not_give_is_not_offered_it(dossier: Dossier, cast: People) -> None:
    for user in (cast.officer, cast.verifier):
        assert "giao-nhiem-vu" not in page(user, "dossier", dossier.pk).content.decode()
        assert page(user, "dossier_assign", dossier.pk).status_code == 403
        assert post(user, "dossier_assign", dossier.pk, due=DUE).status_code == 403
    assert not Assignment.objects.exists()


def test_a_whole_round_is_given_in_one_step(
    dossier: Dossier, cast: People, world: Cast, django_assert_max_num_queries: Any
) -> None:
    """Two units do not meet 1.2, one of them 1.1 either; what a unit has found met since is left out."""
    office, made = cast.appraiser, dossier.round_id
    other = Dossier.objects.get(round=made, unit=world.unit("An Bình"))
    not_met, met = Said(Outcome.NOT_MET, remark="Chưa làm"), Said(Outcome.MET)
    for one, code, said in (
        (other, "1.2", not_met),
        (dossier, "1.1", not_met),
        (other, "1.1", met),
    ):
        say(one.pk, criterion=code, stage=Stage.SELF, said=said, seen=None, actor=cast.officer, now=NOW)
    assert reverse("round_assign", args=[made]) in page(office, "round", made).content.decode()
    client, address = Client(), reverse("round_assign", args=[made])
    client.force_login(office, backend=settings.AUTHENTICATION_BACKENDS[1])
    client.get(address)
    with django_assert_max_num_queries(12):
        shown = client.get(address)
    assert {one.code: count for one, count, _ in shown.context["criteria"]} == {"1.1": 1, "1.2": 2}
    assert [(pk, count) for _, pk, count in shown.context["units"]] == [(dossier.pk, 2), (other.pk, 1)]
    assert (shown.context["unit_count"], shown.context["total"]) == (2, 3)
    typed = {"tieu-chi": "1.2", "giver": world.unit("Việt Nam")}
    assert post(office, "round_assign", made, **typed).status_code == 422, "no day"
    assert post(office, "round_assign", made, giver=typed["giver"], due=DUE).status_code == 422, "nothing"
    assert post(office, "round_assign", made, **typed, due=DUE).status_code == 302
    given = Assignment.objects.order_by("about_id")
    assert {one.about_id for one in given} == {f"{dossier.pk}/1.2", f"{other.pk}/1.2"}
    assert {one.owner_id for one in given} == {dossier.unit_id, other.unit_id}
    assert {one.due_on.isoformat() for one in given} == {DUE}
    assert Entry.objects.filter(object_kind="assignment").count() == 2, "each is in the log"
    left = page(office, "round_assign", made).context
    assert {one.code: count for one, count, _ in left["criteria"]} == {"1.1": 1}, "not given twice"


def test_only_units_to_which_one_may_give_are_given_to(
    dossier: Dossier, cast: People, world: Cast, grant: Grant
) -> None:
    elsewhere = User.objects.create_user("noi-khac")
    grant(elsewhere, "programme_office", world.unit("An Bình"))
    assert page(elsewhere, "round_assign", dossier.round_id).context["criteria"] == []
    for user in (cast.officer, cast.verifier):
        assert "giao-nhiem-vu" not in page(user, "round", dossier.round_id).content.decode()
        assert page(user, "round_assign", dossier.round_id).status_code == 403
        typed = {"tieu-chi": "1.2", "giver": world.unit("Việt Nam"), "due": DUE}
        assert post(user, "round_assign", dossier.round_id, **typed).status_code == 403
    assert not Assignment.objects.exists()
