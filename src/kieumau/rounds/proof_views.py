"""Evidence of a criterion: put on the shelf and pointed at, taken back, accepted or refused; and read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kieumau.accounts.models import User
from kieumau.calendars.working_days import ONE_DAY, day_of
from kieumau.documents.access import ADD, may_read, open_shelf, readable_file
from kieumau.documents.actions import About
from kieumau.documents.adding import Attempt, attempt
from kieumau.documents.file_views import send, send_small
from kieumau.documents.forms import Description
from kieumau.documents.installation import store
from kieumau.documents.intake import Taken
from kieumau.documents.kinds import kinds
from kieumau.documents.models import Document, File
from kieumau.documents.receiving import takes_files
from kieumau.documents.rules import Facts, faults
from kieumau.documents.views import opened
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import whole_number
from kieumau.rounds import access, actions, unsaved
from kieumau.rounds.criterion_views import in_its_session, most_points_of, show_criterion
from kieumau.rounds.dossier_page import Line, Page, page_of
from kieumau.rounds.failures import JudgedMeanwhile
from kieumau.rounds.forms import filled
from kieumau.rounds.framing import DIFFERS, REFUSED, frame, unit_name
from kieumau.rounds.models import Dossier, Evidence
from kieumau.rounds.proof_page import Judging, Proof, expected, lacks_of, proof_of
from kieumau.rounds.proving import Lack, said_of
from kieumau.rounds.rules import Stage
from kieumau.rounds.shelves import on_its_shelves
from kieumau.web.sentences import sentences

PIECE = "minh-chung"
SMALL = "nho"


@in_its_session
@require_POST
def dossier_evidence(request: HttpRequest, dossier_id: int, code: str) -> HttpResponse:
    """Add documents of the unit's shelves, take one back, accept or refuse one; then the criterion again.

    `?minh-chung=` is the one that is taken back or judged. What else is typed on the page stays on it.
    """
    found = access.readable(request.user, dossier_id)
    own = Stage(found.stage)
    is_judging = request.POST.get("do") in {"accept", "refuse"}
    # Only a judgment may come late, and is then kept on the page: the action saves none of another stage.
    stage = (_stage(request) or own) if is_judging else own
    if not access.may_work(request.user, found, stage):
        raise Http404
    if is_judging:
        return _judge(request, found, code, stage)
    unsaved.keep(request, found.pk, code)
    try:
        messages.success(request, _do(request, found, code))
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, problem.in_(get_language() or "vi"))
    return redirect(reverse("dossier_criterion", args=[found.pk, code]) + "#minh-chung")


def _to_add(request: HttpRequest, dossier_id: int, code: str) -> Dossier:
    found = access.readable(request.user, dossier_id)
    if not access.may_work(request.user, found):
        raise Http404
    open_shelf(request.user, found.unit_id, ADD)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@takes_files(_to_add)
def dossier_evidence_new(request: HttpRequest, found: Dossier, dossier_id: int, code: str) -> HttpResponse:
    """A new document with its files as evidence of a criterion, in one step; then the criterion again.

    What is not of the kind or dates asked for is said before it is saved, and saved if it is sent again
    knowingly. Nothing typed, and no good file, is lost where something is wrong (422).
    """
    page = page_of(found, timezone.now())
    line = page.line(code)
    if line is None:
        raise Http404
    known = kinds()
    expects = expected(found, line.criterion, timezone.localdate())
    form = Description(request.POST if request.method == "POST" else None, initial=expects, known=known)
    proof = proof_of(page, line, may_work=False, known=known)
    if request.method != "POST":
        return _show_new(request, page, proof, form, Attempt())
    unsaved.keep(request, found.pk, code, with_document=False)
    wish = Wish(request, found, line)
    outcome = attempt(request, found.unit_id, form, wish.save)
    if not isinstance(outcome, Evidence):
        if form.errors:
            outcome.problems.extend(wish.beside(form, has_file=bool(outcome.slips)))
        return _show_new(request, page, proof, form, outcome, is_odd=wish.is_odd)
    if not wish.has_files:  # else it was said how many were added
        messages.success(request, gettext("Added."))
    return redirect(reverse("dossier_criterion", args=[found.pk, code]) + "#minh-chung")


def _show_new(
    request: HttpRequest, page: Page, proof: Proof, form: Description, tried: Attempt, *, is_odd: bool = False
) -> HttpResponse:
    found, line = page.dossier, proof.line
    code = line.criterion.code
    way = [(code, reverse("dossier_criterion", args=[found.pk, code])), (gettext("Add evidence"), "")]
    context = {
        **frame(request, found, page, *way),
        "line": line,
        "proof": proof,
        "form": form,
        "problems": tried.problems,
        "slips": tried.slips,
        "is_odd": is_odd,
    }
    status = REFUSED if request.method == "POST" else 200
    return render(request, "rounds/evidence_new.html", context, status=status)


def _not_asked_for(lacks: Sequence[Lack]) -> Problem:
    """The document is not what the criterion asks for; it may be added all the same, knowingly."""
    what = said_of(lacks)
    reason = Text(
        vi=f"Văn bản chưa chứng minh được tiêu chí: {what.vi}.",
        en=f"The document does not prove the criterion: {what.en}.",
    )
    hint = Text(
        vi="Sửa lại, hoặc bấm “Vẫn thêm”: văn bản được kèm theo, nhưng riêng nó chưa đủ.",
        en="Put it right, or press “Add it all the same”: it is kept, but alone it does not suffice.",
    )
    return Problem("not-asked-for", reason, hint)


@dataclass(slots=True)
class Wish:
    """A request to add a new document as evidence; `is_odd` once it was held back for not being asked for.

    `has_files` once it was tried with files.
    """

    request: HttpRequest
    dossier: Dossier
    line: Line
    is_odd: bool = False
    has_files: bool = False

    def refusals(self, facts: Facts, *, has_file: bool) -> list[Problem]:
        """All that speaks against it, at once: what is wrong with the facts, what the criterion lacks."""
        wrong = faults(facts, kinds(), day_of(timezone.now()))
        lacks = lacks_of(self.dossier, self.line.criterion, facts, has_file=has_file)
        if wrong:  # of days that cannot be nobody knows what time they prove
            lacks = tuple(one for one in lacks if one is not Lack.TIME)
        is_known = self.request.POST.get("knowing") == "1"
        self.is_odd = bool(lacks) and (bool(wrong) or not is_known)
        return [*wrong, *([_not_asked_for(lacks)] if lacks and not is_known else [])]

    def beside(self, form: Description, *, has_file: bool) -> list[str]:
        """The same of a form in which something else is not well formed; nothing where its days are not."""
        typed = form.cleaned_data
        if not {"kind", "issued_on", "proves_from", "proves_until"} <= typed.keys():
            return []
        said = Facts(typed["kind"], typed["issued_on"], typed.get("summary") or "–")
        facts = replace(said, proves_from=typed["proves_from"], proves_until=typed["proves_until"])
        return sentences(self.refusals(facts, has_file=has_file))

    def save(self, facts: Facts, files: Sequence[Taken]) -> Evidence:
        """Do it. Raises `Refused` with all that speaks against it, and what the action raises."""
        self.has_files = bool(files)
        if found := self.refusals(facts, has_file=bool(files)):
            raise Refused(found)
        return actions.add_new_evidence(
            self.dossier.pk,
            criterion=self.line.criterion.code,
            facts=facts,
            files=files,
            store=store(),
            actor=cast(User, self.request.user),
            now=timezone.now(),
            stage=Stage(self.dossier.stage),
        )


@require_safe
@login_required
def dossier_document(request: HttpRequest, dossier_id: int, document_id: int) -> HttpResponse:
    """A document that the dossier points at; that it was opened for this dossier is recorded."""
    found, document = _pointed_at(request, dossier_id, document_id)

    def address(file: File) -> str:
        return reverse("dossier_file", args=[found.pk, file.pk])

    return opened(request, document, _about(found), address)


@require_safe
@login_required
def dossier_file(request: HttpRequest, dossier_id: int, file_id: int) -> HttpResponseBase:
    """A file of a document that the dossier points at; that it was read for this dossier is recorded.

    With `?nho` a picture drawn small, as it is shown to who judges it.
    """
    file = readable_file(request.user, file_id)
    found, _ = _pointed_at(request, dossier_id, file.document_id)
    return (send_small if SMALL in request.GET else send)(request, file, _about(found))


def _pointed_at(request: HttpRequest, dossier_id: int, document_id: int) -> tuple[Dossier, Document]:
    """A dossier and one of its documents, for somebody who may read both. 404 otherwise."""
    found = access.readable(request.user, dossier_id)
    named = Evidence.objects.filter(dossier=found).values("document")
    document = Document.objects.filter(pk=document_id, pk__in=named).first()
    if document is None or not may_read(request.user, document.unit_id):
        raise Http404
    return found, document


def _about(found: Dossier) -> About:
    """What the log of readings says of a dossier: the round, and the unit as it was called then."""
    name = f"{unit_name(found).in_('vi')}, {found.round.name}"
    return About("dossier", found.pk, name, reverse("dossier", args=[found.pk]))


def _judge(request: HttpRequest, found: Dossier, code: str, stage: Stage) -> HttpResponse:
    """Accept or refuse a document; 409 with both judgments where somebody was faster, 422 where it cannot be.

    What was typed stays on the page, also where the dossier has gone on meanwhile.
    """
    piece, is_accepted = _piece(request, found, code), request.POST.get("do") == "accept"
    reason = request.POST.get(f"{unsaved.REASON}{piece.pk}", "").replace("\x00", "")[:2000]
    typed, seen = Judging(piece.pk, is_accepted, reason), request.POST.get(f"seen-{piece.pk}", "")
    problems: list[str] = []
    try:
        actions.look_at_evidence(
            piece,
            is_accepted=is_accepted,
            reason=reason,
            actor=cast(User, request.user),
            now=timezone.now(),
            seen=whole_number(seen) or 0,
            stage=stage,
        )
    except JudgedMeanwhile as meanwhile:
        typed = replace(typed, theirs=meanwhile.theirs)
    except Refused as refused:
        problems = sentences(refused)
    else:
        unsaved.keep(request, found.pk, code, saved=f"{unsaved.REASON}{piece.pk}")
        messages.success(request, _judged(is_accepted, piece))
        return redirect(reverse("dossier_criterion", args=[found.pk, code]) + "#minh-chung")
    page = page_of(access.readable(request.user, found.pk), timezone.now())
    line = page.line(code)
    assert line is not None  # the piece is of this criterion
    form = filled(line, page.place.stage, most_points_of(found, code))
    status = REFUSED if typed.theirs is None else DIFFERS
    return show_criterion(
        request,
        page,
        line,
        form,
        problems=problems,
        judging=typed,
        typed=unsaved.typed_in(request.POST),
        status=status,
    )


def _judged(is_accepted: bool, piece: Evidence) -> str:
    """What was put down, so that a refusal does not read as one of the page's own."""
    if is_accepted:
        said = gettext("Put down: the evidence “%(document)s” is accepted.")
    else:
        said = gettext("Put down: the evidence “%(document)s” is not accepted.")
    return said % {"document": piece.document}


