"""The page on which an export is put together, and the addresses that stream it."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from kieumau.exports.access import may_open
from kieumau.exports.asking import ask, described
from kieumau.exports.choices import choices
from kieumau.exports.files import figures_file, verdicts_file
from kieumau.exports.formats import Format, format_of
from kieumau.exports.verdicts import ask_verdicts
from kieumau.kernel.messages import Problem, Refused
from kieumau.web.days import KNOWN

INDICATOR, PERIOD, WITHIN, LEVEL, MAP, DAY, SET, FORMAT, YEAR_AGO = (
    "chi-tieu", "ky", "trong", "cap", "ban-do", "ngay", "bo", "dang", "cung-ky",
)  # fmt: skip


@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """What can be taken out, and how."""
    return _page(request, [])


@require_safe
def export_figures(request: HttpRequest) -> HttpResponseBase:
    """The figures asked for, streamed; the page again with what is wrong with the question (400)."""
    asked = request.GET
    try:
        form = format_of(asked.get(FORMAT, "csv"))
        what = ask(
            indicators=_words(asked, INDICATOR),
            period=_word(asked, PERIOD),
            within=_word(asked, WITHIN),
            level=asked.get(LEVEL, "commune"),
            on=_word(asked, DAY) or asked.get(MAP, "reported"),
            known_on=_word(asked, KNOWN),
            with_year_ago=_word(asked, YEAR_AGO) != "0",
            language=_language(),
            today=timezone.localdate(),
        )
        return _streamed(request, figures_file(what, form), form, described(what))
    except Refused as refused:
        return _page(request, refused.problems, status=400)


@require_safe
def export_verdicts(request: HttpRequest) -> HttpResponseBase:
    """The verdicts asked for, streamed; the page again with what is wrong with the question (400)."""
    asked = request.GET
    try:
        form = format_of(asked.get(FORMAT, "csv"))
        what = ask_verdicts(
            criteria_set=_word(asked, SET),
            period=_word(asked, PERIOD),
            within=_word(asked, WITHIN),
            on=_word(asked, DAY) or asked.get(MAP, "reported"),
            known_on=_word(asked, KNOWN),
            language=_language(),
            today=timezone.localdate(),
        )
        then = f"-known-{what.known_on}" if what.known_on else ""
        name = f"kieumau-{what.criteria_set.code}-{what.criteria_set.version}-{what.on.word}{then}"
        return _streamed(request, verdicts_file(what, form), form, name)
    except Refused as refused:
        return _page(request, refused.problems, status=400)


def _language() -> str:
    return get_language() or "vi"


def _word(asked: QueryDict, name: str) -> str:
    """One word of the address, without what no database takes."""
    return asked.get(name, "").replace("\x00", "").strip()[:200]


def _words(asked: QueryDict, name: str) -> list[str]:
    return [word.replace("\x00", "")[:200] for word in asked.getlist(name)]


def _streamed(request: HttpRequest, pieces: Iterator[bytes], form: Format, name: str) -> HttpResponseBase:
    headers = {
        "Content-Type": form.content_type,
        "Content-Disposition": f'attachment; filename="{name}.{form.ending}"',
        "Cache-Control": "private, no-store",
    }
    if form.word in ("xlsx", "parquet"):  # packed already
        headers["Content-Encoding"] = "identity"
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    return StreamingHttpResponse(pieces, headers=headers)


def _page(request: HttpRequest, problems: list[Problem], status: int = 200) -> HttpResponse:
    context = {
        **choices(request.GET, timezone.localdate(), _language()),
        "problems": [problem.in_(_language()) for problem in problems],
        "crumbs": [(gettext("Download"), "")],
        "may_open": may_open(request.user),
    }
    return render(request, "exports/exports.html", context, status=status)
