"""A form with a document and its files, sent: what becomes of it, so that nothing typed or sent is lost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.http import HttpRequest
from django.utils.translation import gettext

from kieumau.documents import pages
from kieumau.documents.access import somebody
from kieumau.documents.file_views import looked_at, store_failed, tell
from kieumau.documents.forms import Description
from kieumau.documents.installation import store
from kieumau.documents.intake import Taken
from kieumau.documents.keeping import Slip, keep_back, let_go, waiting
from kieumau.documents.receiving import files_of
from kieumau.documents.rules import Facts
from kieumau.documents.stores import StoreFails
from kieumau.kernel.messages import Refused

T = TypeVar("T")
Save = Callable[[Facts, Sequence[Taken]], T]
SLIPS = "kept"


@dataclass(slots=True)
class Attempt:
    """What goes back on the page where nothing was saved: why, and the good files, which wait."""

    problems: list[str] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)


def attempt(request: HttpRequest, unit_id: int, form: Description, save: Save[T]) -> T | Attempt:
    """What `save` made of the facts and the good files, which is told on the next page; else what to show.

    Each file stands for itself: those that are refused do not keep the others back. Where all that were
    sent are refused, where one that waited is gone, where the form is not well formed, and where `save`
    raises `Refused` or the store does not answer, nothing is saved and the good files wait.
    """
    person, incoming = somebody(request), store().incoming
    texts = request.POST.getlist(SLIPS)
    before = waiting(texts, unit_id=unit_id, person_id=person.pk, incoming=incoming)
    sent = files_of(request)
    with looked_at(sent) as (taken, problems):
        files = [*before, *taken]
        are_gone = len(before) < len(texts)
        if are_gone:
            problems.append(gettext("A file that waited is there no longer: choose it once more."))
        if form.is_valid() and (files or not sent) and not are_gone:
            try:
                made = save(form.facts, files)
            except Refused as refused:
                problems.extend(pages.sentences(refused))
            except StoreFails:
                problems.append(store_failed())
            else:
                let_go(before)
                tell(request, len({one.sha256 for one in files}), problems)
                return made
        return Attempt(problems, keep_back(files, unit_id=unit_id, person_id=person.pk))
