"""Drafts of criteria sets: listed, made, uploaded, changed as text, taken down, thrown away."""

from dataclasses import asdict

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from kieumau.accounts.doors import needs
from kieumau.audit.requests import actor_of
from kieumau.criteria import actions, draft_pages
from kieumau.criteria.access import DRAFT, deleted_draft, editable_draft, may_edit, open_draft
from kieumau.criteria.draft_forms import NewDraft, Upload
from kieumau.criteria.drafting.template import code_for, new_set
from kieumau.criteria.giving_back import gives_back
from kieumau.criteria.models import Draft
from kieumau.criteria.starting import start_of
from kieumau.kernel.messages import Refused

PAGE_SIZE = 50
LOST, DIFFERS = 400, 409


@require_safe
@needs(DRAFT)
def drafts(request: HttpRequest) -> HttpResponse:
    """Every draft, the one that was changed last first; `?da-xoa=1`: those that were deleted."""
    is_bin = request.GET.get("da-xoa") == "1"
    there = Draft.objects.exclude(deleted_at=None) if is_bin else Draft.objects.there()
    rows = there.select_related("issued_as").defer("text", "issued_as__text", "issued_as__definition")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("trang"))
    context = {"page": page, "is_bin": is_bin, "crumbs": draft_pages.crumbs()}
    return render(request, "criteria/drafts.html", context)


@gives_back
def draft_new(request: HttpRequest) -> HttpResponse:
    """A new draft: from nothing but a title, or as a copy of a version (`?tu=code/version`) or of a draft."""
    if request.method == "POST" and (copied := draft_pages.number(request.POST.get("ban-thao"))):
        draft = open_draft(request.user, copied)
        made = actions.copy_draft(draft=draft, actor=actor_of(request), now=timezone.now())
        messages.success(request, gettext("This copy is yours to change."))
        return redirect("draft", made.pk)
    source = draft_pages.version_named(request.POST.get("tu") or request.GET.get("tu") or "")
    if request.method == "POST" and source is not None:
        made = actions.copy_version(criteria_set=source, actor=actor_of(request), now=timezone.now())
        return redirect("draft", made.pk)
    form = NewDraft(request.POST or None)
    if request.method == "POST" and form.is_valid():
        titles = form.cleaned_data
        code = titles["code"] or code_for(titles["title_vi"], draft_pages.taken_codes())
        text = new_set(
            title_vi=titles["title_vi"],
            title_en=titles["title_en"],
            code=code,
            today=timezone.localdate(),
            **asdict(start_of(timezone.localdate())),
        )
        made = actions.make_draft(text=text, actor=actor_of(request), now=timezone.now())
        return redirect("draft", made.pk)
    context = {
        "form": form,
        "source": source,
        "versions": draft_pages.newest_versions(),
        "crumbs": draft_pages.crumbs(gettext("New draft")),
    }
    return render(request, "criteria/draft_new.html", context)


