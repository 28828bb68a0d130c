"""The JSON Schema: every shipped set fits it, misspellings do not, and the copy in the docs is today's."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from kieumau.criteria.files import path_of, shipped
from kieumau.criteria.schema import schema
from kieumau.criteria.schema_words import KEYS, SHAPES
from kieumau.criteria.tests.sets import SMALL
from kieumau.criteria.tests.test_additions import ADDITION
from kieumau.kernel.yamlfile import load_with_lines

DOCS = Path(__file__).parents[4] / "docs" / "how-to" / "set.schema.json"
WHOLE = schema()
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
}
_KNOWN = {
    *("$schema", "$defs", "$ref", "title", "description", "default", "format", "discriminator"),
    *("type", "enum", "const", "pattern", "properties", "required", "additionalProperties", "items"),
    *("anyOf", "oneOf", "if", "then", "else", "minLength", "maxLength", "minItems", "maxItems"),
    *("minimum", "maximum", "exclusiveMinimum", "patternProperties", "propertyNames"),
}


def wrong(value: Any, part: dict[str, Any], where: str = "") -> Iterator[str]:
    """Where a value does not fit a schema: as much of JSON Schema as ours is written in."""
    assert set(part) <= _KNOWN, f"this check does not know {set(part) - _KNOWN}"
    if "$ref" in part:
        yield from wrong(value, WHOLE["$defs"][part["$ref"].removeprefix("#/$defs/")], where)
    if "if" in part:
        branch = "else" if any(wrong(value, part["if"], where)) else "then"
        yield from wrong(value, part[branch], where)
    for word in ("anyOf", "oneOf"):
        fitting = [one for one in part.get(word, ()) if not any(wrong(value, one, where))]
        if word in part and (not fitting or (word == "oneOf" and len(fitting) > 1)):
            yield where
    if "type" in part and (not isinstance(value, _TYPES[part["type"]]) or isinstance(value, bool)):
        yield where
        return
    if value != part.get("const", value) or value not in part.get("enum", [value]):
        yield where
    yield from _wrong_inside(value, part, where)


def _wrong_inside(value: Any, part: dict[str, Any], where: str) -> Iterator[str]:
    if isinstance(value, str):
        if not re.search(part.get("pattern", ""), value) or len(value) > part.get("maxLength", len(value)):
            yield where
    elif isinstance(value, int | float):
        if not part.get("minimum", value) <= value <= part.get("maximum", value):
            yield where
    elif isinstance(value, list):
        if not part.get("minItems", 0) <= len(value) <= part.get("maxItems", len(value)):
            yield where
        for index, item in enumerate(value):
            yield from wrong(item, part.get("items", {}), f"{where}/{index}")
    elif isinstance(value, dict):
        yield from _wrong_keys(value, part, where)


def _wrong_keys(value: dict[str, Any], part: dict[str, Any], where: str) -> Iterator[str]:
    own = part.get("properties", {})
    yield from (f"{where}/{key}" for key in part.get("required", ()) if key not in value)
    for key, below in value.items():
        more = part.get("additionalProperties", True)
        if key in own:
            yield from wrong(below, own[key], f"{where}/{key}")
        elif more is False:
            yield f"{where}/{key}"
        elif isinstance(more, dict):
            yield from wrong(below, more, f"{where}/{key}")


def as_json(text: str) -> Any:
    """A YAML text as an editor sees it: days are text."""
    content, _ = load_with_lines(text, "set.yaml")
    return json.loads(json.dumps(content, default=date.isoformat))


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_set_fits(name: str) -> None:
    assert list(wrong(as_json(path_of(name).read_text(encoding="utf-8")), WHOLE)) == []


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_set_fits_as_ordinary_yaml(name: str) -> None:
    """Editors read numbers such as 0.5 as numbers, not as text."""
    content = YAML(typ="safe", pure=True).load(path_of(name))
    plain = json.loads(json.dumps(content, default=date.isoformat))
    assert list(wrong(plain, WHOLE)) == []


def test_an_addition_fits() -> None:
    assert list(wrong(as_json(ADDITION), WHOLE)) == []


# What is written instead of what, and where it is found.
MISTAKES = [
    ("summary:", "sumary:", "/sumary"),
    ("    formula:", "    formule:", "/criteria"),
    ("verification: unverified", "verification: perhaps", "/verification"),
    ("code: small", "code: Small set", "/code"),
    ("{kind: all}", "{kind: some}", "/rule"),
    ("{from: 2022-01-01}", "{to: 2022-01-01}", "/effective/from"),
    ("{level: commune}", "{level: village}", "/applies_to/level"),
    ("code: small", "code: small\nbase: {code: x}", "/base"),
]


@pytest.mark.parametrize(("old", "new", "place"), MISTAKES)
def test_mistakes_do_not_fit(old: str, new: str, place: str) -> None:
    assert any(found.startswith(place) for found in wrong(as_json(SMALL.replace(old, new, 1)), WHOLE))


def test_every_word_is_explained_in_both_languages_and_none_too_many() -> None:
    used = {f"{name}.{key}" for name, shape in WHOLE["$defs"].items() for key in shape["properties"]}
    plain = {key.partition(".")[2] for key in used if key not in KEYS}
    assert set(KEYS) == {key for key in KEYS if key in used} | plain
    assert set(SHAPES) == set(WHOLE["$defs"])
    for shape in WHOLE["$defs"].values():
        for part in (shape, *shape["properties"].values()):
            vi, en = part["description"].split("\n")
            assert vi != en


def test_the_copy_in_the_docs_is_todays() -> None:
    """Make it anew: kieumau criteria schema > docs/how-to/set.schema.json"""
    assert json.loads(DOCS.read_text(encoding="utf-8")) == WHOLE
