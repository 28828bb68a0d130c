"""The pages that look across domains: the first page, the page of a unit, search."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from kieumau.accounts import held
from kieumau.accounts.models import User
from kieumau.audit.past import Known, as_known
from kieumau.awards.access import Knows, may_know
from kieumau.criteria.queries import codes
from kieumau.documents import access as documents
from kieumau.home import pages
from kieumau.home.figure_page import breadcrumb, figure_page
from kieumau.home.places import Place, place, roots
from kieumau.home.searching import Hits
from kieumau.home.story import Decided
from kieumau.home.waiting import waiting_here
from kieumau.indicators.queries import catalogue
from kieumau.returns import access as returns
from kieumau.units.models import Level
from kieumau.units.queries import search as similar_units
from kieumau.web.days import KNOWN, day_asked, moment_asked
from kieumau.web.paging import page_of
from kieumau.web.synthetic import page_is_about

MOST_WORDS = 100


def home(request: HttpRequest) -> HttpResponse:
    """The root's page; a choice where there are several; what to do where there is none.

    A tree with a single province leads straight to it: its table would have one row.
    """
    today = timezone.localdate()
    with as_known(moment_asked(request.GET, today)) as known:
        return _home(request, today, known)


def _home(request: HttpRequest, today: date, known: Known) -> HttpResponse:
    found = roots(today)
    if not found:
        # Whoever installs it sees this page first, before there are accounts.
        is_operator = request.user.is_superuser or not User.objects.exists()
        return render(request, "home/nothing.html", {"has_sets": bool(codes()), "is_operator": is_operator})
    if len(found) > 1:
        return render(request, "home/chooser.html", {"roots": found})
    only = found[0]
    if only.only_id and not request.GET:
        return redirect("unit", only.only_id)
    return _nation(request, Place(only.unit, today, (), None), today, known)


def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """The page of any unit, today's or one that has ended. 404 where there is no such unit.

    As known on a day, the tree and the catalogue are those recorded by that day too.
    """
    today = timezone.localdate()
    with as_known(moment_asked(request.GET, today)) as known:
        return _unit(request, unit_id, today, known)


def _unit(request: HttpRequest, unit_id: int, today: date, known: Known) -> HttpResponse:
    stands = place(unit_id, today)
    if stands is None:
        return _not_recorded(request)
    if stands.unit.level == Level.NATION:
        return _nation(request, stands, today, known)
    page_is_about(request, [stands.root.id])
    if stands.unit.level == Level.COMMUNE:
        return _show(request, "home/commune.html", pages.commune(stands, request.GET, today), known)
    return _show(request, "home/area.html", pages.area(stands, request.GET, today), known)


def figure(request: HttpRequest, unit_id: int, indicator: str) -> HttpResponse:
    """One figure of a unit with its revisions. 404 for an unknown unit or indicator."""
    today = timezone.localdate()
    with as_known(moment_asked(request.GET, today)) as known:
        return _figure(request, unit_id, indicator, today, known)


def _figure(request: HttpRequest, unit_id: int, indicator: str, today: date, known: Known) -> HttpResponse:
    stands, indicators = place(unit_id, today), catalogue()
    if stands is None or (one := indicators.get(indicator)) is None:
        return _not_recorded(request)
    page_is_about(request, [stands.root.id])
    view = pages.view_of(stands, request.GET, today)
    shown = figure_page(stands, one, indicators, view, request.GET, today)
    shown["known_note"] = known.note
    shown["crumbs"] = [
        *(pages.crumb(unit, view.query) for unit in (*stands.ancestors, stands.unit)),
        (breadcrumb(one), ""),
    ]
    return render(request, "home/figure.html", shown, status=400 if shown["problems"] else 200)


def search(request: HttpRequest) -> HttpResponse:
    """Units by name or code, those of the past included; what is merely like it where nothing matches."""
    today = timezone.localdate()
    words = request.GET.get("q", "").replace("\x00", "").strip()[:MOST_WORDS]
    hits = Hits(words, today)
    page = page_of(request, hits)
    similar = similar_units(words, today, limit=5) if words and not page.paginator.count else []
    return render(request, "home/search.html", {"words": words, "page": page, "similar": similar})


def _nation(request: HttpRequest, stands: Place, today: date, known: Known) -> HttpResponse:
    page_is_about(request, [stands.root.id])
    return _show(request, "home/nation.html", pages.nation(stands, request, today), known)


def _show(request: HttpRequest, template: str, context: dict[str, Any], known: Known) -> HttpResponse:
    """The page; with status 400 where its address asked for something that is not there."""
    problems = [*context["choice"].problems, *context["view"].problems]
    context["known_note"] = known.note
    stands = context["stands"]
    if "story" in context and not context["choice"].known:
        context["decided"] = _decided(request.user, stands.unit.id, context["story"].decided)
    if not known.note:
        context |= _kept(request, stands)
    if (beside := context.get("beside")) is not None:
        knows = may_know(request.user, stands.unit.id, beside.rests_on.programme)
        context["dossier_open"] = knows is Knows.DOSSIER
    context["waiting"] = waiting_here(request, stands.unit.id, stands.root.id, timezone.localdate())
    return render(request, template, context, status=400 if problems else 200)


def _kept(request: HttpRequest, stands: Place) -> dict[str, bool]:
    """What is kept of the unit and may be opened by whoever asks."""
    ids = [one.id for one in (*stands.ancestors, stands.unit)]
    has_place = stands.unit.ended_on is None and (stands.ancestors or stands.unit.level == Level.NATION)
    if request.user.is_authenticated and has_place:
        held.stands(request.user, stands.unit.id, "".join(f"{one}." for one in ids))
    return {
        "shelf_open": documents.may_read(request.user, ids[-1]),
        "returns_open": returns.may_read(request.user, ids[-1]),
    }


def _decided(user: Any, unit_id: int, decided: Sequence[Decided]) -> list[tuple[Decided, bool]]:
    """The decisions without a title of which a reader is told, and whether he may read the dossier."""
    known = ((one, may_know(user, unit_id, one.programme)) for one in decided)
    return [(one, knows is Knows.DOSSIER) for one, knows in known if knows is not Knows.NOTHING]


def _not_recorded(request: HttpRequest) -> HttpResponse:
    """No such thing (404); where a day's knowledge is asked for, it may have been recorded later."""
    if (day := request.GET.get(KNOWN)) is None:
        raise Http404
    return render(
        request,
        "home/not_recorded.html",
        {"asked": day[:30], "asked_day": day_asked(day.strip(), [])},
        status=404,
    )
