"""Every word that may be written in a criteria set, with what it means: what the editor completes."""

from collections.abc import Iterable
from typing import Any

from kieumau.calendars.library import calendars
from kieumau.criteria.files import shipped
from kieumau.criteria.live.meanings import ATOMS, FUNCTION_WORDS, OPERATORS
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.schema import schema
from kieumau.formulas.functions import FUNCTIONS, REFERENCES
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Text
from kieumau.kernel.text import search_key
from kieumau.units.models import Kind

Word = dict[str, str]


def words(language: str) -> dict[str, object]:
    """Words by where they stand, for the editor; names are in `language`, found by either.

    Each has `code` (what is written), `name`, `note` (unit of measure, or how it is called) and `find`: what
    a person may type for it, without accents, in either language. `schema` is the JSON schema of a set,
    `values` says which words may stand behind a key that the schema leaves open.
    """
    kinds = Kind.objects.order_by("level", "code").values_list("code", "name_vi", "name_en")
    return {
        "indicators": [
            _word(code, one.name, one.measure.in_(language), language)
            for code, one in sorted(catalogue().items())
        ],
        "functions": [
            *(_word(name, FUNCTION_WORDS[name], one.usage, language) for name, one in FUNCTIONS.items()),
            *(_word(name, FUNCTION_WORDS[name], usage, language) for name, usage in REFERENCES.items()),
        ],
        "operators": [_word(code, text, "", language) for code, text in OPERATORS.items()],
        "atoms": [_word(code, text, "", language) for code, text in ATOMS.items()],
        "sets": _sets(language),
        "schema": _spoken(schema(), language),
        "values": {
            "calendar": [
                _word(code, one.definition.name.text(), "", language) for code, one in calendars().items()
            ],
            "kinds": [_word(code, Text(vi=vi, en=en), "", language) for code, vi, en in kinds],
        },
    }


def _word(code: str, name: Text, note: str, language: str) -> Word:
    find = search_key(f"{code} {name.vi} {name.en}")
    return {"code": code, "name": name.in_(language), "note": note, "find": find}


def _spoken(schema: dict[str, Any], language: str) -> dict[str, Any]:
    """The schema with its descriptions, which have a line in each language, in one."""
    line = 1 if language.startswith("en") else 0
    for shape in schema["$defs"].values():
        for value in shape["properties"].values():
            value["description"] = value["description"].split("\n")[line]
        shape.pop("description")
    return schema


def _sets(language: str) -> list[Word]:
    """The newest title of every set that is loaded, and those that ship."""
    rows: Iterable[tuple[str, str, str]] = CriteriaSet.objects.order_by("code", "version").values_list(
        "code", "title_vi", "title_en"
    )
    titles = {code: Text(vi=code, en=code) for code in shipped()}
    titles.update({code: Text(vi=vi, en=en) for code, vi, en in rows})
    return [_word(code, title, "", language) for code, title in sorted(titles.items())]
