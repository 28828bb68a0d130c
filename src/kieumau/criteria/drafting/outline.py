"""Where the parts of a YAML text stand, by the index of their first and last characters.

The parser says where a value begins and, for one that is written on a line, where it ends; that of a
block (a mapping or list by indentation, a text after `|`) ends with the last thing in it, so that
blank lines and comments behind it are not taken for a part of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

Path = tuple[int | str, ...]
BYTE_ORDER_MARK = "\ufeff"


class CannotEdit(Exception):
    """The text is written in a way that this edit does not understand: change it as text."""


@dataclass(frozen=True, slots=True)
class Part:
    """A value in a text: from `start` to just before `end`; `is_flow` where it stands inside `{…}`/`[…]`."""

    node: yaml.Node
    is_flow: bool

    @property
    def start(self) -> int:
        """Index of the first character."""
        return int(self.node.start_mark.index)

    @property
    def is_braced(self) -> bool:
        """A mapping or a list written on a line, `{…}` or `[…]`."""
        return isinstance(self.node, yaml.CollectionNode) and bool(self.node.flow_style)

    @property
    def is_block(self) -> bool:
        """A mapping or a list written by indentation."""
        return isinstance(self.node, yaml.CollectionNode) and not self.node.flow_style


class Outline:
    """The nodes of a text that has been read before, so that it is known to be sound YAML."""

    def __init__(self, text: str) -> None:
        self.text = text
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        if not isinstance(root, yaml.MappingNode):
            raise CannotEdit("the text is no mapping")
        self.root = root

    def part(self, path: Path) -> Part | None:
        """The value at a path; None where there is none."""
        node: yaml.Node = self.root
        is_flow = False
        for step in path:
            is_flow = is_flow or bool(getattr(node, "flow_style", False))
            found = self._below(node, step)
            if found is None:
                return None
            node = found
        return Part(node, is_flow)

    def entries(self, part: Part) -> list[tuple[str, yaml.Node, Part]]:
        """Key, node of the key and value of each entry of a mapping, in order."""
        if not isinstance(part.node, yaml.MappingNode):
            raise CannotEdit("not a mapping")
        inside = part.is_flow or part.is_braced
        return [(str(key.value), key, Part(value, inside)) for key, value in part.node.value]

    def items(self, part: Part) -> list[Part]:
        """The items of a list, in order."""
        if not isinstance(part.node, yaml.SequenceNode):
            raise CannotEdit("not a list")
        inside = part.is_flow or part.is_braced
        return [Part(node, inside) for node in part.node.value]

    def end(self, node: yaml.Node) -> int:
        """Index just behind the last character of a value."""
        if isinstance(node, yaml.ScalarNode):
            end = int(node.end_mark.index)
            return len(self.text[:end].rstrip()) if node.style in ("|", ">") else end
        if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
            return int(node.end_mark.index)
        last = node.value[-1]
        return self.end(last[1] if isinstance(last, tuple) else last)

    def line_start(self, index: int) -> int:
        """Index of the first character of the line on which a character stands."""
        return self.text.rfind("\n", 0, index) + 1

    def line_end(self, index: int) -> int:
        """Index just behind the line (and its break) on which a character stands."""
        found = self.text.find("\n", index)
        return len(self.text) if found < 0 else found + 1

    def column(self, index: int) -> int:
        """How far from the left margin a character stands."""
        return index - self.line_start(index)

    def chunks(self, part: Part) -> list[tuple[int, int]]:
        """The lines of each item of a list by indentation, with the comments that belong to it.

        Comments above an item belong to it; those below that stand further in belong to the one before.
        """
        items = self.items(part)
        margin = self.column(part.start)
        behind = [self.line_end(self.end(one.node)) for one in items]
        before = [self.line_start(part.start), *behind[:-1]]
        if not self.text[: part.start].endswith(" " * margin) or part.is_flow:
            raise CannotEdit("a list inside a line")
        first = self._comments_above(before[0])
        starts = [first, *(self._own_comments_end(index, margin) for index in behind[:-1])]
        ends = [*starts[1:], self._own_comments_end(behind[-1], margin - 1 if margin else 0)]
        return list(zip(starts, ends, strict=True))

    def _comments_above(self, index: int) -> int:
        """The first of the comment lines (and blank ones) that stand right above a line."""
        while index > 0:
            above = self.line_start(index - 1)
            line = self.text[above:index].strip()
            if line and not line.startswith("#"):
                break
            index = above
        return index

    def _own_comments_end(self, index: int, margin: int) -> int:
        """Behind the comment lines from `index` on that stand further in than `margin`."""
        for line in self._lines(index):
            stripped = line.lstrip(" ")
            if not stripped.startswith("#") or len(line) - len(stripped) <= margin:
                break
            index += len(line)
        return index

    def _lines(self, index: int) -> Iterator[str]:
        while index < len(self.text):
            end = self.line_end(index)
            yield self.text[index:end]
            index = end

    @staticmethod
    def _below(node: Any, step: int | str) -> yaml.Node | None:
        if isinstance(node, yaml.MappingNode):
            return next((value for key, value in node.value if key.value == step), None)
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
            found: yaml.Node = node.value[step]
            return found
        return None
