"""Where in a YAML file a place in one of its formulas is.

A problem with a formula knows its line and column in the formula. In the file the formula is a value: in
quotes or without, on the line of its key or as a block below it, folded or as it stands. Blanks and line
breaks may differ between the two, the other characters do not; so characters are counted and blanks are not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

FORMULA_KEYS = frozenset({"formula", "applies_if"})
_HEADER = re.compile(r"[|>][-+0-9]*[ \t]*(?:#[^\n]*)?\n")
_WORD = re.compile(r"[\w.-]*[\w]%?|[<>!=]+|\S")


@dataclass(frozen=True, slots=True)
class Extent:
    """A piece of one line: its number and the columns it begins in and ends before, all from one."""

    row: int
    column: int
    end: int


def word_at(text: str, row: int, column: int) -> Extent | None:
    """The word that begins at a place, else the last sign of the line; None where there is no such line."""
    lines = text.split("\n")
    if not 1 <= row <= len(lines):
        return None
    line = lines[row - 1]
    found = _WORD.match(line, column - 1)
    if found:
        return Extent(row, column, found.end() + 1)
    last = len(line.rstrip())
    return Extent(row, max(last, 1), max(last + 1, 2))


def line_at(text: str, row: int) -> Extent | None:
    """A line without the blanks around it; None where there is no such line."""
    lines = text.split("\n")
    if not 1 <= row <= len(lines):
        return None
    line = lines[row - 1].rstrip()
    column = len(line) - len(line.lstrip()) + 1
    return Extent(row, column, max(len(line) + 1, column + 1))


def in_file(text: str, row: int, column: int) -> tuple[int, int] | None:
    """Line and column in the YAML `text` of a place that is given as `criteria.files` gives it.

    That is `row` in the file as if the formula stood there line by line, and `column` in the formula.
    None where no formula stands there.
    """
    for key_line, value in _formulas(text):
        body_at = value.start_mark.index
        header = _HEADER.match(text, body_at)
        formula_row = row - key_line - bool(header)
        lines = value.value.split("\n")
        if key_line <= row <= value.end_mark.line + 1 and 0 <= formula_row < len(lines):
            before = "".join([*lines[:formula_row], lines[formula_row][: column - 1]])
            if header:
                body_at = header.end()
            elif value.style in {"'", '"'}:
                body_at += 1
            offset = _skip(text, body_at, len("".join(before.split())))
            start = text.rfind("\n", 0, offset) + 1
            return text.count("\n", 0, offset) + 1, offset - start + 1
    return None


def _skip(text: str, offset: int, count: int) -> int:
    """The offset of the sign that stands behind `count` others, blanks not counted."""
    while offset < len(text) and (count or text[offset].isspace()):
        count -= not text[offset].isspace()
        offset += 1
    return offset


def _formulas(text: str) -> Iterator[tuple[int, yaml.ScalarNode]]:
    """Every value of a key that holds a formula, with the line of the key from one."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    waiting = [root] if root is not None else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                waiting.append(value)
                if isinstance(value, yaml.ScalarNode) and getattr(key, "value", "") in FORMULA_KEYS:
                    yield key.start_mark.line + 1, value
