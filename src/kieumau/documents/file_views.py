"""Files: sent, seen, removed. They are seen only here, through a door."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from kieumau.documents import actions, pages
from kieumau.documents.access import editable, readable_file, removable, somebody
from kieumau.documents.actions import About
from kieumau.documents.installation import limits, scanner, store
from kieumau.documents.intake import Taken, take_in
from kieumau.documents.intake.refusals import FileRefused
from kieumau.documents.models import Document, File
from kieumau.documents.receiving import Received, files_of, takes_files
from kieumau.documents.small import small
from kieumau.documents.stores import Checked, StoreFails
from kieumau.kernel.messages import Refused

logger = logging.getLogger(__name__)
# Nothing in a file may run, load or send anything, even if a browser were tricked into showing it as a page.
_SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


@contextmanager
def looked_at(sent: Sequence[Received]) -> Iterator[tuple[list[Taken], list[str]]]:
    """Look at each file that came: those that may be stored, inside the block, and why the others may not.

    Each stands for itself: whoever sends ten photographs over a weak line does not send nine of them again.
    """
    taken: list[Taken] = []
    problems: list[str] = []
    with ExitStack() as block:
        for one in sent:
            try:
                way = take_in(one.path, one.name, limits=limits(), scanner=scanner())
                taken.append(block.enter_context(way))
            except Refused as refused:
                problems.extend(pages.sentences(refused))
        yield taken, problems


def store_failed() -> str:
    """What to say when the store does not take a file; the log has why."""
    logger.exception("a file could not be stored")
    return gettext("The store of files does not answer. Try again later.")


def tell(request: HttpRequest, added: int, problems: Sequence[str]) -> None:
    """Say on the next page what became of the files."""
    if added:
        words = ngettext("%(count)s file added.", "%(count)s files added.", added) % {"count": added}
        messages.success(request, words)
    for problem in problems:
        messages.error(request, problem)


def _to_change(request: HttpRequest, document_id: int) -> Document:
    return editable(request.user, document_id)


@require_POST
@login_required
@takes_files(_to_change)
def document_files(request: HttpRequest, found: Document, document_id: int) -> HttpResponse:
    """Add files to a document; then its page, with what was refused."""
    sent = files_of(request)
    if not sent:
        messages.error(request, gettext("Choose at least one file."))
        return redirect("document", found.pk)
    added = 0
    with looked_at(sent) as (taken, problems):
        for one in taken:
            try:
                actions.add_file(found.pk, one, store=store(), actor=somebody(request), now=timezone.now())
                added += 1
            except Refused as refused:
                problems.extend(pages.sentences(refused))
            except StoreFails:
                problems.append(store_failed())
    tell(request, added, problems)
    return redirect("document", found.pk)


@require_safe
@login_required
def file(request: HttpRequest, file_id: int) -> HttpResponseBase:
    """The bytes of a file: pictures may be shown in our own pages, everything else is only saved.

    That it was read is recorded. 404 where the person may not see the document.
    """
    return send(request, readable_file(request.user, file_id))


def send(request: HttpRequest, found: File, about: About | None = None) -> HttpResponseBase:
    """The bytes of a file, for whom a door has let pass; it is recorded for what they were read."""
    if request.method == "GET":
        actions.record_reading(
            found.document, actor=somebody(request), now=timezone.now(), sha256=found.sha256, about=about
        )
    try:
        content = store().open(found.sha256)
    except StoreFails:
        logger.exception("file %s is not to be had", found.pk)
        return render(request, "documents/missing.html", {"file": found}, status=503)
    if request.method == "HEAD":
        content.close()
        response: HttpResponseBase = HttpResponse()
    else:
        response = StreamingHttpResponse(Checked(content, found.sha256))
    return _guarded(response, found, found.size)


def send_small(request: HttpRequest, found: File, about: About) -> HttpResponseBase:
    """A picture drawn small, for whom a door has let pass. Who sees it has read it, so that it is recorded:
    once a day for what it was read, as a page shows its pictures at every look. 404 for what is no picture.
    """
    if not found.is_picture:
        raise Http404
    try:
        content = small(found)
    except (StoreFails, FileRefused):
        logger.exception("picture %s is not to be had", found.pk)
        return HttpResponse(status=503)
    if request.method == "GET":
        actions.record_glimpse(
            found.document, actor=somebody(request), now=timezone.now(), sha256=found.sha256, about=about
        )
    return _guarded(HttpResponse(content), found, len(content))


def _guarded(response: HttpResponseBase, found: File, size: int) -> HttpResponseBase:
    """With every header that keeps a browser from making anything else of it."""
    kind = found.file_kind
    shown = "inline" if kind.is_picture else "attachment"
    plain = f"file.{kind.extensions[0]}"
    response["Content-Type"] = kind.media_type
    response["Content-Length"] = str(size)
    response["Content-Disposition"] = (
        f"{shown}; filename=\"{plain}\"; filename*=UTF-8''{quote(found.name, '')}"
    )
    response["Content-Security-Policy"] = _SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    # What is stored is packed already; packed once more on the way it would lose its length.
    response["Content-Encoding"] = "identity"
    return response


@require_POST
@login_required
def file_remove(request: HttpRequest, file_id: int) -> HttpResponse:
    """Take a file from its document, as long as that is not sealed."""
    found = readable_file(request.user, file_id)
    document = removable(request.user, found.document_id)
    try:
        actions.remove_file(found.pk, store=store(), actor=somebody(request), now=timezone.now())
    except Refused as refused:
        for problem in pages.sentences(refused):
            messages.error(request, problem)
    except File.DoesNotExist:
        raise Http404 from None
    else:
        messages.success(request, gettext("The file was removed."))
    return redirect("document", document.pk)
