"""One ward with something of everything that an address can name: made by the real actions and pages."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kieumau.accounts.models import Grant, User
from kieumau.assessments.tests.cast import NOW, SET, Cast
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
from kieumau.returns.actions import load_form, open_periods
from kieumau.returns.models import Return
from kieumau.rounds.actions import add_evidence
from kieumau.rounds.models import Dossier
from kieumau.rounds.tests.cast import open_round, resolution
from kieumau.units.models import Change

Parts = dict[str, Any]
MODEL = "model-ward"
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
    return values


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
    }


def _told(person: User, unit_id: int) -> int:
    word = Word(TOLD, Text(vi="Có việc.", en="There is work."), "/", "tests", unit_id)
    tell(word, [person.pk], now=NOW)
    return Notice.objects.get(person=person).pk


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
    document = resolution(ward)
    client = Client()
    client.force_login(officer)
    page = SimpleUploadedFile("nghi-quyet.pdf", pdf(), content_type="application/pdf")
    sent = client.post(reverse("document_files", args=[document.pk]), {"files": [page]})
    assert sent.status_code == 302, sent.content.decode()
    add_evidence(dossier.pk, criterion="1.1", document=document, actor=officer, now=NOW)
    return {
        "round_id": made.pk,
        "dossier_id": dossier.pk,
        "document_id": document.pk,
        "file_id": File.objects.get(document=document).pk,
    }
