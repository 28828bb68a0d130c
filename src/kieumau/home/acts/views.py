"""Acts that change units: seen by everybody who may read, recorded and undone by those who may."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from kieumau.accounts.doors import require
from kieumau.calendars.library import calendar
from kieumau.home.acts.queries import acts as acts_by_date
from kieumau.home.acts.queries import becomes, chosen_units, found_units, named, steps, title_of
from kieumau.home.acts.typed import MOST_PARTS, SORTS, PartTyped, Typed
from kieumau.home.story import BASES
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.maps.previewing import Effect, Preview, preview
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.units.access import RECORD, may_record
from kieumau.units.actions import record_change, undo_changes
from kieumau.units.kinds import kinds_of
from kieumau.units.models import Basis, Change
from kieumau.units.over import WHOLE
from kieumau.units.queries import terms
from kieumau.web.paging import page_of, search_of
from kieumau.web.sentences import sentences

REFUSED = 422
MOST_EFFECTS = 120


@require_safe
def acts(request: HttpRequest) -> HttpResponse:
    """All acts by date; `?tim=` looks for words in their names."""
    words = search_of(request)
    page = page_of(request, acts_by_date(words))
    context = {
        "page": page,
        "rows": named(page),
        "words": words,
        "may_record": may_record(request.user),
        "sorts": SORTS.items(),
    }
    return render(request, "home/acts.html", context)


@require_safe
def act(request: HttpRequest, change_id: int) -> HttpResponse:
    """One act: who gave which share to whom."""
    change = get_object_or_404(Change, pk=change_id)
    return _show_act(request, change)


@require_http_methods(["GET", "POST"])
@login_required
def new_act(request: HttpRequest) -> HttpResponse:
    """The form; what its buttons do is in the field `do`."""
    require(request.user, RECORD, WHOLE)
    if request.method == "GET":
        return _form(request, Typed.of(request.GET))
    typed = Typed.of(request.POST)
    what, _, which = request.POST.get("do", "find").partition(" ")
    if what in ("preview", "record"):
        return _weigh(request, typed, is_final=what == "record")
    if what == "add":
        typed.units = list(dict.fromkeys([*typed.units, which]))
    elif what == "remove":
        typed.units = [code for code in typed.units if code != which]
    elif what == "to":
        typed.to = which
    elif what == "more" and len(typed.parts) < MOST_PARTS:
        typed.parts = [*typed.parts, PartTyped()]
    return _form(request, typed, words=request.POST.get("tim", "") if what == "find" else "")


@require_http_methods(["GET", "POST"])
@login_required
def undo_act(request: HttpRequest, change_id: int) -> HttpResponse:
    """Ask whether an act is to be undone, and why; then undo it and say so."""
    require(request.user, RECORD, WHOLE)
    change = get_object_or_404(Change, pk=change_id)
    why = request.POST.get("why", "").replace("\x00", "").strip()[:2000]
    wrong = [gettext("Say why the act is undone.")] if request.method == "POST" and not why else []
    if why:
        try:
            undo_changes(keys=[change.key], actor=request.user.get_username(), why=why)
        except Refused as refused:
            wrong = sentences(refused)
        else:
            messages.success(request, gettext("The act was undone: %(act)s.") % {"act": change.called})
            return redirect("acts")
    shown = {
        "act": change,
        "changed": title_of(change),
        "steps": steps(change.pk),
        "problems": wrong,
        "why": why,
    }
    return render(request, "home/act_undo.html", shown, status=REFUSED if wrong else 200)


def _show_act(request: HttpRequest, change: Change) -> HttpResponse:
    context = {
        "act": change,
        "changed": title_of(change),
        "summary": Text(vi=change.summary_vi, en=change.summary_en),
        "page": page_of(request, steps(change.pk)),
        "may_record": may_record(request.user),
    }
    return render(request, "home/act.html", context)


def _form(
    request: HttpRequest, typed: Typed, problems: Sequence[Problem] = (), words: str = ""
) -> HttpResponse:
    day = typed.day or timezone.localdate()
    words = words.replace("\x00", "").strip()[:100]
    context = {
        "typed": typed,
        "sorts": SORTS.items(),
        "title": SORTS[typed.sort],
        "units": chosen_units(typed.units, day),
        "to": next(iter(chosen_units([typed.to], day)), None) if typed.to else None,
        "words": words,
        "found": found_units(words, day) if words else [],
        "kinds": _kinds(typed, day),
        "bases": [(basis.value, BASES[basis]) for basis in Basis if basis is not Basis.WHOLE],
        "problems": [problem.in_(get_language() or "vi") for problem in problems],
    }
    return render(request, "home/act_form.html", context, status=REFUSED if problems else 200)


def _kinds(typed: Typed, day: date) -> list[tuple[str, Text]]:
    """The kinds of the country that the units belong to; before one is chosen, of those on the map."""
    registers = {code.partition(":")[0] for code in typed.units if ":" in code}
    if not registers:
        registers = set(terms(day).filter(parent=None).values_list("register", flat=True))
    own = {code: kind for register in sorted(registers) for code, kind in kinds_of(register).items()}
    return [(code, kind.name.text()) for code, kind in own.items() if kind.level]


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One figure before and after, with what the page needs to write it."""

    effect: Effect
    indicator: Definition
    period: Text


def _weigh(request: HttpRequest, typed: Typed, *, is_final: bool) -> HttpResponse:
    """Show what the act would do, or record it."""
    try:
        described = typed.act()
        if is_final:
            change = record_change(act=described, actor=request.user.get_username())
            return redirect("act", change.pk)
        seen = preview(described, today=timezone.localdate())
    except Refused as refused:
        return _form(request, typed, refused.problems)
    day = described.takes_effect_on
    made, ending = becomes(described)
    context = {
        "typed": typed,
        "title": SORTS[typed.sort],
        "units": chosen_units(typed.units, day),
        "day": day,
        "made": made,
        "ending": ending,
        "seen": seen,
        "groups": _groups(seen),
        "more": max(0, len(seen.effects) - MOST_EFFECTS),
    }
    return render(request, "home/act_preview.html", context)


def _groups(seen: Preview) -> list[tuple[Text, list[EffectRow]]]:
    """The effects unit by unit: those on the map afterwards first."""
    known = catalogue()
    ordered = sorted(seen.effects, key=lambda one: one.after is None)[:MOST_EFFECTS]
    groups: dict[int, tuple[Text, list[EffectRow]]] = {}
    for effect in ordered:
        label = calendar(effect.window.calendar).label(effect.window)
        groups.setdefault(effect.unit_id, (effect.unit, []))[1].append(
            EffectRow(effect, known[effect.indicator], label)
        )
    return list(groups.values())
