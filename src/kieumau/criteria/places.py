"""Where in a YAML file a place in one of its formulas is.

A problem with a formula knows its line and column in the formula. In the file the formula is a value: in
quotes or without, on the line of its key or as a block below it, folded or as it stands. Blanks and line
breaks may differ between the two, the other characters do not; so characters are counted and blanks are not.
"""

import re
from dataclasses import dataclass

import yaml

_HEADER = re.compile(r"[|>][-+0-9]*[ \t]*(?:#[^\n]*)?\r?\n")
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


def in_file(text: str, value: yaml.ScalarNode, row: int, column: int) -> tuple[int, int] | None:
    """Line and column in the YAML `text` of a place in the formula that is its `value`, all from one.

    None where the formula has no such line. What is missing at its end is behind its last sign.
    """
    lines = value.value.strip().split("\n")
    if not 1 <= row <= len(lines):
        return None
    before = "".join([*lines[: row - 1], lines[row - 1][: column - 1]])
    body_at = int(value.start_mark.index)
    if header := _HEADER.match(text, body_at):
        body_at = header.end()
    elif value.style in {"'", '"'}:
        body_at += 1
    behind = len(text[: value.end_mark.index].rstrip())
    offset = min(_skip(text, body_at, len("".join(before.split()))), behind)
    start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset) + 1, offset - start + 1


def _skip(text: str, offset: int, count: int) -> int:
    """The offset of the sign that stands behind `count` others, blanks not counted."""
    while offset < len(text) and (count or text[offset].isspace()):
        count -= not text[offset].isspace()
        offset += 1
    return offset
