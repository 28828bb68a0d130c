"""The page of forms: one to download, one to send back filled in."""

import base64
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST, require_safe

from kieumau.accounts.models import User
from kieumau.exports.formats import FORMATS
from kieumau.exports.forms.around import offered, returns_of
from kieumau.exports.forms.making import ask_form, file_name, make_sheets
from kieumau.exports.forms.taking import LIMITS, Taken, take_form
from kieumau.exports.forms.writing import write_form
from kieumau.indicators.imports import file_faults
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.returns.access import closed_to_entry, may_enter
from kieumau.returns.queries import newest_forms

FORM, PERIOD, UNIT, FILE = "mau", "ky", "don-vi", "tep"
SHOWN = 50


@require_safe
def forms(request: HttpRequest) -> HttpResponse:
    """Which forms there are; the way back in for those who may enter figures."""
    return _page(request)


@require_safe
def form_download(request: HttpRequest) -> HttpResponse:
    """The workbook; the page again with what is wrong with the question (400)."""
    asked = {
        name: request.GET.get(name, "").replace("\x00", "").strip()[:100] for name in (FORM, PERIOD, UNIT)
    }
    try:
        form = ask_form(form=asked[FORM], period=asked[PERIOD], unit=asked[UNIT])
        content = write_form(make_sheets(form, _language()), _language())
    except Refused as refused:
        return _page(request, refused.problems, status=400)
    name = file_name(form, asked[UNIT], timezone.localdate())
    headers = {
        "Content-Type": FORMATS["xlsx"].content_type,
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, headers=headers)


@require_POST
def form_upload(request: HttpRequest) -> HttpResponse:
    """Take a filled form in: what was stored, or what is wrong with the workbook to mend (422)."""
    if not may_enter(request.user, None):
        return _page(request, [_not_yours()], status=403)
    upload = request.FILES.get(FILE)
    if not isinstance(upload, UploadedFile):
        reason = Text(vi="Chưa chọn tệp.", en="No file was chosen.")
        return _page(request, [Problem("no-file", reason)], status=422)
    try:
        taken = _taken(upload, cast(User, request.user))
    except Refused as refused:
        return _page(request, refused.problems, status=422)
    return _page(
        request, list(taken.report.problems), status=200 if taken.returned is None else 422, taken=taken
    )


def _taken(upload: "UploadedFile[bytes]", actor: User) -> Taken:
    """The upload as a file of its own for as long as it is read."""
    if (upload.size or 0) > LIMITS.file_bytes:
        raise Refused([file_faults.too_large(upload.size or 0, LIMITS.file_bytes)])
    with TemporaryDirectory(prefix="kieumau-") as folder:
        path = Path(folder) / _safe(upload.name or "")
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        return take_form(path, actor=actor, language=_language(), closed=partial(closed_to_entry, actor))


def _safe(name: str) -> str:
    """The name by which the file is known from now on: letters, digits, and its ending."""
    stem, _, ending = Path(name).name.rpartition(".")
    kept = "".join(sign for sign in (stem or ending) if sign.isalnum() or sign in "-_ ")[:80]
    return f"{kept or 'form'}.{ending.lower() if ending.isalnum() and len(ending) < 6 else 'xlsx'}"


def _not_yours() -> Problem:
    return Problem("may-not-enter", Text(vi="Bạn không được nhập số liệu.", en="You may not enter figures."))


def _language() -> str:
    return get_language() or "vi"


def _page(
    request: HttpRequest, problems: list[Problem] | None = None, status: int = 200, taken: Taken | None = None
) -> HttpResponse:
    known = offered(newest_forms(), timezone.localdate())
    said = [problem.in_(_language()) for problem in problems or []]
    context: dict[str, Any] = {
        "forms": known,
        "form": request.GET.get(FORM, ""),
        "period": request.GET.get(PERIOD, "") or next((code for one in known for code in one.periods), ""),
        "unit": request.GET.get(UNIT, ""),
        "problems": said[:SHOWN],
        "more": max(0, (taken.report.problem_count if taken else len(said)) - SHOWN),
        "taken": taken,
        "returns": returns_of(taken.sheets, timezone.now()) if taken else [],
        "is_standing": bool(taken and set(taken.report.problem_counts) == {"return-stands"}),
        "returned": base64.b64encode(taken.returned).decode() if taken and taken.returned else "",
        "may_enter": may_enter(request.user, None),
        "crumbs": [(gettext("Excel forms"), "")],
    }
    return render(request, "exports/forms.html", context, status=status)
