"""What every page of a dossier shows around: the unit, the round, the way there, the stages."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext

from kieumau.documents.access import may_read as may_read_documents
from kieumau.kernel.messages import Text
from kieumau.rounds import words
from kieumau.rounds.dossier_page import Line, Page
from kieumau.rounds.models import Dossier
from kieumau.rounds.rules import State
from kieumau.units.queries import history
from kieumau.web.synthetic import page_is_about

DIFFERS, REFUSED = 409, 422


def frame(request: HttpRequest, found: Dossier, page: Page, *more: tuple[str, str]) -> dict[str, Any]:
    """What templates need of that; `more` are steps of the way behind the dossier."""
    page_is_about(request, [int(found.path.split(".")[0])])
    name = unit_name(found)
    here = name.in_(get_language() or "vi")
    crumbs = [
        (gettext("Rounds"), reverse("rounds")),
        (found.round.name, reverse("round", args=[found.round_id])),
        (here, reverse("dossier", args=[found.pk])),
        *more,
    ]
    steps = [(stage, words.STAGES[stage], _tense(page, int(stage))) for stage in page.stages]
    return {
        "dossier": found,
        "page": page,
        "unit_name": name,
        "crumbs": crumbs,
        "steps": steps,
        "shelf_open": may_read_documents(request.user, found.unit_id),
        "place": words.place_word(page.place, is_decided=found.round.programme_id is not None),
        "found_at": found_at(page.lines),
    }


def found_at(lines: Sequence[Line]) -> str:
    """Whose result is shown: the stage that found it; else that it is so far, or nothing.

    So far: several did, or what one found met does not count for want of a document.
    """
    stages = {max(line.found) for line in lines if line.found}
    if len(stages) > 1 or any(line.is_unproved for line in lines):
        return gettext("So far")
    return "".join(str(words.STAGES[stage]) for stage in stages)


def unit_name(found: Dossier) -> Text:
    """What the unit was called in the period. One query."""
    last = history(found.unit_id).filter(valid__startswith__lt=found.round.period.ends_before).last()
    if last is None:
        raise Http404
    return Text(vi=last.full_name("vi"), en=last.full_name("en"))


def _tense(page: Page, stage: int) -> str:
    """Is a stage done, worked on now, or still to come?"""
    at = page.place
    if at.state in {State.CONCLUDED, State.DECIDED} or stage < at.stage:
        return "done"
    return "now" if stage == at.stage else "later"
