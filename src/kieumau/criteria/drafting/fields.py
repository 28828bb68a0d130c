"""A set and its criteria as the fields of a form, and the fields as edits of the text.

Reading is lenient: a draft may hold anything, and what does not fit a field shows as nothing.
Writing touches what differs, nothing else: a field left as it was leaves its line as it was.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from kieumau.criteria.additions import Addition
from kieumau.criteria.drafting import edits
from kieumau.criteria.drafting.outline import Path
from kieumau.criteria.rules import Definition
from kieumau.kernel.numbers import whole_number
from kieumau.kernel.text import slug

Fields = dict[str, str]
Tree = dict[str, Any]

SET_ORDER = tuple(field.alias or name for name, field in Definition.model_fields.items())
ADDITION_ORDER = tuple(field.alias or name for name, field in Addition.model_fields.items())
CRITERION_ORDER = (
    *("code", "group", "kind", "title", "verification", "basis", "applies_if"),
    *("formula", "document", "window", "question", "points", "due", "notes"),
)
OF_KIND = {"measured": ("formula",), "documented": ("document", "window"), "judged": ("question",)}

_NAME = ("vi", "en")
# Name of the field → where its value stands in a criterion.
CRITERION: dict[str, Path] = {
    "code": ("code",),
    "group": ("group",),
    "kind": ("kind",),
    "title_vi": ("title", "vi"),
    "title_en": ("title", "en"),
    "verification": ("verification",),
    "basis": ("basis", "document"),
    "article_vi": ("basis", "article", "vi"),
    "article_en": ("basis", "article", "en"),
    "applies_if": ("applies_if",),
    "formula": ("formula",),
    "document_code": ("document", "code"),
    "document_vi": ("document", "name", "vi"),
    "document_en": ("document", "name", "en"),
    "from_month": ("window", "from", "month"),
    "from_day": ("window", "from", "day"),
    "to_month": ("window", "to", "month"),
    "to_day": ("window", "to", "day"),
    "question_vi": ("question", "vi"),
    "question_en": ("question", "en"),
    "points_max": ("points", "max"),
    "points_formula": ("points", "formula"),
    "due_month": ("due", "on", "month"),
    "due_day": ("due", "on", "day"),
    "days_after_end": ("due", "days_after_end"),
    "notes_vi": ("notes", "vi"),
    "notes_en": ("notes", "en"),
}
# The same for the head of a set.
HEAD: dict[str, Path] = {
    "code": ("code",),
    "title_vi": ("title", "vi"),
    "title_en": ("title", "en"),
    "summary_vi": ("summary", "vi"),
    "summary_en": ("summary", "en"),
    "verification": ("verification",),
    "basis": ("basis", "document"),
    "article_vi": ("basis", "article", "vi"),
    "article_en": ("basis", "article", "en"),
    "starts": ("effective", "from"),
    "ends": ("effective", "to"),
    "calendar": ("period", "calendar"),
    "period_kind": ("period", "kind"),
    "figures_slack_days": ("figures_slack_days",),
    "level": ("applies_to", "level"),
    "rule": ("rule", "kind"),
    "k": ("rule", "k"),
    "meets_from": ("rule", "meets_from"),
    "notes_vi": ("notes", "vi"),
    "notes_en": ("notes", "en"),
}
# And for that of an addition: the rest is its base's.
_OF_BASE = {"calendar", "period_kind", "figures_slack_days", "level"}
ADDITION: dict[str, Path] = {name: path for name, path in HEAD.items() if name not in _OF_BASE}
_WHOLE = {
    *("from_month", "from_day", "to_month", "to_day", "due_month", "due_day", "days_after_end"),
    *("figures_slack_days", "k"),
}
_EXACT = {"points_max", "meets_from"}
_DAYS = {"starts", "ends"}


def read(content: Any, places: Mapping[str, Path]) -> Fields:
    """The fields as text; empty where there is nothing, or nothing that fits."""
    return {name: _text(_at(content, path)) for name, path in places.items()}


def _at(content: Any, path: Path) -> Any:
    for step in path:
        if not isinstance(content, Mapping):
            return None
        content = content.get(step)
    return content


def _text(value: Any) -> str:
    if value is None or isinstance(value, Mapping | list):
        return ""
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def nested(fields: Mapping[str, str], places: Mapping[str, Path]) -> Tree:
    """The fields as the tree that the text holds, without what is empty."""
    found: Tree = {}
    for name, path in places.items():
        text = fields.get(name, "")
        if not text:
            continue
        below = found
        for step in path[:-1]:
            below = below.setdefault(str(step), {})
        below[str(path[-1])] = _value(name, text)
    return found


def _value(name: str, text: str) -> Any:
    """A field's value as it is written: whole numbers, exact ones and days are no quoted text."""
    if name in _WHOLE and (number := whole_number(text)) is not None:
        return number
    if name in _EXACT and (exact := decimal_of(text)) is not None:
        return exact
    if name in _DAYS:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text


