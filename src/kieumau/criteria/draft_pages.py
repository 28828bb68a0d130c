"""What the pages of the drafts show."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from kieumau.criteria.drafts import faults_of
from kieumau.criteria.models import CriteriaSet, Draft, SavedText
from kieumau.criteria.rules import CODE
from kieumau.kernel.messages import Problem
from kieumau.kernel.numbers import whole_number

CONTEXT_LINES = 3
MOST_EARLIER = 50
MOST_EXACT = 5_000  # lines; beyond, lines that stand there often are not looked at one by one


def crumbs(last: str = "", draft: Draft | None = None) -> list[tuple[str, str]]:
    """The way to a page of the drafts."""
    found = [
        (gettext("Criteria sets"), reverse("criteria_sets")),
        (gettext("Drafts"), reverse("drafts")),
    ]
    if draft is not None:
        found.append((title_of(draft), reverse("draft", args=[draft.pk])))
    return [*found, (last, "")] if last else found


def title_of(draft: Draft) -> str:
    """The title in the language of the page; words where the text has none that can be read."""
    first, second = (draft.title_en, draft.title_vi) if is_english() else (draft.title_vi, draft.title_en)
    return first or second or draft.code or gettext("Draft %(number)s") % {"number": draft.pk}


def is_english() -> bool:
    """Is the page in English?"""
    return (get_language() or "vi").startswith("en")


def said(problem: Problem) -> str:
    """A problem in the language of the page."""
    return problem.in_(get_language() or "vi")


def text_read(draft: Draft, version: int) -> str | None:
    """The text of the draft that a page was read from; None where it never had a version of that number."""
    if version == draft.version:
        return draft.text
    return SavedText.objects.filter(draft=draft, version=version).values_list("text", flat=True).first()


def number(text: str | None) -> int:
    """A number out of a form; 0 where there is none."""
    return whole_number(text) or 0


def version_named(name: str) -> CriteriaSet | None:
    """The published version called `code/number`; None where there is none."""
    code, _, number_text = name.partition("/")
    if not CODE.fullmatch(code):
        return None
    return CriteriaSet.objects.filter(code=code, version=number(number_text)).first()


def newest_versions() -> list[CriteriaSet]:
    """The newest version of every set, to copy from."""
    rows = (
        CriteriaSet.objects.defer("definition", "derived", "text")
        .order_by("code", "-version")
        .distinct("code")
    )
    return list(rows)


def taken_codes() -> set[str]:
    """Codes of all sets and drafts."""
    codes = CriteriaSet.objects.values_list("code", flat=True)
    return {*codes, *Draft.objects.values_list("code", flat=True)}


def file_name(draft: Draft, version: int | None = None) -> str:
    """How the file of a draft is called: by its code, where that is fit for one; an earlier one numbered."""
    is_fit = draft.code.isascii() and draft.code.replace("-", "").replace(".", "").isalnum()
    name = draft.code if is_fit else f"draft-{draft.pk}"
    return f"{name}-{version}.yaml" if version is not None else f"{name}.yaml"


def with_breaks_of(stored: str, typed: str) -> str:
    """What was typed in a browser (which always sends CRLF), with the line breaks of the stored text."""
    text = typed.replace("\r\n", "\n")
    return text.replace("\n", "\r\n") if "\r\n" in stored else text


def saved_sentence(draft: Draft) -> str:
    """What is said after saving."""
    if not draft.fault_count:
        return gettext("Saved. There are no faults.")
    sentence = ngettext(
        "Saved. There is %(count)s fault to mend before it can be issued.",
        "Saved. There are %(count)s faults to mend before it can be issued.",
        draft.fault_count,
    )
    return sentence % {"count": draft.fault_count}


def frame(draft: Draft, step: str, last: str = "") -> dict[str, Any]:
    """What every page of a draft needs: the draft, its title, the row of steps, the crumbs.

    `step` is the name of the address that is open: `draft`, `draft_yaml`, `draft_trial`, `draft_issue`.
    """
    return {
        "draft": draft,
        "title": title_of(draft),
        "step": step,
        "crumbs": crumbs(last, draft) if last else [*crumbs(), (title_of(draft), "")],
    }


def yaml_page(draft: Draft, typed: str | None = None) -> dict[str, Any]:
    """The page of the text: what is stored or, where that could not be saved, what was typed."""
    text = draft.text if typed is None else typed
    rows = SavedText.objects.filter(draft=draft).exclude(version=draft.version).defer("text")
    return {
        **frame(draft, "draft_yaml", gettext("Text (YAML)")),
        "text": text.replace("\x00", "") if typed is not None else text,
        "is_typed": typed is not None,
        "faults": faults_of(text),
        "earlier": rows[:MOST_EARLIER],
    }


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of two texts held side by side: `kind` is same, gone, come or gap (lines left out)."""

    kind: str
    left: int | None
    right: int | None
    text: str


def differences(older: str, newer: str) -> list[Difference]:
    """The lines in which two texts differ, with a few around them."""
    before, after = older.splitlines(), newer.splitlines()
    matcher = SequenceMatcher(a=before, b=after, autojunk=max(len(before), len(after)) > MOST_EXACT)
    found: list[Difference] = []
    for group in matcher.get_grouped_opcodes(CONTEXT_LINES):
        if found:
            found.append(Difference("gap", None, None, ""))
        for tag, start, end, new_start, new_end in group:
            if tag == "equal":
                lines = enumerate(before[start:end])
                found += [Difference("same", start + i + 1, new_start + i + 1, line) for i, line in lines]
                continue
            gone = enumerate(before[start:end], start + 1)
            come = enumerate(after[new_start:new_end], new_start + 1)
            found += [Difference("gone", at, None, line) for at, line in gone]
            found += [Difference("come", None, at, line) for at, line in come]
    return found


def conflict_page(draft: Draft, yours: str, *, is_known: bool = True) -> dict[str, Any]:
    """Both texts, when somebody else was quicker: the stored one and yours.

    `is_known`: it is known which text yours was written over.
    """
    return {
        **frame(draft, "draft_yaml", gettext("Two texts")),
        "yours": yours,
        "is_known": is_known,
        "differences": differences(draft.text, yours),
        "faults": faults_of(yours),
    }
