"""A dossier as a whole: where it stands, every criterion at every stage, what may be done."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kieumau.assessments.rules import Outcome
from kieumau.assignments.access import may_give
from kieumau.kernel.messages import Text
from kieumau.rounds import access, words
from kieumau.rounds.beneath import unchanged
from kieumau.rounds.deciding import SENTENCES, Against
from kieumau.rounds.dossier_page import Page, page_of
from kieumau.rounds.extended import of_dossier
from kieumau.rounds.forms import SendingBack
from kieumau.rounds.framing import REFUSED, frame
from kieumau.rounds.models import Dossier, Move, Vote
from kieumau.rounds.offers import offered, told, warned
from kieumau.rounds.rules import SIDE_OF, Act, Side, Stage, State
from kieumau.rounds.weighing import changed_at, is_on_another

AFTER, OWN = "sau", "cua-toi"


@require_safe
@login_required
def dossier(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """A unit's dossier: where it stands, every criterion at every stage, what may be done.

    `?sau=<code>`: to the next criterion that lacks something, where there is one.
    """
    found = access.readable(request.user, dossier_id)
    page = page_of(found, timezone.now())
    after = page.line(request.GET.get(AFTER, ""))
    following = page.next_after(after.criterion.code) if after else None
    if following is not None:
        return redirect("dossier_criterion", found.pk, following.criterion.code)
    return show_dossier(request, found, page)


def show_dossier(
    request: HttpRequest,
    found: Dossier,
    page: Page,
    problems: list[str] | None = None,
    back: SendingBack | None = None,
) -> HttpResponse:
    """The page of a dossier, with what could not be done; 422 where anything could not.

    `back` is what was typed for sending it back, if anything was.
    """
    votes = list(Vote.objects.filter(dossier=found).select_related("correction"))
    changed = changed_at(found, page.moves)
    checks = SIDE_OF[page.place.stage] is not Side.UNIT and access.may_work(request.user, found)
    is_refused = bool(problems or (back and back.errors))
    context = {
        **frame(request, found, page),
        "problems": problems or [],
        "form": back
        or SendingBack(criteria=[line.criterion for line in page.lines], initial={"criteria": page.refused}),
        "extensions": of_dossier(found),
        "own": frozenset(found.own) if checks else (),  # type: ignore[attr-defined]  # comes with it
        "is_own_only": checks and request.GET.get(OWN) == "1",
        "unchanged": unchanged(page),
        "votes": votes,
        "on_another": [one.pk for one in votes if is_on_another(one, changed)],
        "may_vote": access.may_vote(request.user, found) and page.is_voted_on,
        "counts": page.result.counts.by_outcome(),
        "may_end": access.may_end(request.user, found) and page.acts & {Act.SUBMIT, Act.CONCLUDE},
        "may_send_back": access.may_send_back(request.user, found) and Act.SEND_BACK in page.acts,
        "is_with_unit": SIDE_OF[page.place.stage] is Side.UNIT,
        "may_act": access.may_work(request.user, found) or access.may_end(request.user, found),
        "is_worked_on": bool(page.acts) and page.place.state in {State.OPEN, State.SENT_BACK},
        "side": words.SIDES[SIDE_OF[page.place.stage]],
        "history": _history(page),
        "may_assign": _may_assign(request, page),
        "offered": offered(request.user, found),
        "warned": warned(request.user, found),
        "told": told(found),
        "against": _against(page),
    }
    return render(request, "rounds/dossier.html", context, status=REFUSED if is_refused else 200)


def _history(page: Page) -> list[tuple[str, Move]]:
    """Every act in words, the last first; of a conclusion also which stage it ended."""
    told, at = [], page.stages[0]
    for one in page.moves:
        act = Act(one.act)
        word = str(words.ACTS[act])
        told.append((f"{word}: {words.STAGES[at]}" if act is Act.CONCLUDE else word, one))
        at = Stage(one.stage)
    return told[::-1]


def _may_assign(request: HttpRequest, page: Page) -> bool:
    """Is there something that is not met, and may the person give assignments about it?"""
    programme = page.dossier.round.programme
    is_unmet = any(line.outcome is Outcome.NOT_MET for line in page.lines)
    return is_unmet and may_give(request.user, page.dossier.unit_id, programme.code if programme else "")


def _against(page: Page) -> list[Text]:
    """What the decision went against, in words; nothing where there is none, or none of the two."""
    decided = page.decided
    if decided is None or decided.is_met is None:
        return []
    return [SENTENCES[Against(one), decided.is_met] for one in decided.against]
