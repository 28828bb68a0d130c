"""Drafts of criteria sets: listed, made, uploaded, changed as text, taken down, thrown away."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from kieumau.audit.requests import actor_of
from kieumau.criteria import actions, draft_pages
from kieumau.criteria.access import open_draft
from kieumau.criteria.draft_forms import NewDraft, TextOfDraft, Upload
from kieumau.criteria.drafting.template import code_for, new_set
from kieumau.criteria.models import Draft
from kieumau.kernel.messages import Refused

PAGE_SIZE = 50
DIFFERS = 409


@require_safe
@login_required
def drafts(request: HttpRequest) -> HttpResponse:
    """Every draft, the one that was changed last first."""
    rows = Draft.objects.select_related("issued_as").defer("text")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("trang"))
    context = {"page": page, "upload": Upload(), "crumbs": draft_pages.crumbs()}
    return render(request, "criteria/drafts.html", context)


@login_required
def draft_new(request: HttpRequest) -> HttpResponse:
    """A new draft: from nothing but a title, or as a copy of a published version (`?tu=code/version`)."""
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


@login_required
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
            return redirect("draft", made.pk)
    context = {"form": form, "crumbs": draft_pages.crumbs(gettext("Upload a file"))}
    return render(request, "criteria/draft_upload.html", context)


@login_required
def draft_yaml(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The draft as text. Saved with faults and all; they are listed with their lines."""
    draft = open_draft(request.user, draft_id)
    form = TextOfDraft(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = draft_pages.with_breaks_of(draft.text, form.cleaned_data["text"])
        return kept(
            request, draft, reverse("draft_yaml", args=[draft.pk]), text, form.cleaned_data["version"]
        )
    return render(request, "criteria/draft_yaml.html", draft_pages.yaml_page(draft))


@require_safe
@login_required
def draft_download(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The text as a file, byte for byte what was uploaded or saved."""
    draft = open_draft(request.user, draft_id)
    response = HttpResponse(draft.text.encode(), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{draft_pages.file_name(draft)}"'
    return response


@login_required
def draft_delete(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Asks first; a draft that was issued stays, for it is the text of a version."""
    draft = open_draft(request.user, draft_id)
    if request.method == "POST":
        try:
            actions.delete_draft(
                draft=draft,
                based_on=draft_pages.number(request.POST.get("version")),
                actor=actor_of(request),
                now=timezone.now(),
            )
        except actions.AlreadyIssued:
            return issued_already(request, draft)
        except actions.ChangedMeanwhile:
            messages.warning(request, gettext("Somebody has changed this draft since. Look at it again."))
            return redirect("draft", draft.pk)
        messages.success(request, gettext("The draft was deleted."))
        return redirect("drafts")
    context = {"draft": draft, "crumbs": draft_pages.crumbs(gettext("Delete"), draft)}
    return render(request, "criteria/draft_delete.html", context)


def kept(request: HttpRequest, draft: Draft, back_to: str, text: str, based_on: int) -> HttpResponse:
    """Save a text and go on to `back_to`; 409 with both texts where somebody was quicker."""
    try:
        saved = actions.save_text(
            draft=draft, text=text, based_on=based_on, actor=actor_of(request), now=timezone.now()
        )
    except actions.AlreadyIssued:
        return issued_already(request, draft)
    except actions.ChangedMeanwhile as newer:
        context = draft_pages.conflict_page(newer.draft, newer.yours)
        return render(request, "criteria/draft_conflict.html", context, status=DIFFERS)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, draft_pages.said(problem))
        return render(request, "criteria/draft_yaml.html", draft_pages.yaml_page(draft, text), status=400)
    if saved.version != draft.version:
        messages.success(request, draft_pages.saved_sentence(saved))
    return redirect(back_to)


def issued_already(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Back to the draft, with the reason why it changes no more."""
    messages.warning(request, gettext("This draft has been issued and changes no more. Copy it to go on."))
    return redirect("draft", draft.pk)
