"""The builder's pages: what they show of a draft, and what their forms change in its text."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext

from kieumau.criteria import draft_pages
from kieumau.criteria.builder_forms import (
    AdditionForm,
    CriterionForm,
    HeadForm,
    RowForm,
    choices_of_groups,
)
from kieumau.criteria.drafting import edits, fields, renumbering
from kieumau.criteria.drafting.outline import CannotEdit, Path
from kieumau.criteria.drafting.reading import Reading, read
from kieumau.criteria.drafts import faults_of
from kieumau.criteria.editing import head_fields
from kieumau.criteria.faults import OffByDays
from kieumau.criteria.fitting import MOST_SLACK
from kieumau.criteria.form_fields import offered
from kieumau.criteria.models import Draft
from kieumau.criteria.page_queries import points_sentence
from kieumau.kernel.messages import Problem, Text

MOST_ROWS = 20


def reading_of(draft: Draft) -> Reading:
    """The draft's text with its faults where they belong."""
    return read(draft.text, faults_of(draft.text))


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion in the list of the builder; `number` counts from 1."""

    number: int
    code: str
    title: Text
    kind: str
    formula: str
    asks: str
    points: str
    group: str
    problems: list[Problem]


def rows_of(reading: Reading) -> list[Row]:
    """The criteria in order, each with its heading where a new one begins."""
    titles = dict(choices_of_groups(reading.groups))
    kinds = dict(offered(CriterionForm.base_fields, "kind"))
    found: list[Row] = []
    before = ""
    for index, criterion in enumerate(reading.criteria):
        values = fields.read(criterion, fields.CRITERION)
        group = values["group"]
        found.append(
            Row(
                index + 1,
                values["code"],
                Text(
                    vi=values["title_vi"] or values["title_en"], en=values["title_en"] or values["title_vi"]
                ),
                str(kinds.get(values["kind"], values["kind"])),
                " ".join(values["formula"].split()),
                _asks(values),
                values["points_max"],
                titles.get(group, group) if group != before else "",
                [problem for _, problem in reading.of_criterion(index)],
            )
        )
        before = group
    return found


def _asks(values: fields.Fields) -> str:
    is_english = draft_pages.is_english()
    of_kind = {
        "documented": values["document_en"] if is_english else values["document_vi"],
        "judged": values["question_en"] if is_english else values["question_vi"],
    }
    return of_kind.get(values["kind"], "")


def builder_page(draft: Draft) -> dict[str, Any]:
    """The page of the whole set: its head in short, its criteria in order, its faults."""
    reading = reading_of(draft)
    head = head_fields(reading)
    form = head_form(reading)
    named = {name: dict(getattr(form.fields[name], "choices", ())) for name in _NAMED if name in form.fields}
    return {
        **draft_pages.frame(draft, "draft"),
        "reading": reading,
        "is_readable": reading.content is not None,
        "rows": rows_of(reading),
        "faults": [problem for _, problem in reading.problems],
        "head_problems": reading.of_head(),
        "head": head,
        "extends": (reading.content or {}).get("extends"),
        "rule": _rule_in_words(head, named["rule"]),
        "period": named.get("period", {}).get(str(head["period"]), head["period"]),
        "applies_to": _applies_in_words(head, named.get("level", {}), dict(offered(form.fields, "kinds"))),
        "starts_on": _day_or_text(head["starts"]),
        "ends_on": _day_or_text(head["ends"]),
        "kinds": offered(CriterionForm.base_fields, "kind"),
        "located": [_located(draft, reading, path, problem) for path, problem in reading.problems],
        "allow_days": max((one.days for _, one in reading.problems if isinstance(one, OffByDays)), default=0),
        "is_out_of_order": renumbering.is_out_of_order(reading.criteria),
    }


@dataclass(frozen=True, slots=True)
class Located:
    """A fault with the form in which it can be mended; no `address`: it is mended in the text."""

    problem: Problem
    address: str = ""
    name: str = ""


_IN_THE_HEAD = {str(path[0]) for path in fields.HEAD.values()} | {"groups"}


def _located(draft: Draft, reading: Reading, path: Path, problem: Problem) -> Located:
    if problem.code in ("unknown-key", "repeated-key"):
        return Located(problem)
    if path[:1] == ("criteria",) and len(path) > 1 and int(path[1]) < len(reading.criteria):
        index = int(path[1])
        code = str(reading.criteria[index].get("code") or index + 1)
        address = reverse("draft_criterion", args=[draft.pk, index + 1])
        field = f"#at-{path[2]}" if len(path) > 2 and path[2] in ("formula", "applies_if") else ""
        return Located(problem, address + field, gettext("Criterion %(code)s") % {"code": code})
    if path and path[0] in _IN_THE_HEAD:
        return Located(problem, reverse("draft_head", args=[draft.pk]), gettext("Title, period, rule"))
    return Located(problem)


_NAMED = ("period", "level", "rule")


def head_form(reading: Reading, posted: Any = None) -> HeadForm | AdditionForm:
    """The form of the head: an addition has fewer fields, for the rest is its base's."""
    shape = AdditionForm if reading.is_addition else HeadForm
    return shape(posted, initial=head_fields(reading))


