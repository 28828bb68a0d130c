"""One ward with something of everything that an address can name: made by the real actions and pages.

Part by part: an address names them, `parts_of` puts them together. What is to last is dated far ahead.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kieumau.accounts.models import Grant, User
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import NOW, SET, Cast
from kieumau.assignments.actions import (
    DirectiveFacts,
    Pick,
    VisitFacts,
    assign_conclusions,
    record_directive,
    record_visit,
)
from kieumau.assignments.models import Directive
from kieumau.awards.actions import Recognition, record_earlier
from kieumau.awards.rules import Decision
from kieumau.criteria.actions import make_draft
from kieumau.documents.models import File
from kieumau.documents.tests.hostile import pdf
from kieumau.kernel.messages import Text
from kieumau.notices.actions import Word, tell
from kieumau.notices.kinds import Kind
from kieumau.notices.models import Notice
from kieumau.programmes.actions import add_row, make_programme
from kieumau.programmes.rules import ProgrammeFacts, StageFacts
from kieumau.quality.actions import sweep
from kieumau.quality.checks import BY_CODE
from kieumau.rechecks.actions import Size, draw
from kieumau.rechecks.models import Draw, Recheck
from kieumau.returns.actions import load_form, open_periods
from kieumau.returns.models import Return
from kieumau.rounds.actions import add_evidence, conclude, look_at_evidence, say, submit
from kieumau.rounds.models import Dossier
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import open_round, resolution
from kieumau.units.models import Change

Parts = dict[str, Any]
MODEL = "model-ward"
AT = "at"  # what stands in the parts of single addresses
MET = Said(Outcome.MET)
TOLD = Kind("tests.told", Text(vi="Được báo", en="Told"))
# Parts that mean something else at some addresses: the first words of the name decide.
OTHERWISE: Mapping[str, Parts] = {
    "quality_check": {"code": "negative-count"},
    "dossier": {"code": "1.1"},
}


def parts_of(name: str, parts: list[str], there: Parts) -> Parts:
    """What stands in the parts of an address, those of something that is there."""
    values = {part: there.get(part, 99999999) for part in parts}
    for first, other in OTHERWISE.items():
        if name.startswith(first):
            values |= {part: value for part, value in other.items() if part in values}
    only_here: Parts = there[AT].get(name, {})
    return values | only_here


def something_of_everything(cast: Cast, people: Mapping[str, User]) -> Parts:
    """The numbers and names of what there is for the ward Cái Khế."""
    ward = cast.unit("Cái Khế")
    load_form("vn-commune-month", actor="test", now=NOW)
    open_periods(actor="test", now=NOW)
    sweep(actor="test", now=NOW, checks=[BY_CODE["negative-count"]])
    return {
        "unit_id": ward,
        "indicator": "crime.total",
        "change_id": Change.objects.get().pk,
        "draft_id": make_draft(text=SET.read_text(encoding="utf-8"), actor="an", now=NOW).pk,
        "position": 1,
        "code": MODEL,
        "version": 1,
        "number": 1,
        "criterion": "2.3",
        "return_id": Return.objects.get(unit_id=ward).pk,
        "grant_id": Grant.objects.get(user=people["officer"]).pk,
        "notice_id": _told(people["officer"], ward),
        **_programme(cast, ward),
        **_dossier(cast, ward, people["officer"]),
        **_assignment(cast, ward),
        **_recheck(cast, ward, people["officer"]),
    }


def _told(person: User, unit_id: int) -> int:
    word = Word(TOLD, Text(vi="Có việc.", en="There is work."), "/", "tests", unit_id)
    tell(word, [person.pk], now=NOW)
    return Notice.objects.get(person=person, kind=TOLD.code).pk


def _programme(cast: Cast, ward: int) -> Parts:
    """A programme with a stage of the ward's plan, and a title that the ward holds."""
    facts = ProgrammeFacts(
        area_id=cast.unit("Việt Nam"),
        name_vi="Phường kiểu mẫu",
        name_en="Model wards",
        title_vi="Công an phường kiểu mẫu",
        title_en="Model ward police",
        legal_basis="Kế hoạch 01/KH-BCA",
        level=3,
        kinds=(),
        first_year=2023,
        last_year=2030,
        lasts_months=12,
    )
    made = make_programme(MODEL, facts, actor="test", now=NOW)
    stage = StageFacts(ward, "Thí điểm", date(2026, 1, 1), date(2026, 12, 31), None, None)
    title = record_earlier(
        ward,
        Text(vi="Công an phường kiểu mẫu", en="Model ward police"),
        Decision("9/QĐ-BCA", date(2025, 12, 1), "Bộ Công an"),
        Recognition(starts_on=date(2025, 12, 1), ends_before=date(2099, 1, 1)),
        programme=made,
        actor="test",
        now=NOW,
    )
    return {
        "slug": "ke-hoach",
        "row_id": add_row(made, stage, actor="test", now=NOW).pk,
        "title_id": title.pk,
    }