@needs(DRAFT)
def draft_upload(request: HttpRequest) -> HttpResponse:
    """A draft from a file, kept byte for byte; faults are no reason to refuse it."""
    form = Upload(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_draft(
                text=form.cleaned_data["file"], actor=actor_of(request), now=timezone.now()
            )
        except Refused as refused:
            for problem in refused.problems:
                form.add_error("file", draft_pages.said(problem))
        else:
            messages.success(request, gettext("The file is now a draft."))
            if made.code and Draft.objects.there().filter(code=made.code).exclude(pk=made.pk).exists():
                said = gettext("There is another draft with the code “%(code)s”; both stay. Delete one.")
                messages.warning(request, said % {"code": made.code})
            return redirect("draft", made.pk)
    context = {"form": form, "crumbs": draft_pages.crumbs(gettext("Upload a file"))}
    return render(request, "criteria/draft_upload.html", context)


@gives_back
def draft_yaml(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The draft as text. Saved with faults and all; they are listed with their lines."""
    if request.method == "POST":
        draft = editable_draft(request.user, draft_id)
        typed = request.POST.get("text")
        if typed is not None:
            text, back_to = (
                draft_pages.with_breaks_of(draft.text, typed),
                reverse("draft_yaml", args=[draft.pk]),
            )
            return kept(request, draft, back_to, text, draft_pages.number(request.POST.get("version")))
        messages.error(request, gettext("There was no text in what was sent. Nothing is changed."))
        return _yaml(request, draft, status=LOST)
    return _yaml(request, open_draft(request.user, draft_id))


def _yaml(request: HttpRequest, draft: Draft, typed: str | None = None, status: int = 200) -> HttpResponse:
    """The page of the text: what is stored or, where that could not be saved, what was typed."""
    context = draft_pages.yaml_page(draft, typed) | {"may_edit": may_edit(request.user, draft)}
    return render(request, "criteria/draft_yaml.html", context, status=status)


@require_safe
@needs(DRAFT)
def draft_download(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The text as a file, byte for byte what was uploaded or saved; `?ban=3`: as the third saving left it."""
    draft = open_draft(request.user, draft_id)
    wanted = draft_pages.number(request.GET.get("ban")) or draft.version
    text = draft_pages.text_read(draft, wanted)
    if text is None:
        raise Http404
    response = HttpResponse(text.encode(), content_type="application/yaml; charset=utf-8")
    name = draft_pages.file_name(draft, wanted if wanted != draft.version else None)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@needs(DRAFT)
def draft_delete(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Asks first; a draft that was issued stays, for it is the text of a version."""
    draft = editable_draft(request.user, draft_id)
    if request.method == "POST":
        based_on = draft_pages.number(request.POST.get("version"))
        try:
            actions.delete_draft(draft=draft, based_on=based_on, actor=actor_of(request), now=timezone.now())
        except actions.AlreadyIssued:
            return issued_already(request, draft)
        except actions.ChangedMeanwhile:
            messages.warning(request, gettext("Somebody has changed this draft since. Look at it again."))
            return redirect("draft", draft.pk)
        messages.success(
            request, gettext("The draft was deleted. It can be brought back from “Deleted drafts”.")
        )
        return redirect("drafts")
    context = {"draft": draft, "crumbs": draft_pages.crumbs(gettext("Delete"), draft)}
    return render(request, "criteria/draft_delete.html", context)


@require_POST
@needs(DRAFT)
def draft_restore(request: HttpRequest, draft_id: int) -> HttpResponse:
    """A deleted draft back in the list."""
    draft = deleted_draft(request.user, draft_id)
    actions.restore_draft(draft=draft, actor=actor_of(request), now=timezone.now())
    return redirect("draft", draft.pk)


def kept(
    request: HttpRequest, draft: Draft, back_to: str, text: str, based_on: int, *, says_so: bool = True
) -> HttpResponse:
    """`stored`, with a page of both texts (409) where somebody was quicker."""
    try:
        return stored(request, draft, back_to, text, based_on, says_so=says_so)
    except actions.ChangedMeanwhile as newer:
        context = draft_pages.conflict_page(newer.draft, newer.yours, is_known=based_on > 0)
        return render(request, "criteria/draft_conflict.html", context, status=DIFFERS)


def stored(
    request: HttpRequest, draft: Draft, back_to: str, text: str, based_on: int, *, says_so: bool = True
) -> HttpResponse:
    """Save a text and go on to `back_to`; what cannot be saved is shown again. Raises ChangedMeanwhile.

    `says_so` is False where the page at `back_to` tells by itself that the text was saved.
    """
    try:
        saved = actions.save_text(
            draft=draft, text=text, based_on=based_on, actor=actor_of(request), now=timezone.now()
        )
    except actions.AlreadyIssued:
        if text == draft.text:
            return issued_already(request, draft)
        messages.error(request, gettext("This draft has been issued and changes no more. Copy it to go on."))
        return _yaml(request, draft, text, DIFFERS)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, draft_pages.said(problem))
        return _yaml(request, draft, text, LOST)
    if says_so and saved.version != draft.version:
        messages.success(request, draft_pages.saved_sentence(saved))
    return redirect(back_to)


def issued_already(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Back to the draft, with the reason why it changes no more."""
    messages.warning(request, gettext("This draft has been issued and changes no more. Copy it to go on."))
    return redirect("draft", draft.pk)
