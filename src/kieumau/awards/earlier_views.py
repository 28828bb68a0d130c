"""The page on which titles of before are put down."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from kieumau.accounts.doors import needs
from kieumau.accounts.models import User
from kieumau.awards import access, actions
from kieumau.awards.forms import Earlier
from kieumau.awards.models import Title
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.programmes.models import Programme

REFUSED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@needs(access.RECOGNIZE)
def title_earlier(request: HttpRequest) -> HttpResponse:
    """Put down a title that a unit held before, from its decision alone."""
    programmes = list(Programme.objects.order_by("name_vi"))
    form = Earlier(request.POST if request.method == "POST" else None, programmes=programmes)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = _record(request, form)
        except Refused as refused:
            problems = [problem.in_(get_language() or "vi") for problem in refused.problems]
        else:
            messages.success(request, gettext("The earlier title is recorded."))
            return redirect("title", made.pk)
    crumbs = [(gettext("Titles"), reverse("titles")), (gettext("Earlier title"), "")]
    context = {"form": form, "problems": problems, "crumbs": crumbs}
    status = REFUSED if request.method == "POST" else 200
    return render(request, "awards/earlier.html", context, status=status)


def _record(request: HttpRequest, form: Earlier) -> Title:
    data, user = form.cleaned_data, cast(User, request.user)
    if not access.may_record(user, data["unit_id"], form.of_programme):
        raise Refused([_not_yours()])
    recognition = actions.Recognition(
        starts_on=data["starts_on"],
        ends_before=data["ends_before"],
        certificate=data["certificate"],
        ceremony_on=data["ceremony_on"],
    )
    return actions.record_earlier(
        data["unit_id"],
        form.name,
        form.decision,
        recognition,
        programme=form.of_programme,
        actor=user,
        now=timezone.now(),
    )


def _not_yours() -> Problem:
    return Problem(
        "not-your-place",
        Text(
            vi="Bạn không được ghi danh hiệu cho đơn vị này, hoặc không trong chương trình này.",
            en="You may not record titles of this unit, or not in this programme.",
        ),
        Text(
            vi="Đơn vị đã chia cho nhiều đơn vị khác thì cấp trên của tất cả các đơn vị ấy ghi.",
            en="Those of a unit that was divided are recorded by whoever is above all units it went to.",
        ),
    )
