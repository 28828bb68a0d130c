"""Stories in which nearly every action is done once, for the test that each leaves an entry in the log."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.contrib.sessions.backends.db import SessionStore

from kieumau.accounts.models import User
from kieumau.accounts.signing import sessions
from kieumau.accounts.signing.closing import close_account, forget
from kieumau.accounts.signing.invitations import accept, invite, take_back
from kieumau.accounts.signing.models import RunningSession
from kieumau.accounts.tests.granting import grant
from kieumau.accounts.tokens import make_token, revoke_token
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import NOW, SET, Cast, load_world
from kieumau.assignments import actions as assignments
from kieumau.assignments.models import Conclusion, Directive
from kieumau.awards import actions as awards
from kieumau.awards.actions.earlier import Earlier
from kieumau.awards.models import Paper, Title
from kieumau.awards.rules import Decision, Ground, Issued
from kieumau.calendars.days_off import clear_day, load_days_off, set_day
from kieumau.criteria import actions as criteria
from kieumau.criteria.models import CriteriaSet, Draft
from kieumau.demo import an_hung
from kieumau.documents import actions as documents
from kieumau.documents.installation import store
from kieumau.documents.models import File
from kieumau.documents.rules import Facts
from kieumau.indicators import actions as indicators
from kieumau.indicators.models import Source
from kieumau.kernel.messages import Place, Text
from kieumau.notices.actions import Choice, choose
from kieumau.notices.rules import Mail
from kieumau.programmes import actions as programmes
from kieumau.programmes.models import PlanStage, Programme
from kieumau.programmes.rules import ProgrammeFacts
from kieumau.rechecks.actions import check
from kieumau.returns import actions as returns
from kieumau.returns.tests import cast as owing
from kieumau.rounds import actions as rounds
from kieumau.rounds.models import Evidence, Round
from kieumau.rounds.rules import Stage
from kieumau.rounds.tests.cast import resolution
from kieumau.rounds.tests.test_opening import wish
from kieumau.units import actions as units
from kieumau.units.tests.conftest import COUNTRY, unit_rows
from kieumau.units.tests.test_changes import MERGER
from tests.doors_open import PEOPLE
from tests.doors_scene import Parts, something_of_everything

DAY = timedelta(days=1)


def path_of_an_hung(folder: Path) -> None:
    """Programme, teams, evidence, verification, recognition, refusal, merger."""
    an_hung.load()


def one_ward(folder: Path) -> None:
    """Something of everything around a ward; then all that is done seldom."""
    cast = load_world()
    people = {name: User.objects.create_user(name) for name in PEOPLE}
    for name, (role, unit) in PEOPLE.items():
        if role:
            grant(people[name], role, cast.unit(unit))
    parts = something_of_everything(cast, people)
    office = people["office"]
    _assignments(cast, parts, people["officer"], office)
    _titles(cast, parts)
    _drafts(parts)
    _programme(parts, office)
    _rounds(cast, parts, people["officer"], office)
    _shelf(cast, people["officer"])
    wish = Choice(Mail.NEVER, "vi", None, None, ())
    choose(office, wish, now=NOW)
    _signing(cast, people)
    make_token(name="máy", days=1, actor="an", now=NOW)
    revoke_token(name="máy", now=NOW, actor="an")


def _signing(cast: Cast, people: Mapping[str, User]) -> None:
    """Invited, taken back, accepted, sessions ended, closed, forgotten."""
    admin, ward = people["admin"], cast.unit("Cái Khế")
    by: dict[str, Any] = {"actor": admin, "unit_id": ward, "roles": ["officer"], "now": NOW}
    mistaken, _ = invite(name="nham", email="nham@a.vn", **by)
    take_back(actor=admin, invitation_id=mistaken.pk, now=NOW)
    invited, _ = invite(name="canbo", email="canbo@a.vn", programme="", **by)
    person = accept(invitation_id=invited.pk, password=None, now=NOW)
    at = [_signed_in(person) for _ in range(3)]
    sessions.end(user=person, session_id=at[0].pk, now=NOW)
    sessions.end_others(user=person, keep=at[1].session_key, now=NOW)
    close_account(person=person, reason="Chuyển công tác", actor=admin, now=NOW)
    forget(now=NOW + 365 * DAY, actor="tests")


def _signed_in(person: User) -> RunningSession:
    """A browser in which somebody is signed in."""
    session = SessionStore()
    session.create()
    key = session.session_key or ""
    return RunningSession.objects.create(user=person, session_key=key, began_at=NOW, seen_at=NOW)


def _assignments(cast: Cast, parts: Parts, officer: User, office: User) -> None:
    pk, ward, province = parts["assignment_id"], cast.unit("Cái Khế"), cast.unit("Cần Thơ")
    later: dict[str, Any] = {"actor": office, "now": NOW}
    assignments.ask(pk, due_on=date(2099, 2, 1), reason="Chờ vật tư", actor=officer, now=NOW)
    assignments.refuse_time(pk, reason="Đã đủ", **later)
    assignments.ask(pk, due_on=date(2099, 3, 1), reason="Vẫn chờ", actor=officer, now=NOW)
    assignments.grant(pk, due_on=date(2099, 3, 1), reason="Được", **later)
    assignments.change(pk, text="Sửa chữa, sơn lại", partners=(), seen=None, **later)
    assignments.report(pk, text="Xong", percent=100, actor=officer, now=NOW)
    assignments.send_back(pk, reason="Chưa có biên bản", **later)
    assignments.withdraw(pk, reason="Không cần nữa", **later)
    due = (NOW + 2 * DAY).date()
    assignments.give_for(assignments.Came(), [ward], text="Rà soát", due_on=due, giver_id=province, **later)
    assignments.remind(actor="tests", now=NOW + 5 * DAY)
    seen = assignments.VisitFacts(
        ward,
        province,
        date(2026, 11, 12),
        date(2026, 11, 13),
        "Kiểm tra lại trụ sở",
        (("Trưởng phòng", "PA05"),),
        conclusions=("Sửa chữa trụ sở.",),
    )
    assignments.change_visit(parts["visit_id"], seen, seen=1, **later)
    said = assignments.DirectiveFacts(
        Directive.Source.CONFERENCE, province, date(2026, 11, 12), "Hội nghị sơ kết", "Rà soát lại trụ sở"
    )
    assignments.change_directive(parts["directive_id"], said, seen=1, **later)
    settled = Conclusion.objects.create(visit_id=parts["visit_id"], number=2, text="Đã sửa xong.")
    assignments.settle_conclusion(settled.pk, why="Đã làm tại chỗ", **later)


def _titles(cast: Cast, parts: Parts) -> None:
    shelved = File.objects.get(pk=parts["file_id"]).document
    decision = Decision(shelved.reference or "9/QĐ-BCA", shelved.issued_on, "Bộ Công an")
    awards.attach(parts["title_id"], shelved, kind=Paper.Kind.CERTIFICATE, actor="tests", now=NOW)
    rows = [
        Earlier(
            cast.unit("An Bình"),
            Text(vi="Xã điển hình", en="Exemplary commune"),
            Decision("7/QĐ", date(2019, 1, 2), "Bộ Công an"),
            awards.Recognition(starts_on=date(2019, 1, 2), ends_before=date(2020, 1, 2)),
            None,
            Place(),
        )
    ]
    awards.record_all_earlier(rows, actor="tests", now=NOW)
    there = Title.objects.get(pk=parts["title_id"]).particulars
    handed = replace(there, certificate="17/2026", ceremony_on=date(2026, 2, 3))
    corrected = Issued("18/CV", handed.decision.decided_on)
    awards.put_right(parts["title_id"], handed, reason="Trao sau", by=corrected, actor="tests", now=NOW)
    over = replace(decision, reference="8/QĐ-BCA", decided_on=NOW.date())
    awards.withdraw(
        parts["title_id"],
        over,
        ground=Ground.STANDARD_NOT_MET,
        reason="Không còn đạt",
        actor="tests",
        now=NOW,
    )


def _drafts(parts: Parts) -> None:
    draft = Draft.objects.get(pk=parts["draft_id"])
    by: dict[str, Any] = {"actor": "an", "now": NOW}
    draft = criteria.save_text(draft=draft, text=f"{draft.text}\n# sửa\n", based_on=draft.version, **by)
    copied = criteria.copy_draft(draft=draft, **by)
    criteria.delete_draft(draft=copied, based_on=copied.version, **by)
    copied.refresh_from_db()
    criteria.restore_draft(draft=copied, **by)
    criteria.copy_version(criteria_set=CriteriaSet.objects.get(code="model-ward"), **by)
    text = SET.read_text(encoding="utf-8").replace("code: model-ward", "code: other-ward", 1)
    criteria.issue(draft=criteria.make_draft(text=text, **by), **by)


def _programme(parts: Parts, office: User) -> None:
    stage = PlanStage.objects.get(pk=parts["row_id"])
    programmes.remove_row(stage, version=stage.version, actor=office, now=NOW)
    made = Programme.objects.get(code=parts["code"])
    names = ProgrammeFacts.__slots__
    facts = ProgrammeFacts(**{name: getattr(made, name) for name in names})
    renamed = replace(facts, name_en="Model wards of the country")
    programmes.change_programme(made, renamed, version=made.version, actor=office, now=NOW)


def _rounds(cast: Cast, parts: Parts, officer: User, office: User) -> None:
    check(parts["recheck_id"], outcome=Outcome.MET, remark="Đã xem lại", actor=office, now=NOW)
    proof = Evidence.objects.filter(dossier__round__state="open", dossier__submitted_at=None).get()
    made = Round.objects.get(pk=proof.dossier.round_id)
    rounds.remove_evidence(proof, actor=officer, now=NOW)
    rounds.extend(
        made,
        stage=Stage.SELF,
        area_id=made.area_id,
        due_on=date(2099, 6, 1),
        reason="Bão",
        actor=office,
        now=NOW,
    )
    by: dict[str, Any] = {"actor": office, "now": NOW}
    people = [User.objects.get(username="verifier")]
    team = rounds.assign_team(
        made, area_id=cast.unit("Cần Thơ"), name="Tổ 1", criteria=["1.1"], people=people, **by
    )
    team = rounds.change_team(team, name="Tổ một", criteria=["1.2"], people=people, seen=1, **by)
    rounds.end_team(team, reason="Xong việc", seen=team.version, **by)
    rounds.cancel(rounds.ask_for_round(wish(cast), **by), reason="Thôi", **by)
    rounds.begin_anew(rounds.ask_for_round(wish(cast), **by), reason="Cây đơn vị đã đổi", **by)


def _shelf(cast: Cast, officer: User) -> None:
    ward = cast.unit("Cái Khế")
    facts = Facts(kind="report", issued_on=date(2026, 3, 2), summary="Báo cáo quý I", reference="5/BC")
    made = documents.add_document(ward, facts, actor=officer, now=NOW)
    said = replace(facts, summary="Báo cáo quý I năm 2026")
    documents.change_document(made.pk, said, version=made.version, actor=officer, now=NOW)
    documents.delete_document(made.pk, store=store(), actor=officer, now=NOW)
    filed = File.objects.get(document=resolution(ward))
    documents.remove_file(filed.pk, store=store(), actor=officer, now=NOW)


def returns_of_a_month(folder: Path) -> None:
    """Entered, submitted, sent back, accepted, unlocked; days off; figures that are taken away again."""
    world = owing.load_world(folder)
    when = owing.OPENED + timedelta(hours=2)
    clear: dict[str, Any] = {"actor": "thử", "now": when}
    set_day(date(2027, 3, 3), is_working=False, name=Text(vi="Nghỉ", en="Off"), source="thử", **clear)
    clear_day(date(2027, 3, 3), **clear)
    load_days_off([2028], **clear)
    world.enter("C11", when, "1", "1", "1")
    report = world.report("C11").pk
    returns.submit(report, actor=world.an, now=when)
    returns.send_back(report, actor=world.binh, now=when, reason="Nhầm")
    returns.submit(report, actor=world.an, now=when)
    returns.accept(report, actor=world.binh, now=when, looked=True)
    returns.remind(on=owing.DUE.date() - 2 * DAY, now=when)
    _figures(world, when)
    late = owing.LOCKED + DAY
    returns.unlock(report, actor=world.binh, now=late, reason="Nhầm", until=late + 3 * DAY)


def _figures(world: owing.World, when: datetime) -> None:
    key = world.country.key("2026-08", "C12", "people")
    indicators.enter_figures(key[1], key[0], {"people": Decimal(7)}, {}, actor="lan", now=when)
    source = Source.objects.latest("pk")
    indicators.remove_figures([key], source=source)


def changes_of_units(folder: Path) -> None:
    """Units from a file, a merger recorded and undone."""
    keys = ("code", "name", "kind", "parent", "valid_from")
    lines = [",".join(keys), *(",".join(row[key] for key in keys) for row in unit_rows(COUNTRY))]
    path = folder / "units.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    units.load_units(path, actor="tests", register="m")
    units.record_change(act=MERGER, actor="tests")
    units.undo_change(key=MERGER.key, actor="tests")
    units.record_change(act=MERGER, actor="tests")
    units.undo_changes(keys=[MERGER.key], actor="tests")


STORIES = (one_ward, path_of_an_hung, returns_of_a_month, changes_of_units)
