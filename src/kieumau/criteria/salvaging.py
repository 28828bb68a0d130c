"""What can still be read of a text whose shape is wrong, so that one fault does not hide the others.

Parts that are wrong are put aside and something harmless stands in their place; criteria keep their
number and code, and those formulas that are words. What is said about a part put aside is not believed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from kieumau.criteria.rules import CODE, MOST_CRITERIA

T = TypeVar("T", bound=BaseModel)
Path = tuple[int | str, ...]
_NAME = {"vi": "–", "en": "–"}
_HARMLESS: dict[str, Any] = {
    "code": "draft",
    "title": _NAME,
    "summary": _NAME,
    "verification": "unverified",
    "effective": {"from": "2022-01-01"},
    "period": {"calendar": "civil", "kind": "year"},
    "applies_to": {"level": "commune"},
    "rule": {"kind": "all"},
}
_FORMULAS = ("formula", "applies_if", "points")
_OF_RULE = {"more-than-there-are", "classes-not-falling", "points-missing", "points-unused"}
# What is not believed where a part of the head was put aside.
_RESTS_ON: dict[str, set[str]] = {
    "groups": {"unknown-group"},
    "effective": {"unknown-unit", "figures-do-not-fit"},
    "unit_classes": {"no-classes", "unknown-class"},
    "period": {"figures-do-not-fit", "day-needs-a-year"},
    "applies_to": {"not-above"},
    "rule": _OF_RULE | {"unknown-class"},
    "criteria": _OF_RULE,
}


@dataclass(frozen=True, slots=True)
class PutAside:
    """The parts of a text that were put aside: `("rule",)`, `("criteria", 2)`."""

    broken: frozenset[Path] = frozenset()

    def believes(self, path: Path, code: str) -> bool:
        """Is a fault of this code found at `path` one of the text, and not of what was put in its place?"""
        if path[:1] in self.broken or (path[:2] in self.broken and path[2:3] not in _WORDS):
            return False
        return not any(code in _RESTS_ON.get(str(one[0]), ()) for one in self.broken)


_WORDS = {(name,) for name in _FORMULAS}
NOTHING_ASIDE = PutAside()


def salvaged(content: Any, shape: type[T]) -> tuple[T, PutAside] | None:
    """The content as far as it can be read as a `shape`, and what was put aside; None where nothing can."""
    if not isinstance(content, Mapping):
        return None
    broken = _broken(content, shape)
    criteria = content.get("criteria")
    listed = list(criteria) if isinstance(criteria, list) and len(criteria) <= MOST_CRITERIA else []
    for path in broken:
        if len(path) == 2 and isinstance(path[1], int) and path[1] < len(listed):
            listed[path[1]] = _criterion(listed[path[1]], path[1])
    heads = {str(path[0]) for path in broken if path != ("criteria",) and len(path) == 1}
    kept = {key: value for key, value in content.items() if key not in heads}
    known = shape.model_fields
    kept |= {key: _HARMLESS[key] for key in heads if key in _HARMLESS and key in known}
    kept["criteria"] = listed or [_criterion({}, 0)]
    try:
        return shape.model_validate(kept), PutAside(frozenset(broken))
    except ValidationError:
        return None


def _broken(content: Mapping[str, Any], shape: type[BaseModel]) -> set[Path]:
    """The parts of the head, and the criteria, with which something is wrong."""
    try:
        shape.model_validate(content)
    except ValidationError as error:
        places = [detail["loc"] for detail in error.errors()]
        return {tuple(place[: 2 if place[:1] == ("criteria",) else 1]) for place in places}
    return set()


def _criterion(criterion: Any, index: int) -> dict[str, Any]:
    """A criterion that says nothing but its code and its formulas."""
    stood = criterion if isinstance(criterion, Mapping) else {}
    code, points = stood.get("code"), stood.get("points")
    found: dict[str, Any] = {
        "code": code if isinstance(code, str) and CODE.fullmatch(code) and len(code) <= 40 else f"x{index}",
        "title": _NAME,
    }
    formulas = {key: stood[key] for key in ("formula", "applies_if") if _is_words(stood.get(key))}
    found |= {"kind": "measured"} if "formula" in formulas else {"kind": "judged", "question": _NAME}
    if isinstance(points, Mapping) and _is_words(points.get("formula")):
        found["points"] = {"max": 1, "formula": points["formula"]}
    return {**found, **formulas}


def _is_words(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