def _day_or_text(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _rule_in_words(head: Mapping[str, Any], rules: Mapping[Any, Any]) -> str:
    match head["rule"]:
        case "at_least" if head["k"]:
            return gettext("At least %(k)s criteria must be met.") % {"k": head["k"]}
        case "points" if head["meets_from"]:
            return points_sentence(head["meets_from"])
    return str(rules.get(head["rule"], head["rule"]))


def _applies_in_words(head: Mapping[str, Any], levels: Mapping[Any, Any], kinds: Mapping[Any, Any]) -> str:
    """The areas or the kinds of units that are named, both where both are; else the level."""
    areas = ", ".join(head["within"])
    named = ", ".join(str(kinds.get(code, code)).lower() for code in head["kinds"])
    return ": ".join(filter(None, (areas, named))) or str(levels.get(head["level"], head["level"]))


def formset(rows: Iterable[Mapping[str, Any]], prefix: str, posted: Any = None, blank: int = 2) -> Any:
    """The rows as forms, with some empty ones behind."""
    made = forms.formset_factory(RowForm, extra=blank, max_num=MOST_ROWS)
    return made(posted, initial=list(rows), prefix=prefix)


def refilled(rows: Sequence[Mapping[str, Any]], prefix: str, blank: int = 2) -> Any:
    """The rows as forms that were sent, so that what is wrong with one can stand beside it."""
    count = len(rows) + blank
    sent: dict[str, Any] = {f"{prefix}-TOTAL_FORMS": count, f"{prefix}-INITIAL_FORMS": 0}
    for index, row in enumerate(rows):
        sent |= {f"{prefix}-{index}-{name}": row.get(name, "") for name in RowForm.base_fields}
    made = formset([], prefix, sent)
    made.is_valid()
    return made


def keyed(formset: Any, keys: Collection[str]) -> Iterator[tuple[Any, str]]:
    """The forms of rows with these keys."""
    for form in formset.forms:
        if (key := str(form["key"].value() or "")) in keys:
            yield form, key


@dataclass(frozen=True, slots=True)
class WhatMayBeNamed:
    """What the formulas of a criterion may refer to inside its set."""

    code: str
    criteria: list[str]
    classes: list[str]
    counts_points: bool


def scope_of(reading: Reading, index: int | None) -> WhatMayBeNamed:
    """The other criteria of the set, its classes of units, whether it counts points."""
    head = head_fields(reading)
    codes = [str(one.get("code")) for at, one in enumerate(reading.criteria) if at != index]
    classes = (reading.content or {}).get("unit_classes")
    names = [str(code) for code in classes] if isinstance(classes, Mapping) else []
    return WhatMayBeNamed(str(head["code"]), codes, names, head["rule"] == "points")


def rearranged(text: str, word: str) -> tuple[str, int]:
    """The text after a button of the list, `up-3`, `down-3`, `copy-3`, `remove-3`; the number to look at.

    `renumber` gives the criteria the codes 1, 2, …; `slack-1` lets figures be off by a day; then the
    number is 0. Raises CannotEdit for anything else.
    """
    name, _, number = word.partition("-")
    criteria = read(text, []).criteria
    index = draft_pages.number(number) - 1
    if name == "slack" and 0 <= index < MOST_SLACK:
        return edits.put(text, ("figures_slack_days",), index + 1, fields.SET_ORDER), 0
    if name == "renumber":
        return renumbering.renumbered(text, criteria), 0
    if not 0 <= index < len(criteria):
        raise CannotEdit(word)
    match name:
        case "up" if index > 0:
            return edits.move(text, ("criteria",), index, index - 1), index
        case "down" if index + 1 < len(criteria):
            return edits.move(text, ("criteria",), index, index + 1), index + 2
        case "remove":
            return edits.remove(text, ("criteria",), index), max(index, 1)
        case "copy":
            return _with_copy(text, criteria, index), index + 2
    return text, index + 1


def _with_copy(text: str, criteria: Sequence[Mapping[str, Any]], index: int) -> str:
    codes = {str(one.get("code")) for one in criteria}
    return edits.insert(text, ("criteria",), index + 1, {**criteria[index], "code": next_code(codes)})


def next_code(codes: set[str]) -> str:
    """The first number that no criterion has."""
    return str(next(number for number in range(1, len(codes) + 2) if str(number) not in codes))
