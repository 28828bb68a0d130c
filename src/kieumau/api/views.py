"""The endpoints. Each says what it takes and gives; the rest is `reading` and `figures`.

There is no page of documentation with somebody else's scripts: the description is at `openapi.json`.
"""

from datetime import date
from typing import Annotated, Any, Literal

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI, Query
from ninja.errors import AuthenticationError, ValidationError
from pydantic import Field

from kieumau.api import figures as paging
from kieumau.api import reading
from kieumau.api.opening import Opened
from kieumau.api.shapes import (
    Figures,
    Indicators,
    Periods,
    Problems,
    Sets,
    UnitOut,
    Units,
    Verdicts,
    WholeSet,
)
from kieumau.calendars.library import calendar
from kieumau.calendars.library import window as window_of
from kieumau.criteria.queries import version
from kieumau.exports.asking import ask
from kieumau.exports.rows import LEVELS
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.units.queries import term, unit

MOST_PERIODS = 120
Limit = Annotated[int, Field(ge=1, le=2_000)]
After = Annotated[int, Field(ge=0, lt=2**31)]
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
    after: After = 0,
    limit: Limit = 500,
) -> dict[str, Any]:
    """Units as they were on a day: below a unit (`within`: its code), of a level, by a name or code."""
    day = on or timezone.localdate()
    path = term(within, day).path if within else None
    if search:
        return {"items": reading.units_like(search, day, path, min(limit, 100)), "next": None}
    number = LEVELS[level] if level else None
    items, following = reading.units_after(day, path, number, after, limit)
    return {"items": items, "next": following}


@api.get("/units/{unit_id}", response={200: UnitOut, **WRONG}, summary="One unit on a day")
def one_unit(request: HttpRequest, unit_id: int, on: date | None = None) -> UnitOut:
    """A unit by its lasting id."""
    if not 0 < unit_id < 2**31:
        raise Http404
    return reading.unit_out(unit(unit_id, on or timezone.localdate()))


@api.get("/indicators", response={200: Indicators, **WRONG}, summary="The catalogue")
def indicators(request: HttpRequest, after: Word = "", limit: Limit = 500) -> dict[str, Any]:
    """Every indicator, by its code."""
    items, following = reading.indicators_after(after, limit)
    return {"items": items, "next": following}


@api.get("/periods", response={200: Periods, **WRONG}, summary="Reporting periods")
def periods(
    request: HttpRequest,
    calendar: Word = "",
    kind: Word = "",
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    after: After = 0,
    limit: Limit = 500,
) -> dict[str, Any]:
    """Periods of a calendar and kind that have a day between two days."""
    items, following = reading.periods_after(calendar, kind, first, last, after, limit)
    return {"items": items, "next": following}


@api.get("/figures", response={200: Figures, **WRONG}, summary="Figures on a map")
def figures(
    request: HttpRequest,
    indicators: Word,
    period: Word,
    within: Word = "",
    level: Level = "commune",
    map: Word = "reported",
    language: Language = "vi",
    after: Word = "",
    limit: Limit = 500,
) -> dict[str, Any]:
    """Figures of the units of a level below a unit, for one or several periods, on one of the three maps.

    `indicators`: codes with commas, `crime.*`, `main`, `all`. `period`: `2025-10`, `nd09:2025-01..2025-12`.
    `map`: `reported`, `today` or a day. A page may be shorter than `limit`; the last one has no `next`.
    """
    asked = ask(
        indicators=[indicators],
        period=period,
        within=within,
        level=level,
        on=map,
        language=language,
        today=timezone.localdate(),
    )
    if sum(len(group.windows) for group in asked.groups) > MOST_PERIODS:
        reason = Text(vi=f"Nhiều nhất {MOST_PERIODS} kỳ.", en=f"{MOST_PERIODS} periods at most.")
        raise Refused([Problem("too-many-periods", reason)])
    rows, following = paging.page(asked, after, limit)
    items = [{**row._asdict(), "value": None if row.value is None else f"{row.value:f}"} for row in rows]
    return {"items": items, "next": following}


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
    language: Language = "vi",
    after: After = 0,
    limit: Limit = 200,
) -> dict[str, Any]:
    """Every unit judged by a version of a set for a period, with all its criteria."""
    found = version(criteria_set, number)
    window = window_of(period, found.calendar)
    if (window.calendar, window.kind) != (found.calendar, found.period_kind):
        reason = Text(vi=f"“{period}” không phải kỳ của bộ này.", en=f"“{period}” is no period of this set.")
        raise Refused([Problem("bad-period", reason)])
    path = term(within, calendar(window.calendar).last_day(window)).path if within else None
    items, following = reading.verdicts_after(found, window, path, after, limit, language)
    return {"items": items, "next": following}


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