def _dossier(cast: Cast, ward: int, officer: User) -> Parts:
    """An open round, the ward's dossier in it, a document with a file, pointed at as proof."""
    made = open_round(cast, due_on=date(2099, 1, 1))
    dossier = Dossier.objects.get(round=made, unit=ward)
    document = resolution(ward, has_file=False)
    client = Client()
    client.force_login(officer)
    page = SimpleUploadedFile("nghi-quyet.pdf", pdf(), content_type="application/pdf")
    sent = client.post(reverse("document_files", args=[document.pk]), {"files": [page]})
    assert sent.status_code == 302, sent.content.decode()
    add_evidence(dossier.pk, criterion="1.1", document=document, actor=officer, now=NOW)
    drawn = Draw.objects.create(
        round=made,
        area_id=made.area_id,
        number=1,
        seed="1",
        per_province=1,
        criteria_count=1,
        frame_sha256="0" * 64,
        frame_count=1,
        drawn_at=NOW,
        drawn_by="tests",
    )
    criterion = made.criteria_set.criteria.get(code="1.1")
    recheck = Recheck.objects.create(draw=drawn, dossier=dossier, criterion=criterion)
    return {
        "round_id": made.pk,
        "draw_id": drawn.pk,
        "recheck_id": recheck.pk,
        "dossier_id": dossier.pk,
        "document_id": document.pk,
        "file_id": File.objects.get(document=document).pk,
    }


def _assignment(cast: Cast, ward: int) -> Parts:
    """A visit of the province to the ward, a directive, and what the ward is to do after the visit."""
    day, province = date(2026, 11, 12), cast.unit("Cần Thơ")
    seen = VisitFacts(
        ward,
        province,
        day,
        day,
        "Kiểm tra trụ sở",
        (("Trưởng phòng", "PA05"),),
        conclusions=("Sửa chữa trụ sở.",),
    )
    visit = record_visit(seen, actor="test", now=NOW)
    said = DirectiveFacts(
        source=Directive.Source.CONFERENCE,
        issuer_id=province,
        issued_on=day,
        title="Hội nghị sơ kết",
        text="Các đơn vị rà soát trụ sở",
    )
    directive = record_directive(said, actor="test", now=NOW)
    picks = [Pick(one.pk, ward, date(2099, 1, 1)) for one in visit.conclusions.all()]
    (task,) = assign_conclusions(visit.pk, picks, giver_id=province, actor="test", now=NOW)
    return {"visit_id": visit.pk, "directive_id": directive.pk, "assignment_id": task.pk}


def _recheck(cast: Cast, ward: int, officer: User) -> Parts:
    """A round before, through all its stages, and a criterion of its dossier drawn to be looked at again."""
    made = open_round(cast, stages=(Stage.SELF, Stage.VERIFICATION), due_on=date(2099, 1, 1))
    dossier = Dossier.objects.get(round=made, unit=ward)
    verifier = User.objects.create_user("tham-dinh")
    _all_met(dossier, Stage.SELF, officer)
    proof = add_evidence(dossier.pk, criterion="1.1", document=resolution(ward), actor=officer, now=NOW)
    submit(dossier.pk, actor=officer, now=NOW)
    look_at_evidence(proof, is_accepted=True, reason="", actor=verifier, now=NOW)
    for code in ("1.1", "1.2"):
        say(
            dossier.pk, criterion=code, stage=Stage.VERIFICATION, said=MET, seen=None, actor=verifier, now=NOW
        )
    conclude(dossier.pk, actor=verifier, now=NOW)
    drawn = draw(made, area_id=cast.unit("Cần Thơ"), size=Size(1, 1), actor="test", now=NOW, reason="Thử")
    return {
        "draw_id": drawn.pk,
        "recheck_id": Recheck.objects.get(draw=drawn).pk,
        AT: {"recheck_draw": {"round_id": made.pk}, "inflation": {"round_id": made.pk}},
    }


def _all_met(dossier: Dossier, stage: Stage, actor: User) -> None:
    for code in ("1.1", "1.2"):
        say(dossier.pk, criterion=code, stage=stage, said=MET, seen=None, actor=actor, now=NOW)
