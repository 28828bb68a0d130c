"""Criteria that were moved get their numbers anew, and formulas that name them follow."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from kieumau.criteria.drafting import edits
from kieumau.criteria.drafting.outline import CannotEdit

_NAMED = re.compile(r"(\bcriterion\s*\(\s*)([0-9]+)(\s*\))")
_FORMULAS = (("formula",), ("applies_if",), ("points", "formula"))


def is_out_of_order(criteria: Sequence[Mapping[str, Any]]) -> bool:
    """Are the codes plain numbers, each once, but not 1, 2, 3, … in this order?"""
    codes = [str(one.get("code") or "") for one in criteria]
    are_numbers = all(code.isascii() and code.isdigit() for code in codes) and len(set(codes)) == len(codes)
    return are_numbers and codes != _in_order(codes)


def renumbered(text: str, criteria: Sequence[Mapping[str, Any]]) -> str:
    """The text with the codes 1, 2, 3, …, in `criterion(…)` of its formulas too.

    Raises CannotEdit where the codes are no plain numbers, or the text leaves no room for the change.
    """
    if not is_out_of_order(criteria):
        raise CannotEdit("the codes are in order, or no plain numbers")
    codes = [str(one.get("code") or "") for one in criteria]
    new = dict(zip(codes, _in_order(codes), strict=True))
    for index, criterion in enumerate(criteria):
        if new[codes[index]] != codes[index]:
            text = edits.put(text, ("criteria", index, "code"), new[codes[index]])
        for path in _FORMULAS:
            formula: Any = criterion
            for step in path:
                formula = formula.get(step) if isinstance(formula, Mapping) else None
            if isinstance(formula, str):
                written = _NAMED.sub(lambda at: f"{at[1]}{new.get(at[2], at[2])}{at[3]}", formula)
                if written != formula:
                    text = edits.put(text, ("criteria", index, *path), written)
    return text


def _in_order(codes: Sequence[str]) -> list[str]:
    return [str(number) for number in range(1, len(codes) + 1)]
