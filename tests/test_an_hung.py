"""The path of An Hưng, as reported: one test, from the plan of April 2023 to the ward that it went to.

It is the same path that `kieumau demo` loads: chapter by chapter by the real actions, each with the clock
of its day. The figures behind the published shares are made up (`demo/an_hung_figures.py`).
"""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from kieumau.accounts.models import Grant, User
from kieumau.accounts.scopes import holders
from kieumau.assessments.rules import Outcome
from kieumau.assignments.models import Assignment, Visit
from kieumau.audit.models import Entry
from kieumau.audit.proving import prove
from kieumau.awards.models import Title
from kieumau.awards.queries import of_unit, titles
from kieumau.awards.rules import Standing
from kieumau.demo import an_hung, an_hung_2023, an_hung_later, an_hung_visit
from kieumau.demo.an_hung_2023 import STRANDS
from kieumau.demo.an_hung_steps import (
    APPRAISED,
    DECIDED,
    INSPECTED,
    MERGED,
    NEXT_LOOKED,
    OPENED,
    PLANNED,
    ROUND_2023,
    ROUND_2024,
    SUBMITTED,
    VERIFIED,
    Cast,
)
from kieumau.demo.posts import TEAMS, share_password
from kieumau.documents.models import Document, File
from kieumau.kernel.messages import Text
from kieumau.programmes.models import BudgetLine, Member, PlanStage, Seat, Target
from kieumau.programmes.rules import total
from kieumau.rounds.dossier_page import Page, page_of
from kieumau.rounds.freezing import fingerprint
from kieumau.rounds.models import Dossier, Evidence, Move, Round, StageFinding, Team, Vote
from kieumau.rounds.rules import Act, Stage, State
from kieumau.units.models import Term

pytestmark = pytest.mark.django_db

YEAR_END = {"6", "18", "20", "22"}


def outcomes(page: Page) -> dict[str, Outcome]:
    return {line.criterion.code: line.outcome for line in page.lines}


def count(page: Page, outcome: Outcome) -> int:
    return sum(one is outcome for one in outcomes(page).values())


def read_as_decided(cast: Cast) -> tuple[str, Any, list[Any]]:
    """Everything that the decision rests on, as it reads today."""
    page = page_of(cast.first, MERGED)
    lines = [(one.criterion.code, one.criterion.title.vi, one.outcome, one.latest) for one in page.lines]
    return fingerprint(cast.first.pk), page.result, lines


def april_2023(cast: Cast) -> None:
    """April 2023: the province plans to make An Hưng a model, with more than 4.6 billion VND."""
    an_hung_2023.plan(cast)
    assert PLANNED.date() == date(2023, 4, 17)
    pilot = Member.objects.get(phase=Member.Phase.PILOT)
    assert (pilot.unit_id, pilot.valid.lower) == (cast.ward, date(2023, 4, 14))
    assert PlanStage.objects.earliest("starts_on").starts_on == date(2023, 4, 3)
    assert [one.share for one in Target.objects.order_by("year")] == [Decimal("0.3"), Decimal(1)]
    lines = list(BudgetLine.objects.filter(unit=cast.ward))
    assert total([one.approved for one in lines]).known == Decimal(4_600_000_000)
    spent = total([one.spent for one in lines])
    assert (spent.known, spent.missing) == (Decimal(4_112_500_000), 1), "what nobody has said is not zero"
    assert Seat.objects.filter(body=Seat.Body.STEERING).count() == 4
    assert Seat.objects.filter(body=Seat.Body.HELPERS).count() == 4
    assert File.objects.filter(document__unit=cast.province).count() == 3, "the plan and its papers"


def teams_for_every_criterion(cast: Cast) -> None:
    """May 2023: a round, and groups that check, guide and urge every criterion."""
    an_hung_2023.open_2023(cast)
    first = cast.first
    assert (first.round.state, first.round.expected_count) == (Round.State.OPEN, 1)
    looked_after = [set(team.criteria.values_list("code", flat=True)) for team in Team.objects.all()]
    assert looked_after == [{str(code) for code in strand} for strand in STRANDS]
    assert set.union(*looked_after) == {str(code) for code in range(1, 23)}
    may_verify = holders("rounds.verify", cast.ward, cast.programme.code, OPENED.date())
    assert {User.objects.get(pk=one["pk"]).username for one in may_verify} == {post.name for post in TEAMS}


