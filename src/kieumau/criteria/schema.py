"""The JSON Schema of a set's YAML, made from the very shapes that read it.

It knows words and their places: an editor completes keys, shows what they mean, and marks what is
misspelled. What formulas say, and whether everything fits together, only `kieumau criteria load` tells.
"""

from typing import Any

from pydantic.json_schema import models_json_schema

from kieumau.criteria.additions import Addition
from kieumau.criteria.rules import Definition
from kieumau.criteria.schema_words import KEYS, SHAPES

DRAFT = "https://json-schema.org/draft/2020-12/schema"
# Put down by the program, never written.
_NOT_WRITTEN = {"Definition": ("base",)}


def schema() -> dict[str, Any]:
    """The schema of a file: an addition where it says what it `extends`, else a whole set."""
    _, made = models_json_schema(
        [(Definition, "validation"), (Addition, "validation")], ref_template="#/$defs/{model}"
    )
    shapes: dict[str, Any] = made["$defs"]
    shapes.pop("Base")
    for name, shape in sorted(shapes.items()):
        for key in _NOT_WRITTEN.get(name, ()):
            del shape["properties"][key]
        _described(name, shape)
    return {
        "$schema": DRAFT,
        "title": "Bộ tiêu chí Kiểu Mẫu · Kiểu Mẫu criteria set",
        "if": {"type": "object", "required": ["extends"]},
        "then": {"$ref": "#/$defs/Addition"},
        "else": {"$ref": "#/$defs/Definition"},
        "$defs": dict(sorted(shapes.items())),
    }


def _described(name: str, shape: dict[str, Any]) -> None:
    """Words of ours in both languages instead of pydantic's."""
    shape.pop("title", None)
    words = SHAPES[name]
    shape["description"] = f"{words.vi}\n{words.en}"
    for key, value in shape["properties"].items():
        value.pop("title", None)
        words = KEYS.get(f"{name}.{key}") or KEYS[key]
        value["description"] = f"{words.vi}\n{words.en}"
