"""Drafts: made, saved, issued, deleted. A text with faults is saved all the same; it is not issued."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from kieumau.audit import actions as audit
from kieumau.audit.verbs import Verb
from kieumau.criteria import verbs
from kieumau.criteria.actions.publish import Compared, publish
from kieumau.criteria.drafting.originals import text_of_version
from kieumau.criteria.drafts import faults_of
from kieumau.criteria.models import CriteriaSet, Draft, SavedText
from kieumau.indicators.actions.source import name_of
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.yamlfile import MAX_BYTES, load_with_lines
from kieumau.units.actions import Actor


class AlreadyIssued(Exception):
    """The draft became a version and changes no more: copy it to go on."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(f"draft {draft.pk} was issued as {draft.issued_as}")
        self.draft = draft


class ChangedMeanwhile(Exception):
    """Somebody saved a newer text. Holds the draft as it stands and the text that was to be saved."""

    def __init__(self, draft: Draft, yours: str) -> None:
        super().__init__(f"draft {draft.pk} stands at version {draft.version}")
        self.draft = draft
        self.yours = yours


@transaction.atomic
def make_draft(*, text: str, actor: Actor, now: datetime) -> Draft:
    """A new draft with this text, kept byte for byte. Raises Refused for what no database can keep."""
    draft = Draft(made_by=name_of(actor)[:150], made_at=now)
    _write(draft, text, actor, now)
    draft.save()
    _keep(draft)
    _record(verbs.MAKE_DRAFT, draft, actor, now, new=_facts(draft))
    return draft


def copy_version(*, criteria_set: CriteriaSet, actor: Actor, now: datetime) -> Draft:
    """A new draft with the text of a published version, with its comments where they are known."""
    return make_draft(text=text_of_version(criteria_set), actor=actor, now=now)


@transaction.atomic
def save_text(*, draft: Draft, text: str, based_on: int, actor: Actor, now: datetime) -> Draft:
    """The draft with a new text; `based_on` is the version that was read before writing it.

    The same text again is no change. Raises ChangedMeanwhile when somebody else has saved another text
    since, AlreadyIssued, and Refused for what cannot be kept; then nothing is stored.
    """
    stored = _held(draft)
    if text == stored.text:
        return stored
    if stored.version != based_on:
        raise ChangedMeanwhile(stored, text)
    before = _facts(stored)
    stored.version += 1
    _write(stored, text, actor, now)
    stored.save()
    _keep(stored)
    _record(verbs.SAVE_DRAFT, stored, actor, now, old=before, new=_facts(stored))
    return stored


@transaction.atomic
def delete_draft(*, draft: Draft, based_on: int, actor: Actor, now: datetime) -> None:
    """Put a draft aside: it is in no list any more, and comes back with `restore_draft`.

    Raises ChangedMeanwhile when it was saved since it was read, AlreadyIssued.
    """
    stored = _held(draft)
    if stored.version != based_on:
        raise ChangedMeanwhile(stored, "")
    _record(verbs.DELETE_DRAFT, stored, actor, now, old=_facts(stored))
    stored.deleted_at, stored.deleted_by = now, name_of(actor)[:150]
    stored.save(update_fields=["deleted_at", "deleted_by"])


@transaction.atomic
def restore_draft(*, draft: Draft, actor: Actor, now: datetime) -> Draft:
    """A deleted draft back in the lists, as it was. Raises AlreadyIssued."""
    stored = _held(draft)
    if stored.deleted_at is not None:
        stored.deleted_at, stored.deleted_by = None, ""
        stored.save(update_fields=["deleted_at", "deleted_by"])
        _record(verbs.RESTORE_DRAFT, stored, actor, now, new=_facts(stored))
    return stored


def copy_draft(*, draft: Draft, actor: Actor, now: datetime) -> Draft:
    """A new draft of one's own with the text of another."""
    return make_draft(text=draft.text, actor=actor, now=now)


