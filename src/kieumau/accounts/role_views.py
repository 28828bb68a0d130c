"""Pages: who may what in a subtree, roles given and ended, and why somebody can or cannot do something."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from kieumau.accounts.doors import ANYWHERE, Denied, may, needs, require
from kieumau.accounts.explaining import explain
from kieumau.accounts.granting import GRANT, Wanted, end_role, give_role, may_end
from kieumau.accounts.held import allowing, stands, today
from kieumau.accounts.models import Grant, User
from kieumau.accounts.offering import offer
from kieumau.accounts.people import grants_listed
from kieumau.accounts.registry import programme_names
from kieumau.accounts.role_forms import EndForm, GiveForm, WhyForm
from kieumau.accounts.roles import permissions, roles
from kieumau.audit.requests import actor_of
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import whole_number
from kieumau.units.models import Term
from kieumau.units.naming import units_meant
from kieumau.units.over import Over
from kieumau.units.queries import UnknownUnit, search, terms
from kieumau.units.queries import unit as unit_of
from kieumau.web.paging import page_of, search_of

REFUSED = 422
UNIT = "don-vi"
MOST_CANDIDATES = 10


@require_http_methods(["GET", "HEAD", "POST"])
@needs(GRANT)
def people(request: HttpRequest) -> HttpResponse:
    """People and roles at and below a unit, `?don-vi=` its id; the form gives a role over that unit."""
    place = _place(request)
    require(request.user, GRANT, Over(place.unit_id))
    offered = offer(cast(User, request.user), place.unit_id, programme_names(), today())
    form = GiveForm(request.POST or None, offered=offered)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            given = _give(request, form.cleaned_data, place)
        except Refused as refused:
            problems = [problem.in_(_language()) for problem in refused.problems]
        else:
            messages.success(
                request, gettext("The role was given to %(name)s.") % {"name": given.user.get_username()}
            )
            return redirect(f"{reverse('roles')}?{UNIT}={place.unit_id}")
    words, is_all = search_of(request), request.GET.get("het") == "1"
    rows = grants_listed(today(), within=place.path, is_everything=is_all)
    if words:
        rows = rows.filter(user__username__icontains=words.replace("\x00", ""))
    page = page_of(request, rows)
    context = {
        "place": place,
        "place_name": place.full_name(_language()),
        "below": list(terms(today(), place.path, place.level + 1)[:100]) if place.level < 3 else [],
        "page": page,
        "rows": _to_end(cast(User, request.user), page.object_list),
        "words": words,
        "is_all": is_all,
        "form": form,
        "problems": problems,
    }
    status = REFUSED if request.method == "POST" else 200
    return render(request, "accounts/roles.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def end(request: HttpRequest, grant_id: int) -> HttpResponse:
    """Ask why a role is to end; then end it. 404 where there is none that the person may end."""
    person = cast(User, request.user)
    found = grants_listed(today(), is_everything=True).filter(pk=grant_id).first()
    if found is None or found.ended_at is not None or not may_end(person, found):
        raise Http404
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        end_role(
            grant_id=found.pk, reason=form.cleaned_data["reason"], actor=actor_of(request), now=timezone.now()
        )
        messages.success(request, gettext("The role has ended."))
        is_giver = may(person, GRANT, Over(found.unit_id))
        return redirect(f"{reverse('roles')}?{UNIT}={found.unit_id}" if is_giver else reverse("why"))
    context = {"grant": _rows([found])[0], "form": form}
    status = REFUSED if request.method == "POST" else 200
    return render(request, "accounts/role_end.html", context, status=status)


@require_safe
@login_required
def why(request: HttpRequest) -> HttpResponse:
    """Why can I (not) do this: a permission, a unit, perhaps a programme and another person."""
    # Only a question with a unit is one; a link that knows none fills the form in as far as it can.
    is_asked = bool(request.GET.get("unit", "").strip())
    form = WhyForm(request.GET) if is_asked else WhyForm(initial=request.GET.dict())
    asker = cast(User, request.user)
    context: dict[str, Any] = {"form": form, "own": _rows(_own(asker))}
    if is_asked and form.is_valid():
        asked = form.cleaned_data
        found = _units_named(asked["unit"])
        if not found:
            context["alike"] = _choice(request, search(asked["unit"], today(), limit=MOST_CANDIDATES))
            form.add_error("unit", gettext("There is no unit of that name or code today."))
        elif len(found) > 1:
            context["candidates"] = _choice(request, found[:MOST_CANDIDATES])
        else:
            context |= _answered(asker, asked, found[0])
            context["form"] = WhyForm({**request.GET.dict(), "unit": f"{found[0].register}:{found[0].code}"})
    return render(request, "accounts/why.html", context)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the way to the reasons where a door has said what was missing."""
    context: dict[str, Any] = {}
    missing = str(exception or "")  # a door of a package below accounts says only which permission
    if missing in permissions():
        over = exception.over if isinstance(exception, Denied) else ANYWHERE
        asked = {"what": missing, "programme": over.programme}
        if over.unit_id:
            asked["unit"] = f"#{over.unit_id}"
        context["what"] = permissions()[missing]
        context["why"] = f"{reverse('why')}?{urlencode(asked)}"
    return render(request, "403.html", context, status=403)


