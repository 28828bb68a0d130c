"""The lists of assignments by due day, as a page and as a file."""

import csv
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from kieumau.accounts.doors import may, needs
from kieumau.assignments import queries
from kieumau.assignments.access import GIVE, READ, REPORT
from kieumau.assignments.frames import NOBODY, language, programme_choices, rows_of
from kieumau.assignments.models import Assignment
from kieumau.assignments.queries import View
from kieumau.assignments.rules import Standing
from kieumau.assignments.words import STANDINGS, STATES, VIEWS
from kieumau.kernel.numbers import whole_number
from kieumau.web.paging import page_of, search_of

VIEW, STATE, PROGRAMME, UNIT = "xem", "tinh-trang", "chuong-trinh", "don-vi"
BOM = "\ufeff"  # so that spreadsheets read Vietnamese
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_AT_ONCE = 500


@require_safe
@needs(READ)
def assignments(request: HttpRequest) -> HttpResponse:
    """What is to do, what was given, what is overdue: by due day, fifty a page."""
    today = timezone.localdate()
    view, rows, context = _asked(request)
    page = page_of(request, rows)
    return render(
        request,
        "assignments/list.html",
        {
            **context,
            "page": page,
            "rows": rows_of(list(page.object_list), today),
            "view": view.value,
            "views": [(one.value, word) for one, word in VIEWS.items()],
            "states": _states(),
            "unit_name": _unit_name(context["unit"]),
            "programmes": programme_choices()[1:],
            "may_give": may(request.user, GIVE),
        },
    )


@require_safe
@needs(READ)
def assignments_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The same list, all of it, as CSV."""
    _, rows, _ = _asked(request)
    answer = StreamingHttpResponse(_written(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="nhiem-vu-{timezone.localdate():%Y-%m-%d}.csv"'
    return answer


def _asked(request: HttpRequest) -> tuple[View, QuerySet[Assignment], dict[str, Any]]:
    """Which list the address asks for; without a word what is to do, or for who gives, what was given."""
    usual = View.TO_DO if may(request.user, REPORT) else View.GIVEN if may(request.user, GIVE) else View.ALL
    asked = request.GET.get(VIEW, "")
    view = View(asked) if asked in set(View) else usual
    words = search_of(request).replace("\x00", "")
    state = request.GET.get(STATE, "")
    state = state if state in {value for value, _word in _states()} else ""
    unit = request.GET.get(UNIT, "")
    unit = "" if whole_number(unit) is None else unit
    programme = request.GET.get(PROGRAMME, "").replace("\x00", "")[:60]
    rows = queries.listed(
        request.user,
        view,
        timezone.localdate(),
        words=words,
        state=state,
        programme=programme or None,
        unit_id=int(unit) if unit else None,
    )
    chosen = {"words": words, "state": state, "programme": programme, "unit": unit}
    return view, rows, {**chosen, "is_filtered": any(chosen.values())}


def _states() -> list[tuple[str, Any]]:
    """What may be asked for: being overdue, and each state."""
    late = (Standing.OVERDUE.value, STANDINGS[Standing.OVERDUE])
    return [late, *((one.value, word) for one, word in STATES.items())]


def _unit_name(unit: str) -> str:
    """The unit whose assignments alone are listed; nothing where all are."""
    return queries.names_of({int(unit)}).get(int(unit), NOBODY).in_(language()) if unit else ""


class _Echo:
    """Gives back each line instead of keeping it."""

    def write(self, line: str) -> str:
        """The line."""
        return line


def _written(rows: QuerySet[Assignment]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    today, here = timezone.localdate(), language()
    yield BOM + writer.writerow(
        [
            gettext("Number"),
            gettext("Unit"),
            gettext("Unit that gives it"),
            gettext("What is to be done"),
            gettext("Comes from"),
            gettext("Due on"),
            gettext("State"),
            gettext("Share done, per cent"),
            gettext("Programme"),
        ]
    )
    units = set(rows.order_by().values_list("owner_id", flat=True).distinct())
    units |= set(rows.order_by().values_list("giver_id", flat=True).distinct())
    called = queries.names_of(units)
    for one in rows.iterator(chunk_size=_AT_ONCE):
        yield writer.writerow(
            [
                one.pk,
                called.get(one.owner_id, NOBODY).in_(here),
                called.get(one.giver_id, NOBODY).in_(here),
                _plain(one.text),
                _plain(one.about.in_(here)),
                one.due_on.isoformat(),
                STANDINGS[one.standing(today)],
                one.percent,
                one.programme,
            ]
        )


def _plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