@transaction.atomic
def issue(
    *,
    draft: Draft,
    actor: Actor,
    now: datetime,
    based_on: int | None = None,
    compared: Compared | None = None,
) -> CriteriaSet:
    """Publish the draft's text as the next version of its set; returns the version.

    `based_on`, where it is given, is the version of the draft that was read, and `compared` what it came
    to and was compared with: what is issued is what was seen. Raises Refused with every fault of the text,
    ChangedMeanwhile, NotAsCompared and AlreadyIssued; then nothing is published.
    """
    stored = _held(draft)
    if based_on is not None and stored.version != based_on:
        raise ChangedMeanwhile(stored, stored.text)
    stored.issued_as = publish(stored.text, stored.code or "YAML", actor=actor, now=now, compared=compared)
    stored.changed_by, stored.changed_at = name_of(actor)[:150], now
    stored.fault_count = 0
    stored.save()
    _record(verbs.ISSUE_DRAFT, stored, actor, now, new={"issued_as": str(stored.issued_as)})
    return stored.issued_as


def _facts(draft: Draft) -> dict[str, Any]:
    """What the log keeps of a draft: not its text, but how to tell whether it was this one."""
    digest = hashlib.sha256(draft.text.encode()).hexdigest()
    return {"version": draft.version, "faults": draft.fault_count, "sha256": digest}


def _record(
    verb: Verb,
    draft: Draft,
    actor: Actor,
    now: datetime,
    *,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
) -> None:
    name = draft.title_vi or draft.code
    audit.record(actor=actor, verb=verb, object=("draft", draft.pk), name=name, old=old, new=new, now=now)


def _held(draft: Draft) -> Draft:
    """The row as it stands, kept from others until the transaction ends."""
    stored = Draft.objects.select_for_update().get(pk=draft.pk)
    if stored.issued_as_id is not None:
        raise AlreadyIssued(stored)
    return stored


def _keep(draft: Draft) -> None:
    """The text as it was just saved, for good."""
    SavedText.objects.create(
        draft=draft,
        version=draft.version,
        text=draft.text,
        saved_by=draft.changed_by,
        saved_at=draft.changed_at,
    )


def _write(draft: Draft, text: str, actor: Actor, now: datetime) -> None:
    """Put the text into the row, with what lists show of it."""
    _refuse_what_cannot_be_kept(text)
    read = _read(text)
    draft.text = text
    draft.code, draft.title_vi, draft.title_en = read.code, read.title_vi, read.title_en
    draft.fault_count = len(faults_of(text))
    draft.changed_by, draft.changed_at = name_of(actor)[:150], now


def _refuse_what_cannot_be_kept(text: str) -> None:
    if len(text.encode(errors="replace")) > MAX_BYTES:
        reason = Text(vi="Bản thảo lớn hơn 2 MB.", en="The draft is larger than 2 MB.")
        raise Refused([Problem("too-large", reason)])
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        reason = Text(
            vi="Tệp có ký tự không phải chữ, có lẽ không phải tệp văn bản.",
            en="The file holds characters that are no text; perhaps it is not a text file.",
        )
        hint = Text(vi="Hãy chọn một tệp YAML (.yaml).", en="Choose a YAML file (.yaml).")
        raise Refused([Problem("not-text", reason, hint)])


@dataclass(frozen=True, slots=True)
class _Read:
    """What a text says of itself, as far as it can be read."""

    code: str = ""
    title_vi: str = ""
    title_en: str = ""


def _read(text: str) -> _Read:
    try:
        content, _ = load_with_lines(text, "YAML")
    except Refused:
        return _Read()
    if not isinstance(content, Mapping):
        return _Read()
    title: Any = content.get("title")
    title = title if isinstance(title, Mapping) else {}
    return _Read(_short(content.get("code"), 60), _short(title.get("vi"), 300), _short(title.get("en"), 300))


def _short(value: object, most: int) -> str:
    return " ".join(str(value).split())[:most] if value is not None else ""
