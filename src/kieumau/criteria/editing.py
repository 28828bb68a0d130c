"""What the forms of the builder change in a draft's text: what was changed in them, and nothing else.

A form is compared with the text it was read from; what differs is put into the text as it stands now.
So a form that is sent as it was shown changes nothing, two people may change different fields of one
criterion, and only where both changed the same field is somebody asked (`Edited.conflicts`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kieumau.criteria.builder_forms import AdditionForm, CriterionForm, HeadForm, RowForm
from kieumau.criteria.drafting import edits, fields
from kieumau.criteria.drafting.merging import Merged, merge, merge_rows
from kieumau.criteria.drafting.outline import Path
from kieumau.criteria.drafting.reading import Reading, read
from kieumau.criteria.form_fields import comparable
from kieumau.kernel.text import slug

Values = dict[str, Any]
GONE = "code"  # the field beside which it is said that somebody has taken the criterion away
_UNSEEN = {"document_code"}  # it has no field to say anything beside: mine stands


@dataclass(frozen=True, slots=True)
class Edited:
    """What came of a form: the text to save, or what others made of fields that were changed here too.

    `values` are the fields as they would stand then, to show the form with. `conflicts` maps the name
    of a field (or the key of a row) to the other's value as text; nothing is to be saved while there are any.
    `is_gone`: the criterion was taken away by somebody else; otherwise `now_code` is its code as it stands.
    """

    text: str
    values: Values = field(default_factory=dict)
    conflicts: dict[str, str] = field(default_factory=dict)
    is_gone: bool = False
    now_code: str = ""


# The criteria


def edit_criterion(form: CriterionForm, read_text: str, text: str, index: int | None, code: str) -> Edited:
    """A criterion as it was filled in; `index` (from 0) and `code` say which it was in `read_text`.

    No index, or none that stood there: one more at the end. Raises CannotEdit.
    """
    mine = form.cleaned_data
    stood = None if index is None else _criterion_at(read_text, index, code)
    if stood is None:
        blank = fields.read({}, fields.CRITERION)
        return Edited(new_criterion(text, None, _given(mine, blank)), mine)
    place = place_of(text, index or 0, code)
    if place is None:
        return Edited(text, mine, {GONE: ""}, is_gone=True)
    now = fields.read(read(text, []).criteria[place], fields.CRITERION)
    found = merge(form.comparable(stood), form.comparable(mine), form.comparable(now))
    changes = {name: mine[name] for name in found.changed}
    conflicts = {name: str(now[name]) for name in found.conflicts - _UNSEEN}
    if conflicts:
        return Edited(text, {**now, **changes}, conflicts, now_code=now["code"])
    return Edited(new_criterion(text, place, changes), {**now, **changes})


def _given(values: Mapping[str, Any], known: Mapping[str, Any]) -> Values:
    return {name: value for name, value in values.items() if name in known and value}


def _criterion_at(text: str, index: int, code: str) -> fields.Fields | None:
    place = place_of(text, index, code)
    return None if place is None else fields.read(read(text, []).criteria[place], fields.CRITERION)


def place_of(text: str, index: int, code: str) -> int | None:
    """Where the criterion that stood at `index` stands in a text now: by its code; None where it is gone."""
    codes = [fields.read(one, {"code": ("code",)})["code"] for one in read(text, []).criteria]
    if 0 <= index < len(codes) and codes[index] == code:
        return index
    return codes.index(code) if code in codes else None


def new_criterion(text: str, index: int | None, changes: Mapping[str, str]) -> str:
    """The text with those fields of one criterion changed; no index: one more at the end.

    Raises CannotEdit.
    """
    criteria = read(text, []).criteria
    stood = fields.read({} if index is None else criteria[index], fields.CRITERION)
    filled = fields.completed(stood, changes)
    if index is None:
        tree = fields.nested(filled, fields.CRITERION)
        ordered = {key: fields.lines(tree[key]) for key in fields.CRITERION_ORDER if key in tree}
        return edits.insert(text, ("criteria",), len(criteria), ordered)
    return fields.write(text, ("criteria", index), stood, filled, fields.CRITERION, fields.CRITERION_ORDER)


# The head


def head_fields(reading: Reading) -> Values:
    """The head of a set as fields; calendar and kind of period as one choice, lists as lists."""
    content = reading.content or {}
    head: Values = dict(fields.read(content, fields.HEAD))
    head["period"] = f"{head['calendar']}/{head['period_kind']}" if head["calendar"] else ""
    applies = content.get("applies_to")
    for name in ("kinds", "within"):
        named = applies.get(name) if isinstance(applies, Mapping) else None
        head[name] = [str(one) for one in named] if isinstance(named, list) else []
    return head


def edit_head(form: HeadForm | AdditionForm, read_text: str, text: str) -> Edited:
    """The head as it was filled in. Raises CannotEdit."""
    stood, now, mine = head_fields(read(read_text, [])), head_fields(read(text, [])), form.cleaned_data
    found: Merged = merge(form.comparable(stood), form.comparable(mine), form.comparable(now))
    changes = {name: mine[name] for name in found.changed}
    conflicts = {name: _as_text(now[name]) for name in found.conflicts}
    if conflicts:
        return Edited(text, {**now, **changes}, conflicts)
    return Edited(new_head(text, changes), {**now, **changes})


def _as_text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def new_head(text: str, changes: Mapping[str, Any]) -> str:
    """The text with those fields of its head changed. Raises CannotEdit."""
    reading = read(text, [])
    stood = head_fields(reading)
    words = {name: value for name, value in changes.items() if isinstance(value, str)}
    filled = fields.with_english(
        {name: value for name, value in stood.items() if isinstance(value, str)}, words
    )
    if "period" in changes:
        filled["calendar"], _, filled["period_kind"] = str(changes["period"]).partition("/")
    for rule, name in (("at_least", "k"), ("points", "meets_from")):
        if filled["rule"] != rule:
            filled[name] = "" if "rule" in changes else stood[name]
    if stood["rule"] == "points" != filled["rule"] and filled["rule"]:
        text = edits.put(text, ("rule",), {"kind": filled["rule"]})
        stood = {**stood, "rule": filled["rule"], "meets_from": ""}
    is_addition = reading.is_addition
    places = fields.ADDITION if is_addition else fields.HEAD
    order = fields.ADDITION_ORDER if is_addition else fields.SET_ORDER
    before = {name: value for name, value in stood.items() if isinstance(value, str)}
    text = fields.write(text, (), before, filled, places, order)
    for name in ("within", "kinds"):
        if name in changes:
            text = _with_list(text, ("applies_to", name), changes[name], is_kept=name == "within")
    return text


def _with_list(text: str, path: Path, words: Sequence[str], *, is_kept: bool) -> str:
    """The text with a list of words; an empty one is dropped unless it must stand (`is_kept`)."""
    if words or is_kept:
        return edits.put(text, path, list(words), ("level", "within", "kinds"))
    return edits.drop(text, path)


# Groups and classes

_ROW: dict[str, dict[str, Path]] = {
    "title": {"code": ("code",), "name_vi": ("title", "vi"), "name_en": ("title", "en")},
    "name": {"code": ("code",), "name_vi": ("name", "vi"), "name_en": ("name", "en"), "points": ("from",)},
}
GROUPS: tuple[Path, str] = ("groups",), "title"
CLASSES: tuple[Path, str] = ("rule", "classes"), "name"


def rows(reading: Reading, path: Path, name: str) -> dict[str, fields.Fields]:
    """The headings or classes as fields by their keys: the code, or a number where there is none."""
    found: Any = reading.content or {}
    for step in path:
        found = found.get(str(step)) if isinstance(found, Mapping) else None
    listed = [one if isinstance(one, Mapping) else {} for one in found] if isinstance(found, list) else []
    made: dict[str, fields.Fields] = {}
    for index, one in enumerate(listed):
        row = fields.read(one, _ROW[name])
        key = row["code"] if row["code"] and row["code"] not in made else f"#{index}"
        made[key] = {**row, "key": key}
    return made


def edit_rows(formset: Any, read_text: str, text: str, path: Path, name: str) -> Edited:
    """The headings or classes as they were filled in; an emptied name takes one away. Raises CannotEdit.

    `values["rows"]` are the rows to show the form with where there are conflicts.
    """
    stood, now = rows(read(read_text, []), path, name), rows(read(text, []), path, name)
    shape = {one: RowForm.base_fields[one] for one in _ROW[name] if one != "code"}
    sent, new = _sent(formset, stood, shape)
    found = merge_rows(
        {key: comparable(shape, row) for key, row in stood.items()},
        {key: comparable(shape, row) for key, row in sent.items()},
        {key: comparable(shape, row) for key, row in now.items()},
        _NAMES,
    )
    after: list[Values] = []
    for key, row in now.items():
        names = shape if key in found.gone else found.changed.get(key, ())
        after.append({**row, **{one: sent[key][one] for one in names}})
    lost = [{**sent[key], "key": key} for key in found.conflicts if key not in now]
    shown = {"rows": [*after, *lost, *new]}
    if found.conflicts:
        theirs = {key: now[key]["name_vi"] if key in now else "" for key in found.conflicts}
        return Edited(text, shown, theirs)
    wanted = [None if row["key"] in found.gone else row for row in after]
    return Edited(_with_rows(text, path, _ROW[name], list(now.values()), [*wanted, *new]), shown)


_NAMES = ("name_vi", "name_en")


def _sent(
    formset: Any, stood: Mapping[str, fields.Fields], shape: Mapping[str, Any]
) -> tuple[dict[str, fields.Fields], list[fields.Fields]]:
    """The rows that were sent: those that stood by their keys, and the new ones that have a name.

    An English name that nobody wrote follows the Vietnamese one.
    """
    sent: dict[str, fields.Fields] = {}
    new: list[fields.Fields] = []
    for form in formset.forms:
        values = {name: str(form.cleaned_data.get(name, "")) for name in shape}
        key = str(form.cleaned_data.get("key", ""))
        if key not in stood:
            values = fields.with_english({}, values)
            new += [values] if any(values[name] for name in _NAMES) else []
            continue
        shown, mine = comparable(shape, stood[key]), comparable(shape, values)
        changes = {name: values[name] for name in values if mine[name] != shown[name]}
        sent[key] = fields.with_english({name: stood[key][name] for name in values}, changes)
    return sent, new


def _with_rows(
    text: str,
    path: Path,
    places: Mapping[str, Path],
    standing: Sequence[fields.Fields],
    wanted: Sequence[Values | None],
) -> str:
    """The text with the rows that are wanted: one for each that stands, None for none, new ones behind."""
    taken = {row["code"] for row in standing}
    after = [
        None
        if row is None
        else _tree(row if row in standing else {**row, "code": _code_of(row, taken)}, places)
        for row in wanted
    ]
    return fields.write_rows(text, path, [_tree(row, places) for row in standing], after)


def _code_of(row: Values, taken: set[str]) -> str:
    """The row's own code, or a new one made of its name."""
    if row.get("code"):
        return str(row["code"])
    code = found = slug(row["name_vi"] or row["name_en"])[:36].strip("-")
    number = 2
    while found in taken:
        found, number = f"{code}-{number}", number + 1
    taken.add(found)
    return found


def _tree(values: Mapping[str, str], places: Mapping[str, Path]) -> Values:
    found = fields.nested({key: value for key, value in values.items() if key != "points"}, places)
    if values.get("points"):
        found["from"] = fields.decimal_of(values["points"]) or values["points"]
    return found
