"""The endpoints. Each says what it takes and gives; the rest is `reading` and `figures`.

There is no page of documentation with somebody else's scripts: the description is at `openapi.json`.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI, Query
from ninja.errors import AuthenticationError, ValidationError
from pydantic import Field

from kieumau.api import figures as paging
from kieumau.api import reading
from kieumau.api.cursors import Question
from kieumau.api.opening import Opened
from kieumau.api.shapes import (
    Figures,
    Indicators,
    Periods,
    Problems,
    Said,
    Sets,
    UnitOut,
    Units,
    Verdicts,
    WholeSet,
)
from kieumau.api.verdicts import verdicts_after
from kieumau.criteria.queries import version
from kieumau.exports.asking import ask
from kieumau.exports.rows import LEVELS
from kieumau.exports.verdicts import ask_verdicts
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.units.queries import term, unit

MOST_PERIODS = 120
Limit = Annotated[int, Field(ge=1, le=2_000)]
Word = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
Level = Literal["nation", "province", "district", "commune"]
Language = Literal["vi", "en"]
WRONG: dict[int, Any] = {400: Problems, 401: Problems, 404: Problems, 422: Problems}

api = NinjaAPI(
    title="Kiểu Mẫu",
    version="1",
    description="Figures, verdicts and criteria sets, to be read by programs. Decimals are strings.",
    auth=Opened(),
    docs_url=None,
    urls_namespace="api",
)


@api.get("/units", response={200: Units, **WRONG}, summary="Units on a day")
def units(
    request: HttpRequest,
    on: date | None = None,
    within: Word = "",
    level: Level | None = None,
    search: Word = "",
    after: Word = "",
    limit: Limit = 500,
) -> dict[str, Any]:
    """Units as they were on a day: below a unit (`within`: its code), of a level, by a name or code."""
    day = on or timezone.localdate()
    question = Question.of("units", {"on": day, "within": within, "level": level, "search": search})
    path = term(within, day).path if within else None
    number = LEVELS[level] if level else None
    if search:
        question.key(after)
        return {"items": reading.units_like(search, day, path, number, min(limit, 100)), "next": None}
    items, following = reading.units_after(day, path, number, question.number(after), limit)
    return {"items": items, "next": question.cursor(following)}


@api.get("/units/{unit_id}", response={200: UnitOut, **WRONG}, summary="One unit on a day")
def one_unit(request: HttpRequest, unit_id: int, on: date | None = None) -> UnitOut:
    """A unit by its lasting id."""
    if not 0 < unit_id < 2**31:
        raise Http404
    return reading.unit_out(unit(unit_id, on or timezone.localdate()))


@api.get("/indicators", response={200: Indicators, **WRONG}, summary="The catalogue")
def indicators(request: HttpRequest, after: Word = "", limit: Limit = 500) -> dict[str, Any]:
    """Every indicator, by its code."""
    question = Question.of("indicators", {})
    items, following = reading.indicators_after(question.key(after), limit)
    return {"items": items, "next": question.cursor(following)}


@api.get("/periods", response={200: Periods, **WRONG}, summary="Reporting periods")
def periods(
    request: HttpRequest,
    calendar: Word = "",
    kind: Word = "",
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    after: Word = "",
    limit: Limit = 500,
) -> dict[str, Any]:
    """Periods of a calendar and kind that have a day between two days."""
    words = {"calendar": calendar, "kind": kind, "from": first, "to": last}
    question = Question.of("periods", words)
    items, following = reading.periods_after(calendar, kind, first, last, question.number(after), limit)
    return {"items": items, "next": question.cursor(following)}


@api.get("/figures", response={200: Figures, **WRONG}, summary="Figures on a map")
def figures(
    request: HttpRequest,
    indicators: Word,
    period: Word,
    within: Word = "",
    level: Level = "commune",
    map: Word = "reported",
    known_on: Word = "",
    year_ago: bool = True,
    language: Language = "vi",
    after: Word = "",
    limit: Limit = 500,
) -> dict[str, Any]:
    """Figures of the units of a level below a unit, for one or several periods, on one of the three maps.

    `indicators`: codes with commas, `crime.*`, `main`, `all`. `period`: `2025-10`, `nd09:2025-01..2025-12`.
    `map`: `reported`, `today` or a day. `known_on`: a day, for what was known at its end. `year_ago=false`
    leaves the figures of a year ago out. A page may be shorter than `limit`; the last one has no `next`.
    """
    today = timezone.localdate()
    words = {"indicators": indicators, "period": period, "within": within, "level": level, "map": map}
    then = {"known_on": known_on, "year_ago": year_ago, "language": language, "today": today}
    question = Question.of("figures", {**words, **then})
    key = question.key(after)
    asked = ask(
        indicators=[indicators],
        period=period,
        within=within,
        level=level,
        on=map,
        known_on=known_on,
        with_year_ago=year_ago,
        language=language,
        today=today,
    )
    if sum(len(group.windows) for group in asked.groups) > MOST_PERIODS:
        reason = Text(vi=f"Nhiều nhất {MOST_PERIODS} kỳ.", en=f"{MOST_PERIODS} periods at most.")
        raise Refused([Problem("too-many-periods", reason)])
    rows, following = paging.page(asked, key, limit)
    items = [{**row._asdict(), **{name: _text(getattr(row, name)) for name in _DECIMALS}} for row in rows]
    return {"items": items, "next": question.cursor(following), "notes": _notes(asked.note)}


@api.get("/criteria-sets", response={200: Sets, **WRONG}, summary="Criteria sets")
def criteria_sets(request: HttpRequest) -> dict[str, Any]:
    """Every version of every set."""
    return {"items": reading.sets(), "next": None}


@api.get("/criteria-sets/{code}/{number}", response={200: WholeSet, **WRONG}, summary="One version of a set")
def criteria_set(request: HttpRequest, code: str, number: int) -> WholeSet:
    """A version with its criteria and formulas."""
    if not 0 < number < 2**31:
        raise Http404
    return reading.whole_set(version(code, number))


@api.get("/verdicts", response={200: Verdicts, **WRONG}, summary="Verdicts by a set")
def verdicts(
    request: HttpRequest,
    criteria_set: Word,
    number: Annotated[int, Query(alias="version", ge=1, lt=2**31)],
    period: Word,
    within: Word = "",
    map: Word = "reported",
    known_on: Word = "",
    language: Language = "vi",
    after: Word = "",
    limit: Limit = 200,
) -> dict[str, Any]:
    """Every unit judged by a version of a set for a period, with all its criteria.

    On another map (`today`, a day) every unit stands with the verdicts of the units whose territory it has,
    as they were given. `known_on`: a day, for the verdicts known at its end; a page may be shorter then.
    """
    today = timezone.localdate()
    words = {"criteria_set": criteria_set, "version": number, "period": period, "within": within, "map": map}
    question = Question.of("verdicts", {**words, "known_on": known_on, "language": language, "today": today})
    key = question.key(after)
    asked = ask_verdicts(
        criteria_set=f"{criteria_set}/{number}",
        period=period,
        within=within,
        on=map,
        known_on=known_on,
        language=language,
        today=today,
    )
    if len(asked.windows) > 1:
        reason = Text(vi="Mỗi lần một kỳ.", en="One period at a time.")
        raise Refused([Problem("one-period", reason)])
    items, following = verdicts_after(asked, key, limit)
    return {"items": items, "next": question.cursor(following), "notes": _notes(asked.note)}


_DECIMALS = ("value", "year_ago", "change")


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _notes(note: Text | None) -> list[Said]:
    return [Said(vi=note.vi, en=note.en)] if note else []


def _answer(request: HttpRequest, problems: list[dict[str, Any]], status: int) -> HttpResponse:
    return api.create_response(request, {"problems": problems}, status=status)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    problems = [{"code": one.code, "vi": one.in_("vi"), "en": one.in_("en")} for one in refused.problems]
    unknown = all(
        one.code.startswith(("unknown-unit", "no-such", "unknown-version")) for one in refused.problems
    )
    return _answer(request, problems, 404 if unknown else 400)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    problems = []
    for one in error.errors:
        name = ".".join(str(part) for part in one.get("loc", ())[1:])
        problems.append(
            {
                "code": "bad-parameter",
                "vi": f"Tham số “{name}” không đúng.",
                "en": f"The parameter “{name}” is not right: {one.get('msg', '')}.",
            }
        )
    return _answer(request, problems, 422)


@api.exception_handler(AuthenticationError)
def _closed(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    problem = {
        "code": "token-needed",
        "vi": "Cần mã truy cập còn hiệu lực: Authorization: Bearer km_…",
        "en": "A token that is still good is needed: Authorization: Bearer km_…",
    }
    response = _answer(request, [problem], 401)
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(Http404)
def _absent(request: HttpRequest, error: Http404) -> HttpResponse:
    problem = {"code": "not-there", "vi": "Không có ở đây.", "en": "There is nothing here."}
    return _answer(request, [problem], 404)


def urls() -> list[Any]:
    """The addresses. They ask for tokens themselves, so that nobody is sent to the page for signing in."""
    patterns: list[Any] = api.urls[0]
    for pattern in patterns:
        pattern.callback = login_not_required(pattern.callback)
    return patterns
