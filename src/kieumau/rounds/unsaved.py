"""What is typed on the page of a criterion and not saved, while something else of the page is sent.

The page is one form with several buttons, so that everything typed comes along with each of them, also
without script: an answer with a document that is added, the reasons of other documents with a judgment. It
waits in the person's own session until the page is shown, and is shown once.
"""

from collections.abc import Mapping

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext

from kieumau.documents.forms import Description
from kieumau.rounds.forms import OUTCOMES, Answer

MOST = 40_000  # characters of it all: a remark, reasons, and what a document says of itself
# Of a stranger: a letter of a remark may take nine signs on its way.
MOST_BYTES = 128 * 1024
REASON = "reason-"
_ANSWERED = ("outcome", "points", "remark")
_ANSWER = frozenset(Answer.base_fields)
_DOCUMENT = frozenset(Description.base_fields) - {"version"}
_LABELED = {name: Answer.base_fields[name] for name in _ANSWERED}
_KEPT = "unsaved"

Typed = Mapping[str, str]


def typed_in(sent: QueryDict, *, with_document: bool = True, saved: str = "") -> dict[str, str]:
    """Field by field what was typed, but for one that is saved; nothing without words, or with too many."""
    names = _ANSWER | _DOCUMENT if with_document else _ANSWER
    found = {name: str(sent[name]) for name in sent if name in names or name.startswith(REASON)}
    found.pop(saved, None)
    has_words = any(found[name].strip() for name in found if name not in {"seen", "at_stage"})
    return found if has_words and sum(map(len, found.values())) <= MOST else {}


def keep(
    request: HttpRequest, dossier_id: int, code: str, *, with_document: bool = True, saved: str = ""
) -> None:
    """Let what was typed wait for the page. What waited before, for whatever page, is gone."""
    if found := typed_in(request.POST, with_document=with_document, saved=saved):
        request.session[_KEPT] = {"of": [dossier_id, code], "typed": found}


def take(request: HttpRequest, dossier_id: int, code: str) -> Typed:
    """What waits for the page of a criterion, which waits no longer; mostly nothing."""
    kept = request.session.get(_KEPT)
    if kept is None or kept["of"] != [dossier_id, code]:
        return {}
    del request.session[_KEPT]
    found: dict[str, str] = kept["typed"]
    return found


def put_over(form: Answer, typed: Typed) -> bool:
    """Show in a form what was typed instead of what stands; was anything typed that does not stand?"""
    stood = {name: _plain(form.initial.get(name)) for name in _ANSWERED if name in form.fields}
    form.initial = {**form.initial, **{name: typed[name] for name in (*stood, "seen") if name in typed}}
    return any(_plain(typed.get(name, stands)) != stands for name, stands in stood.items())


def told(sent: QueryDict) -> list[tuple[str, str]]:
    """What was typed in words, for somebody who has to sign in first: nothing of the store is asked."""
    words = {str(int(outcome)): str(word) for outcome, word in OUTCOMES.items()}
    found = []
    for name, value in typed_in(sent).items():
        field = _LABELED.get(name)
        if field is not None or name.startswith(REASON):
            label = str(field.label) if field else gettext("Reason")
            found.append((label, words.get(value, "") if name == "outcome" else value))
    return found


def _plain(value: object) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n").strip()