def _answered(asker: User, asked: dict[str, Any], place: Term) -> dict[str, Any]:
    person = asker
    if asked["person"] and asked["person"] != asker.get_username():
        other = User.objects.filter(username=asked["person"].replace("\x00", "")).first()
        if not may(asker, GRANT, Over(place.unit_id)):
            raise Denied(GRANT, Over(place.unit_id))
        if other is None:
            return {"nobody": asked["person"]}
        person = other
    return {
        "answer": explain(person, asked["what"], place, asked["programme"]),
        "about": person.get_username(),
        "is_other": person is not asker,
        "what": permissions()[asked["what"]],
        "place_name": place.full_name(_language()),
        "may_give": may(asker, GRANT, Over(place.unit_id)),
        "place": place,
    }


def _units_named(typed: str) -> list[Term]:
    """The units that somebody may mean; `#7` is an id, as links write it."""
    typed = typed.replace("\x00", "").strip()
    if typed.startswith("#") and (unit_id := whole_number(typed[1:])) is not None:
        return list(terms(today()).filter(unit_id=unit_id))
    return units_meant(typed, today())


def _choice(request: HttpRequest, found: Sequence[Term]) -> list[tuple[str, str]]:
    """Units with code and province, each with the address of the same question about it. One query."""
    above = {one.province_id for one in found if one.province_id and one.province_id != one.unit_id}
    provinces = {one.unit_id: one for one in terms(today()).filter(unit_id__in=above)} if above else {}
    rows = []
    for one in found:
        said = [one.full_name(_language()), one.code]
        if (province := provinces.get(one.province_id or 0)) is not None and province != one:
            said.append(province.full_name(_language()))
        rows.append((", ".join(said), _same(request, one)))
    return rows


def _same(request: HttpRequest, place: Term) -> str:
    asked = request.GET.copy()
    asked["unit"] = f"#{place.unit_id}"
    return f"{reverse('why')}?{asked.urlencode()}"


def _place(request: HttpRequest) -> Term:
    """The unit asked for; else the highest over which the person may give roles."""
    asked = request.GET.get(UNIT, "")
    if asked:
        try:
            return unit_of(whole_number(asked) or 0, today())
        except UnknownUnit:
            raise Http404 from None
    user = cast(User, request.user)
    if user.is_superuser:
        first = terms(today()).filter(parent=None).first()
    else:
        own = sorted(allowing(user, GRANT), key=lambda one: len(one.path))
        first = terms(today()).filter(unit_id=own[0].unit_id).first() if own else None
    if first is None:
        raise PermissionDenied
    return first


def _give(request: HttpRequest, typed: dict[str, Any], place: Term) -> Grant:
    person = User.objects.filter(username=typed["person"]).first()
    if person is None:
        reason = Text(
            vi=f"Không có người dùng “{typed['person']}”.", en=f"There is no user “{typed['person']}”."
        )
        raise Refused([Problem("unknown-user", reason)])
    last: date | None = typed["last_day"]
    wanted = Wanted(
        typed["role"],
        place.unit_id,
        typed["programme"],
        ends_before=last + timedelta(days=1) if last else None,
    )
    return give_role(
        user=person, wanted=wanted, actor=actor_of(request), now=timezone.now(), reason=typed["reason"]
    )


def _own(person: User) -> Any:
    return grants_listed(today()).filter(user=person)


def _rows(grants: Iterable[Grant]) -> list[dict[str, Any]]:
    """Roles as pages show them; one more query where any counts in one programme only."""
    listed = list(grants)
    names = programme_names() if any(one.programme for one in listed) else {}
    return [_row(one, names) for one in listed]


def _to_end(person: User, grants: Iterable[Grant]) -> list[dict[str, Any]]:
    """The same, each with whether that person may end it; asks nothing more."""
    rows = _rows(grants)
    for row in rows:
        one = row["grant"]
        if one.path:
            stands(person, one.unit_id, one.path)
        row["may_end"] = one.ended_at is None and may_end(person, one)
    return rows


def _row(one: Grant, programmes: Mapping[str, Text]) -> dict[str, Any]:
    role = roles().get(one.role)
    return {
        "grant": one,
        "role": role.name.text() if role else one.role,
        "programme": programmes.get(one.programme, one.programme),
        "last_day": one.ends_before - timedelta(days=1) if one.ends_before else None,
    }


def _language() -> str:
    return get_language() or "vi"