def _stage(request: HttpRequest) -> Stage | None:
    """The stage in which he judged, where the page said so: meanwhile the dossier may have moved on."""
    text = request.POST.get("at_stage", "")
    return Stage(int(text)) if text in {str(int(one)) for one in Stage} else None


def _do(request: HttpRequest, found: Dossier, code: str) -> str:
    """Do what was asked for; what to say of it. Raises `Refused`."""
    said: dict[str, Any] = {
        "actor": cast(User, request.user),
        "now": timezone.now(),
        "stage": Stage(found.stage),  # in which he was let in; no other one by the time it is held
    }
    match request.POST.get("do"):
        case "add":
            for document in _documents(request, found):
                actions.add_evidence(found.pk, criterion=code, document=document, **said)
            return gettext("Added.")
        case "remove":
            actions.remove_evidence(_piece(request, found, code), **said)
            return gettext("Taken back; the document stays on the shelf.")
        case _:
            raise Http404


def _documents(request: HttpRequest, found: Dossier) -> list[Document]:
    """The documents that were chosen, from the unit's shelves only. 404 for any other."""
    chosen = {whole_number(one) or 0 for one in request.POST.getlist("document")}
    on = found.round.period.ends_before - ONE_DAY
    there = list(Document.objects.filter(on_its_shelves(found.unit_id, on), pk__in=chosen))
    if not chosen or len(there) != len(chosen):
        raise Http404
    return there


def _piece(request: HttpRequest, found: Dossier, code: str) -> Evidence:
    rows = Evidence.objects.select_related("criterion").filter(dossier=found, criterion__code=code)
    piece = rows.filter(pk=whole_number(request.GET.get(PIECE)) or 0).first()
    if piece is None:
        raise Http404
    return piece