def october_2023(cast: Cast) -> None:
    """12 October 2023: 18 of 22 criteria are met, the other four are not yet due."""
    an_hung_2023.nine_months(cast)
    an_hung_2023.inspection(cast)
    page = page_of(cast.first, INSPECTED)
    assert INSPECTED.date() == date(2023, 10, 12)
    assert (count(page, Outcome.MET), count(page, Outcome.NOT_DUE), len(page.lines)) == (18, 4, 22)
    assert {code for code, one in outcomes(page).items() if one is Outcome.NOT_DUE} == YEAR_END
    assert {one.due_on for one in page.lines if one.criterion.code in YEAR_END} == {date(2023, 12, 14)}
    assert {one.criterion.code for one in page.lines if one.evidence} == {"1", "4", "10", "14"}


def visited(cast: Cast) -> None:
    """The same day: an inspection; its conclusions become assignments, one of them for other wards."""
    an_hung_visit.visit(cast)
    said = Visit.objects.get(unit=cast.ward)
    assert (said.starts_on, said.conclusions.count()) == (date(2023, 10, 12), 3)
    given = Assignment.objects.order_by("due_on", "owner")
    assert [one.due_on for one in given] == [
        date(2023, 12, 18),
        date(2024, 1, 10),
        *[date(2024, 12, 31)] * 3,
    ]
    assert set(given.values_list("giver", flat=True)) == {cast.province}
    assert {one.owner_id for one in given[:2]} == {cast.ward}


def year_end(cast: Cast) -> None:
    """December 2023: the four are answered, and the dossier is submitted."""
    an_hung_2023.year_end(cast)
    page = page_of(cast.first, SUBMITTED)
    assert (count(page, Outcome.MET), page.place.stage) == (22, Stage.VERIFICATION)
    frozen: Any = cast.first.frozen
    assert frozen["judged_on"] == "2023-12-18"
    assert sum(outcome == "met" for outcome, _ in frozen["criteria"].values()) == 18
    assert Document.objects.filter(unit=cast.ward, sealed_at=None).count() == 0


def verified(cast: Cast) -> None:
    """One criterion goes back and is answered again; then everything is verified, by others."""
    first = cast.first
    an_hung_2023.verification(cast)
    acts = [(one.act, one.by) for one in Move.objects.filter(dossier=first).order_by("number")]
    assert acts == [
        (Act.SUBMIT, "an-hung.lanh-dao"),
        (Act.SEND_BACK, "thanh-hoa.to-4"),
        (Act.SUBMIT, "an-hung.lanh-dao"),
        (Act.CONCLUDE, "thanh-hoa.to-1"),
    ]
    assert Move.objects.get(act=Act.SEND_BACK).criteria == ["22"]
    survey = StageFinding.objects.get(dossier=first, stage=Stage.SELF, criterion__code="22")
    assert (survey.version, "288" in survey.remark) == (2, True)
    assert not Evidence.objects.filter(dossier=first).exclude(state=Evidence.State.ACCEPTED).exists()
    an_hung_visit.done_by_the_ward(cast)
    assert not Assignment.objects.filter(owner=cast.ward).exclude(state="closed").exists()


def recognized(cast: Cast) -> None:
    """The ministry appraises on site, a council votes; four months after the year the decision comes."""
    first = cast.first
    an_hung_2023.appraisal(cast)
    assert cast.first.state == State.CONCLUDED
    vote = Vote.objects.get(dossier=first)
    assert (vote.members, vote.in_favor, vote.against) == (9, 9, 0)
    an_hung_2023.recognition(cast)
    title = titles(DECIDED.date()).get(unit=cast.ward)
    assert (title.decided_on, title.ceremony_on) == (date(2024, 4, 15), date(2024, 4, 26))
    assert (title.valid.lower, title.valid.upper) == (date(2024, 4, 15), date(2025, 4, 15)), "for a year"
    assert (title.reference, title.certificate) == ("2604/QĐ-BCA", "Giấy chứng nhận số 17/2024")
    assert title.document is not None
    assert (title.document.issuer, title.issuer) == ("Bộ trưởng Bộ Công an", "Bộ trưởng Bộ Công an")
    assert title.dossier_sha256 == fingerprint(first.pk)
    assert cast.first.round.state == Round.State.CLOSED
    assert (cast.first.state, title.standing(DECIDED.date())) == (State.DECIDED, Standing.IN_FORCE)
    assert SUBMITTED < VERIFIED < APPRAISED < DECIDED