def decimal_of(text: str) -> Decimal | None:
    """A number as people here type it, `2,5` or `2.5`; None where it is none."""
    try:
        found = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def completed(stood: Mapping[str, str], changes: Mapping[str, str]) -> Fields:
    """The fields of a criterion after changes, with what follows from them.

    Another kind empties what belongs to the old one; what belongs to no kind that was chosen is left alone.
    """
    done = with_english(stood, changes)
    kind = done.get("kind", "")
    for other, keys in OF_KIND.items():
        if other != kind and kind in OF_KIND:
            names = (name for name, path in CRITERION.items() if path[0] in keys)
            done |= {name: "" if "kind" in changes else stood.get(name, "") for name in names}
    named = done.get("document_vi") or done.get("document_en") or ""
    if named and not done.get("document_code"):
        done["document_code"] = slug(named)[:40].strip("-") or "document"
    if not named and (stood.get("document_vi") or stood.get("document_en")):
        done["document_code"] = ""
    return done


def with_english(stood: Mapping[str, str], changes: Mapping[str, str]) -> Fields:
    """The fields after changes, with the Vietnamese words where nobody has written English ones.

    English that was but the Vietnamese words follows them; English of its own is never touched, also
    where the Vietnamese words are missing (which is a fault of the text, and said there).
    """
    done = {**stood, **changes}
    for name, vietnamese in list(done.items()):
        english = f"{name[:-3]}_en"
        if not name.endswith("_vi") or english not in done or not {name, english} & set(changes):
            continue
        was_copied = english not in changes and stood.get(english, "") == stood.get(name, "")
        if was_copied or not done[english]:
            done[english] = vietnamese
    return done


def write(
    text: str,
    base: Path,
    before: Mapping[str, str],
    after: Mapping[str, str],
    places: Mapping[str, Path],
    order: Sequence[str],
) -> str:
    """The text with the fields of the mapping at `base` changed from `before` to `after`.

    Raises CannotEdit where the text is written in a way that leaves no room for a change.
    """
    old, new = nested(before, places), nested(after, places)
    return _merge(text, base, old, new, order)


def _merge(text: str, path: Path, old: Tree, new: Tree, order: Sequence[str]) -> str:
    for key in [key for key in old if key not in new]:
        text = edits.drop(text, (*path, key))
    for key, value in new.items():
        here, stood = (*path, key), old.get(key)
        if stood == value:
            continue
        if isinstance(value, dict) and isinstance(stood, dict) and set(value) & set(stood):
            text = _merge(text, here, stood, value, ())
        else:
            text = edits.put(text, here, lines(value), order)
    return text


def lines(value: Any) -> Any:
    """A value of several lines ends with a line break, so that it is written as a block."""
    return f"{value}\n" if isinstance(value, str) and "\n" in value else value


def write_rows(text: str, path: Path, before: Sequence[Tree], after: Sequence[Tree | None]) -> str:
    """The text with the items of a short list changed; None takes one away, more are put behind."""
    for index, row in reversed(list(enumerate(after[: len(before)]))):
        if row is None:
            text = edits.remove(text, path, index)
        elif row != before[index]:
            text = _merge(text, (*path, index), before[index], row, ())
    count = sum(row is not None for row in after[: len(before)])
    for row in after[len(before) :]:
        if row is not None:
            text = edits.insert(text, path, count, row)
            count += 1
    return text
