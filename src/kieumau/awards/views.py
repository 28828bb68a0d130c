"""The public register of titles, a title, and the pages where decisions are put down."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_safe

from kieumau.accounts.acting import everywhere
from kieumau.accounts.doors import may as allowed
from kieumau.accounts.models import User
from kieumau.awards import access, actions, queries, words
from kieumau.awards.changes import changes_of
from kieumau.awards.forms import Withdraw
from kieumau.awards.models import Title
from kieumau.awards.rules import Ground, Standing
from kieumau.documents.access import may_read as may_read_document
from kieumau.kernel.messages import Refused, Text
from kieumau.programmes.models import Programme
from kieumau.rounds.access import READ, may
from kieumau.rounds.deciding import SENTENCES, Against
from kieumau.rounds.freezing import stands
from kieumau.rounds.offers import warned
from kieumau.rounds.restating import Since, since
from kieumau.web.paging import page_of, search_of

PROGRAMME, STANDING = "chuong-trinh", "tinh-trang"
REFUSED = 422


@dataclass(frozen=True, slots=True)
class Filters:
    """Which titles of the register are asked for: words, a programme's code, a standing."""

    words: str
    programme: str
    standing: Standing | None

    def titles(self, today: date) -> QuerySet[Title]:
        """Those titles, as they stand on a day."""
        return queries.register(today, words=self.words, programme=self.programme, standing=self.standing)


def filters_of(request: HttpRequest) -> Filters:
    """What the address asks for."""
    asked = request.GET.get(STANDING, "")
    standing = Standing(asked) if asked in set(Standing) else None
    words_of, programme = search_of(request), request.GET.get(PROGRAMME, "")
    return Filters(words_of.replace("\x00", ""), programme.replace("\x00", ""), standing)


@login_not_required
@require_safe
def titles(request: HttpRequest) -> HttpResponse:
    """Every title, newest first: the public register."""
    today = timezone.localdate()
    asked = filters_of(request)
    programmes = list(Programme.objects.order_by("name_vi"))
    found = asked.titles(today)
    page = page_of(request, found)
    called = queries.borne(page.object_list, today)
    rows = [
        (one, called[one.pk], words.STANDINGS[one.standing(today)], went_against(one))
        for one in page.object_list
    ]
    context = {
        "page": page,
        "rows": rows,
        "words": asked.words,
        "programmes": programmes,
        "programme": asked.programme,
        "standings": words.STANDINGS.items(),
        "standing": asked.standing or "",
        "formats": (("csv", "CSV"), ("xlsx", "Excel")),
        "is_filtered": bool(asked.words or asked.programme or asked.standing),
        "may_record": allowed(request.user, access.RECOGNIZE),
    }
    return render(request, "awards/titles.html", context)


@login_not_required
@require_safe
def title(request: HttpRequest, title_id: int) -> HttpResponse:
    """One title: its decision, what it rests on, and whether anything beneath has changed since."""
    with everywhere():  # what a public title rests on is compared for whoever looks
        found = title_of(title_id)
        dossier = found.dossier
        changed = since(dossier) if dossier else Since()
        papers = queries.papers(found)
        is_as_decided = dossier is None or stands(dossier.pk, found.dossier_sha256)
    context = {
        **frame(found),
        "standing": found.standing(timezone.localdate()),
        "standing_word": words.STANDINGS[found.standing(timezone.localdate())],
        "withdrawal": getattr(found, "withdrawal", None),
        "since": changed,
        "is_as_decided": is_as_decided,
        "against": went_against(found),
        "warned": warned(request.user, dossier) if dossier else [],
        "may_read_dossier": dossier is not None and may(request.user, READ, dossier),
        "corrections": [(one, changes_of(one)) for one in found.corrections.all()],
        "papers": [
            (words.PAPERS[one.kind], one, may_read_document(request.user, one.document.unit_id))
            for one in papers
        ],
        "may_attach": access.may_attach(request.user, found),
        "may_put_right": access.may_put_right(request.user, found),
        "may_withdraw": access.may_withdraw(request.user, found) and not hasattr(found, "withdrawal"),
    }
    if context["withdrawal"] is not None:
        context["ground"] = words.GROUNDS[Ground(found.withdrawal.ground)]
    return render(request, "awards/title.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def title_withdraw(request: HttpRequest, title_id: int) -> HttpResponse:
    """Put down that a title was withdrawn, on which ground and by which decision."""
    found = title_of(title_id)
    if not access.may_withdraw(request.user, found):
        raise Http404
    form = Withdraw(
        request.POST if request.method == "POST" else None,
        there=queries.offered(request.user, found.unit_id, timezone.localdate(), found.decided_on),
        dossier_id=found.dossier_id,
    )

    def withdraw() -> HttpResponse:
        data = form.cleaned_data
        actions.withdraw(
            found.pk,
            form.decision,
            ground=Ground(data["ground"]),
            reason=data["reason"],
            document=data["document"],
            actor=cast(User, request.user),
            now=timezone.now(),
        )
        messages.success(request, gettext("The withdrawal is recorded."))
        return redirect("title", found.pk)

    return filled(
        request, "awards/withdraw.html", frame(found, gettext("Withdraw the title")), form, withdraw
    )


def filled(
    request: HttpRequest, template: str, context: dict[str, Any], form: Any, do: Callable[[], HttpResponse]
) -> HttpResponse:
    """The form, or what comes of it; what was refused stands above what was typed."""
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            return do()
        except Refused as refused:
            problems = [problem.in_(get_language() or "vi") for problem in refused.problems]
    status = REFUSED if request.method == "POST" else 200
    return render(request, template, {**context, "form": form, "problems": problems}, status=status)


def went_against(found: Title) -> list[Text]:
    """What recognizing went against, in words: wherever the title is shown, whoever looks."""
    return [SENTENCES[Against(one), True] for one in found.against]


def title_of(title_id: int) -> Title:
    """The title with what its pages show. 404 where there is none."""
    rows = queries.titles(timezone.localdate()).select_related(
        "document", "dossier__round__programme", "dossier__round__criteria_set"
    )
    found = rows.filter(pk=title_id).first()
    if found is None:
        raise Http404
    return found


def frame(found: Title, heading: str = "") -> dict[str, Any]:
    """What every page of a title shows: itself, its unit as it was called when it was decided and today, the
    way back; the heading of a page about it."""
    name = queries.borne([found], timezone.localdate())[found.pk]
    here = Text(vi=found.name_vi, en=found.name_en).in_(get_language() or "vi")
    return {
        "title": found,
        "heading": heading,
        "unit_name": name.then,
        "unit_now": name.now,
        "crumbs": [
            (gettext("Titles"), reverse("titles")),
            (f"{name.then.in_(get_language() or 'vi')}: {here}", reverse("title", args=[found.pk])),
        ],
    }
