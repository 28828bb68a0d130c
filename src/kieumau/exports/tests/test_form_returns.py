"""A form that was sent in leads to its return and says how that stands; every form names its periods."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from kieumau.exports.forms.around import offered
from kieumau.exports.forms.making import ask_form
from kieumau.exports.forms.sheets import HEADING_ROW
from kieumau.kernel.messages import Refused
from kieumau.returns.actions import load_form, submit
from kieumau.returns.models import Return
from kieumau.returns.queries import newest_forms
from kieumau.returns.tests.cast import FORM, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(kept_owing_now: World) -> World:
    """The latest month is open, and stays open for a while."""
    Return.objects.update(locks_at=timezone.now() + timedelta(days=3))
    return kept_owing_now


def sent(world: World, client: Client, report: Return, value: int) -> str:
    """The page after a form with one number for every line was sent in."""
    asked = {"mau": "mau-thang", "ky": report.period.code, "don-vi": "C11"}
    book = openpyxl.load_workbook(BytesIO(client.get("/bieu-mau/tai-ve/", asked).content))
    sheet = book.active
    for row in range(HEADING_ROW + 1, sheet.max_row + 1):
        if sheet[f"B{row}"].value != "#":
            sheet[f"G{row}"] = value
    buffer = BytesIO()
    book.save(buffer)
    answer = client.post("/bieu-mau/nop/", {"tep": SimpleUploadedFile("x.xlsx", buffer.getvalue())})
    return answer.content.decode()


def test_a_form_sent_in_leads_to_its_return_and_says_how_it_stands(world: World, client: Client) -> None:
    client.force_login(world.an)
    rows = Return.objects.filter(unit_id=world.country.units["C11"]).select_related("period")
    report = rows.order_by("-period__ends_before")[0]
    page = sent(world, client, report, 7)
    assert f'href="/bao-cao/{report.pk}/"' in page
    assert "chưa nộp: mở báo cáo" in page
    submit(report.pk, actor=world.an, now=timezone.now())
    page = sent(world, client, report, 8)
    assert "Không lưu gì: số liệu này đã nộp hoặc đã khóa" in page
    assert "Sửa các ô" not in page
    assert "chưa nộp: mở báo cáo" not in page


def test_every_form_says_its_own_periods(world: World, tmp_path: Path) -> None:
    """Yearly figures are asked for with November and December; the page says so, and so does a refusal."""
    day = date(2026, 11, 22)
    assert offered(newest_forms(), day)[0].periods == ("10/2026", "9/2026")
    yearly = FORM.replace("since: ", "numbers: [11, 12], since: ")
    path = tmp_path / "yearly.yaml"
    path.write_text(yearly, encoding="utf-8")
    load_form(path, actor="thử", now=timezone.now())
    assert offered(newest_forms(), day)[0].periods == ("12/2025", "11/2025")
    with pytest.raises(Refused) as caught:
        ask_form(form="mau-thang", period="2026", unit="C11")
    said = caught.value.problems[0].in_("vi")
    assert "hỏi theo từng tháng, không theo kỳ “2026”" in said
    assert "Ví dụ 1" in said  # 11/…, 12/…
