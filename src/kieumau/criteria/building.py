"""The builder's pages: what they show of a draft, and what their forms change in its text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext

from kieumau.criteria import draft_pages
from kieumau.criteria.builder_forms import CriterionForm, HeadForm, RowForm, choices_of_groups
from kieumau.criteria.drafting import edits, fields
from kieumau.criteria.drafting.outline import CannotEdit
from kieumau.criteria.drafting.reading import Reading, read
from kieumau.criteria.drafts import faults_of
from kieumau.criteria.models import Draft
from kieumau.kernel.messages import Problem, Text
from kieumau.kernel.text import slug

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
    kinds = dict(CriterionForm.base_fields["kind"].choices)  # type: ignore[attr-defined]
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
    form = HeadForm(initial=head)
    named = {name: dict(getattr(form.fields[name], "choices", ())) for name in ("period", "level", "rule")}
    return {
        **draft_pages.frame(draft, "draft"),
        "reading": reading,
        "is_readable": reading.content is not None,
        "rows": rows_of(reading),
        "faults": [problem for _, problem in reading.problems],
        "head_problems": reading.of_head(),
        "head": head,
        "rule": _rule_in_words(head, named["rule"]),
        "period": named["period"].get(str(head["period"]), head["period"]),
        "applies_to": _applies_in_words(head, named["level"], dict(form.fields["kinds"].choices)),  # type: ignore[attr-defined]
        "starts_on": _day_or_text(head["starts"]),
        "ends_on": _day_or_text(head["ends"]),
        "kinds": CriterionForm.base_fields["kind"].choices,  # type: ignore[attr-defined]
    }


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
            words = gettext("Points are added up; the set is met from %(points)s points.")
            return words % {"points": head["meets_from"]}
    return str(rules.get(head["rule"], head["rule"]))


def _applies_in_words(head: Mapping[str, Any], levels: Mapping[Any, Any], kinds: Mapping[Any, Any]) -> str:
    level = str(levels.get(head["level"], head["level"]))
    named = ", ".join(str(kinds.get(code, code)) for code in head["kinds"])
    return f"{level}: {named}" if named else level


def head_fields(reading: Reading) -> dict[str, Any]:
    """The head of a set as fields; calendar and kind of period as one choice."""
    content = reading.content or {}
    head: dict[str, Any] = dict(fields.read(content, fields.HEAD))
    head["period"] = f"{head['calendar']}/{head['period_kind']}" if head["calendar"] else ""
    applies = content.get("applies_to")
    named = applies.get("kinds") if isinstance(applies, Mapping) else None
    head["kinds"] = [str(one) for one in named] if isinstance(named, list) else []
    return head


def group_rows(reading: Reading) -> list[dict[str, str]]:
    """The headings as rows of a form."""
    return [fields.read(one, _ROW["title"]) for one in reading.groups]


def class_rows(reading: Reading) -> list[dict[str, str]]:
    """The classes of results as rows of a form."""
    rule = (reading.content or {}).get("rule")
    found = rule.get("classes") if isinstance(rule, Mapping) else None
    rows = found if isinstance(found, list) else []
    return [fields.read(one, _ROW["name"]) for one in rows if isinstance(one, Mapping)]


_ROW = {
    "title": {"code": ("code",), "name_vi": ("title", "vi"), "name_en": ("title", "en")},
    "name": {
        "code": ("code",),
        "name_vi": ("name", "vi"),
        "name_en": ("name", "en"),
        "points": ("from",),
    },
}


def formset(rows: Sequence[Mapping[str, str]], prefix: str, posted: Any = None, blank: int = 1) -> Any:
    """The rows as forms, with some empty ones behind."""
    made = forms.formset_factory(RowForm, extra=blank, max_num=MOST_ROWS)
    return made(posted, initial=list(rows), prefix=prefix)


def new_head(text: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """The text with the head as it was filled in. Raises CannotEdit."""
    filled = fields.with_english({key: value for key, value in after.items() if isinstance(value, str)})
    filled["calendar"], _, filled["period_kind"] = str(after["period"]).partition("/")
    if filled["rule"] != "at_least":
        filled["k"] = ""
    if filled["rule"] != "points":
        filled["meets_from"] = ""
    if before["rule"] == "points" != filled["rule"]:
        text = edits.put(text, ("rule",), {"kind": filled["rule"]})
        before = {**before, "rule": filled["rule"], "meets_from": ""}
    stood = {key: value for key, value in before.items() if isinstance(value, str)}
    text = fields.write(text, (), stood, filled, fields.HEAD, fields.SET_ORDER)
    if list(before["kinds"]) != list(after["kinds"]):
        if after["kinds"]:
            text = edits.put(text, ("applies_to", "kinds"), list(after["kinds"]), ("level", "kinds"))
        else:
            text = edits.drop(text, ("applies_to", "kinds"))
    return text


def new_rows(text: str, path: Any, before: Sequence[Mapping[str, str]], after: Any, name: str) -> str:
    """The text with the headings or classes as they were filled in; an emptied name takes one away."""
    places = _ROW[name]
    wanted: list[dict[str, Any] | None] = []
    for form in after.forms:
        values = fields.with_english({key: form.cleaned_data.get(key, "") for key in places})
        if not values["name_vi"] and not values["name_en"]:
            wanted.append(None)
            continue
        values["code"] = values["code"] or slug(values["name_vi"])[:40].strip("-")
        wanted.append(_tree(values, places))
    stood = [_tree(row, places) for row in before]
    return fields.write_rows(text, path, stood, wanted)


def _tree(values: Mapping[str, str], places: Mapping[str, Any]) -> dict[str, Any]:
    found = fields.nested({key: value for key, value in values.items() if key != "points"}, places)
    if values.get("points"):
        found["from"] = fields.decimal_of(values["points"]) or values["points"]
    return found


def new_criterion(text: str, index: int | None, after: Mapping[str, str]) -> str:
    """The text with one criterion as it was filled in; no index: one more at the end.

    Raises CannotEdit.
    """
    filled = fields.completed(after)
    criteria = read(text, []).criteria
    if index is None:
        tree = fields.nested(filled, fields.CRITERION)
        ordered = {key: fields.lines(tree[key]) for key in fields.CRITERION_ORDER if key in tree}
        return edits.insert(text, ("criteria",), len(criteria), ordered)
    before = fields.read(criteria[index], fields.CRITERION)
    return fields.write(text, ("criteria", index), before, filled, fields.CRITERION, fields.CRITERION_ORDER)


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


def place_of(text: str, index: int, code: str) -> int | None:
    """Where the criterion that stood at `index` stands in a text now: by its code; None where it is gone."""
    codes = [str(one.get("code")) for one in read(text, []).criteria]
    if 0 <= index < len(codes) and codes[index] == code:
        return index
    return codes.index(code) if code in codes else None


def rearranged(text: str, word: str) -> tuple[str, int]:
    """The text after a button of the list, `up-3`, `down-3`, `copy-3`, `remove-3`; the number to look at.

    Raises CannotEdit for anything else.
    """
    name, _, number = word.partition("-")
    criteria = read(text, []).criteria
    index = draft_pages.number(number) - 1
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