def another_set(cast: Cast) -> None:
    """2024: the set has 20 criteria now."""
    an_hung_later.open_2024(cast)
    an_hung_later.year_2024(cast)
    assert len(page_of(cast.second, NEXT_LOOKED).lines) == 20
    sets = cast.programme.sets.order_by("from_year").values_list("from_year", "criteria_set__code")
    assert list(sets) == [(2023, "model-ward-2023"), (2024, "model-ward-2024")]
    page = page_of(cast.first, NEXT_LOOKED)
    assert (len(page.lines), count(page, Outcome.MET)) == (22, 22)
    assert list(Round.objects.order_by("made_at").values_list("name", flat=True)) == [ROUND_2023, ROUND_2024]
    assert Dossier.objects.filter(round__name=ROUND_2024).count() == 4, "three more wards follow"
    second = page_of(cast.second, NEXT_LOOKED)
    assert (second.place.stage, second.place.state) == (Stage.VERIFICATION, State.OPEN)
    looked = StageFinding.objects.filter(dossier=cast.second, stage=Stage.VERIFICATION)
    assert 0 < looked.count() < len(second.lines)
    an_hung_visit.replicated(cast)
    assert Assignment.objects.filter(state="closed").count() == 5, "replicated"


def not_recognized_again(cast: Cast) -> None:
    """April 2025: 19 of 20 are met, equipment is not; the decision says so. The round ends with the wards."""
    an_hung_later.end_2024(cast)
    page = page_of(cast.second, MERGED)
    assert cast.second.state == State.DECIDED
    assert {code for code, outcome in outcomes(page).items() if outcome is not Outcome.MET} == {"6"}
    decided = Move.objects.get(dossier=cast.second, act=Act.DECIDE)
    assert "86,7 %" in decided.reason
    assert Title.objects.filter(unit=cast.ward).count() == 1, "that of 2023, which runs out"
    assert cast.second.round.state == Round.State.CLOSED
    waiting = Dossier.objects.filter(round=cast.second.round).exclude(state=State.DECIDED)
    assert waiting.count() == 3, "not submitted: they stay where they were, and the round says why"


def merged(cast: Cast) -> None:
    """1 July 2025: the ward ends. The one that most of it went to shows the title that An Hưng held."""
    title = Title.objects.get(unit=cast.ward)
    an_hung_later.merger(cast)
    [shown] = of_unit(cast.heir, MERGED.date())
    assert (shown.title, shown.by) == (title, Text(vi="Phường An Hưng", en="An Hưng Ward"))
    assert shown.standing is Standing.EXPIRED
    page = Client().get(f"/don-vi/{cast.heir}/").content.decode()
    assert "đơn vị cũ Phường An Hưng được công nhận" in " ".join(page.split())
    assert not Term.objects.filter(unit=cast.ward, valid__contains=MERGED.date()).exists()
    taking_part = Member.objects.filter(programme=cast.programme, valid__contains=MERGED.date())
    assert [one.unit_id for one in taking_part] == [cast.heir]
    assert {one.unit_id for one in Grant.objects.filter(user__username="an-hung.can-bo", ended_at=None)} == {
        cast.heir
    }


def test_the_path_of_an_hung(settings: Any, tmp_path: Path) -> None:
    settings.KIEUMAU_FILES, settings.KIEUMAU_OPEN_READING = str(tmp_path / "files"), True
    cast = an_hung.units()
    april_2023(cast)
    teams_for_every_criterion(cast)
    october_2023(cast)
    visited(cast)
    year_end(cast)
    verified(cast)
    recognized(cast)
    decided = read_as_decided(cast)
    another_set(cast)
    assert read_as_decided(cast) == decided, "what was decided reads exactly as it did"
    not_recognized_again(cast)
    merged(cast)
    assert read_as_decided(cast) == decided

    # It is loaded once; the log holds every step, and holds together.
    entries = Entry.objects.count()
    an_hung.load()
    assert Entry.objects.count() == entries
    connection.check_constraints()  # links of the log are made at the end of a transaction
    assert not prove().faults


def test_an_interrupted_load_goes_on(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.KIEUMAU_FILES = str(tmp_path / "files")
    monkeypatch.setattr(an_hung, "CHAPTERS", an_hung.CHAPTERS[:7])
    cast = an_hung.load()
    assert cast.first.stage == Stage.APPRAISAL
    monkeypatch.undo()
    settings.KIEUMAU_FILES = str(tmp_path / "files")
    an_hung.load()
    assert cast.first.state == State.DECIDED
    assert cast.second.state == State.DECIDED
    owner = User.objects.create_user("van-phong", password="một mật khẩu dài")
    names = {post.name for post in share_password(owner.username)}
    assert {"an-hung.can-bo", "bo.phuc-tra"} <= names
    assert Client().login(username="an-hung.can-bo", password="một mật khẩu dài")
