"""Edits of a YAML text that leave everything they do not name byte for byte as it was.

Only the characters of what is changed are replaced; comments, order, quotes and line ends of all the
rest stay. Every edit reads its result again: what does not say exactly what was meant is never
returned, but refused with CannotEdit.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from itertools import pairwise
from typing import Any

import yaml

from kieumau.criteria.drafting import writing
from kieumau.criteria.drafting.outline import BYTE_ORDER_MARK, CannotEdit, Outline, Part, Path
from kieumau.kernel.messages import Refused
from kieumau.kernel.yamlfile import load_with_lines


def content_of(text: str) -> dict[str, Any]:
    """The plain content of a text. Raises CannotEdit where it is no YAML that we read, or no mapping."""
    try:
        content, _ = load_with_lines(text, "")
    except Refused as refused:
        raise CannotEdit(str(refused)) from refused
    if not isinstance(content, dict):
        raise CannotEdit("the text is no mapping")
    return content


def put(text: str, path: Path, value: Any, order: Sequence[str] = ()) -> str:
    """The text with `value` at `path`; a new key is added behind those that come before it in `order`."""

    def meant(content: Any) -> None:
        for step in path[:-1]:
            if isinstance(content, dict) and content.get(step) is None:
                content[step] = {}
            content = content[step]
        content[path[-1]] = value

    return _edited(text, lambda outline: _put(outline, path, value, order), meant)


def drop(text: str, path: Path) -> str:
    """The text without the key at `path`; the same text where there is none."""

    def meant(content: Any) -> None:
        for step in path[:-1]:
            content = content[step]
        del content[path[-1]]

    content_of(text)
    if Outline(text.removeprefix(BYTE_ORDER_MARK)).part(path) is None:
        return text
    return _edited(text, lambda outline: _drop(outline, path), meant)


def insert(text: str, path: Path, index: int, value: Any) -> str:
    """The text with a new item in the list at `path`, as number `index` (from 0) of it."""

    def meant(content: Any) -> None:
        for step in path[:-1]:
            content = content[step]
        if content.get(path[-1]) is None:
            content[path[-1]] = []
        content[path[-1]].insert(index, value)

    return _edited(text, lambda outline: _insert(outline, path, index, value), meant)


def remove(text: str, path: Path, index: int) -> str:
    """The text without an item of the list at `path`, its comments gone with it."""

    def meant(content: Any) -> None:
        for step in path:
            content = content[step]
        del content[index]

    return _edited(text, lambda outline: _remove(outline, path, index), meant)


def move(text: str, path: Path, index: int, to: int) -> str:
    """The text with an item of the list at `path` at another place, its comments moved with it."""

    def meant(content: Any) -> None:
        for step in path:
            content = content[step]
        content.insert(to, content.pop(index))

    return _edited(text, lambda outline: _move(outline, path, index, to), meant)


def _edited(text: str, edit: Callable[[Outline], str], meant: Callable[[Any], None]) -> str:
    """The text after an edit, once it is certain that it says what was meant."""
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    body = text.removeprefix(mark)
    wanted = deepcopy(content_of(body))
    try:
        meant(wanted)
        edited = edit(Outline(body))
        found = content_of(edited)
    except (LookupError, TypeError, AttributeError) as error:
        raise CannotEdit(str(error)) from error
    if _plain(found) != _plain(wanted):
        raise CannotEdit("the edit would have changed something else")
    return mark + edited


def _plain(value: Any) -> Any:
    """Numbers as they are written: a Decimal goes in, text comes back."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return writing.scalar(value)
    return value


def _put(outline: Outline, path: Path, value: Any, order: Sequence[str]) -> str:
    part = outline.part(path)
    if part is not None:
        return _replace(outline, part, path, value)
    parent = outline.part(path[:-1])
    if parent is None:
        return _put(outline, path[:-1], {path[-1]: value}, order)
    return _add_entry(outline, parent, str(path[-1]), value, order)


def _replace(outline: Outline, part: Part, path: Path, value: Any) -> str:
    """The value of an entry (or an item) replaced, what else stands on its line kept."""
    text, end = outline.text, outline.end(part.node)
    if part.is_flow:
        gap = " " if end == part.start and text[part.start - 1] == ":" else ""
        return text[: part.start] + gap + writing.flow(value) + text[end:]
    if isinstance(path[-1], int):
        raise CannotEdit("an item is replaced by its entries")
    _, key, _ = next(one for one in outline.entries(_parent(outline, path)) if one[0] == path[-1])
    colon = text.index(":", key.end_mark.index) + 1
    indent = outline.column(int(key.start_mark.index))
    lines = writing.entry(str(path[-1]), value, indent)
    lines[0] = lines[0][indent + len(writing.scalar(path[-1])) + 1 :]
    rest, behind = text[end : outline.line_end(end)], outline.line_end(end)
    if getattr(part.node, "style", None) in ("|", ">") or part.is_block:
        head = text[colon : outline.line_end(colon)]
        at = head.find(" #")
        rest = (head[at:].rstrip() if at >= 0 else "") + _break_of(text, end)
    lines[0] += rest.rstrip("\r\n")
    ending = rest[len(rest.rstrip("\r\n")) :]
    return text[:colon] + _newline(text).join(lines) + ending + text[behind:]


def _break_of(text: str, index: int) -> str:
    """The line break behind a place, as it is written; nothing at the end of the text."""
    rest = text[index:].lstrip(" \t")
    if rest.startswith("#"):
        rest = rest[rest.find("\n") - (rest[rest.find("\n") - 1] == "\r") :] if "\n" in rest else ""
    return "\r\n" if rest.startswith("\r\n") else "\n" if rest.startswith("\n") else ""


def _parent(outline: Outline, path: Path) -> Part:
    part = outline.part(path[:-1])
    if part is None:
        raise CannotEdit("no such place")
    return part


def _add_entry(outline: Outline, parent: Part, name: str, value: Any, order: Sequence[str]) -> str:
    text = outline.text
    if isinstance(parent.node, yaml.ScalarNode) and not parent.node.value:
        raise CannotEdit("an empty value")
    entries = outline.entries(parent)
    after = _predecessor([key for key, _, _ in entries], name, order)
    if parent.is_braced:
        written = f"{writing.scalar(name, in_flow=True)}: {writing.flow(value)}"
        if not entries:
            return text[: parent.start + 1] + written + text[parent.start + 1 :]
        if after is None:
            start = int(entries[0][1].start_mark.index)
            return f"{text[:start]}{written}, {text[start:]}"
        end = outline.end(entries[after][2].node)
        return f"{text[:end]}, {written}{text[end:]}"
    indent = int(parent.node.start_mark.column)
    lines = writing.entry(name, value, indent)
    newline = _newline(text)
    if after is None:
        start = int(entries[0][1].start_mark.index)
        return text[:start] + newline.join([*lines, " " * indent])[indent:] + text[start:]
    behind = outline.line_end(outline.end(entries[after][2].node))
    return _with_lines(text, behind, lines)


def _predecessor(keys: Sequence[str], name: str, order: Sequence[str]) -> int | None:
    """The entry behind which a new one stands; None: before all of them."""
    if name not in order:
        return len(keys) - 1
    earlier = set(order[: list(order).index(name)])
    unknown = [index for index, key in enumerate(keys) if key in earlier]
    return max(unknown, default=None)


def _with_lines(text: str, index: int, lines: Sequence[str]) -> str:
    """Whole lines put in where a line begins; a last line without a break gets one before it."""
    newline = _newline(text)
    block = newline.join(lines)
    if index and not text[:index].endswith("\n"):
        return text[:index] + newline + block + text[index:]
    return text[:index] + block + newline + text[index:]


def _drop(outline: Outline, path: Path) -> str:
    text, parent = outline.text, _parent(outline, path)
    entries = outline.entries(parent)
    at = next(index for index, (key, _, _) in enumerate(entries) if key == path[-1])
    start = int(entries[at][1].start_mark.index)
    end = outline.end(entries[at][2].node)
    if len(entries) == 1:
        raise CannotEdit("the only entry")
    if parent.is_braced:
        if at + 1 < len(entries):
            return text[:start] + text[int(entries[at + 1][1].start_mark.index) :]
        return text[: outline.end(entries[at - 1][2].node)] + text[end:]
    if at == 0:
        return text[:start] + text[int(entries[1][1].start_mark.index) :]
    return text[: outline.line_start(start)] + text[outline.line_end(end) :]


def _insert(outline: Outline, path: Path, index: int, value: Any) -> str:
    text, part = outline.text, outline.part(path)
    if part is None:
        return _put(outline, path, [value], ())
    if not isinstance(part.node, yaml.SequenceNode) or not part.node.value:
        return _replace(outline, part, path, [value])
    if part.is_braced:
        items = outline.items(part)
        if index >= len(items):
            end = outline.end(items[-1].node)
            return f"{text[:end]}, {writing.flow(value)}{text[end:]}"
        return f"{text[: items[index].start]}{writing.flow(value)}, {text[items[index].start :]}"
    chunks = outline.chunks(part)
    at = chunks[index][0] if index < len(chunks) else chunks[-1][1]
    return _with_lines(text, at, writing.item(value, outline.column(part.start)))


def _remove(outline: Outline, path: Path, index: int) -> str:
    text, part = outline.text, outline.part(path)
    if part is None:
        raise CannotEdit("no such list")
    items = outline.items(part)
    if len(items) == 1:
        return _replace(outline, part, path, [])
    if part.is_braced:
        if index + 1 < len(items):
            return text[: items[index].start] + text[items[index + 1].start :]
        return text[: outline.end(items[index - 1].node)] + text[outline.end(items[index].node) :]
    start, end = outline.chunks(part)[index]
    return text[:start] + text[end:]


def _move(outline: Outline, path: Path, index: int, to: int) -> str:
    text, part = outline.text, outline.part(path)
    if part is None:
        raise CannotEdit("no such list")
    if part.is_braced:
        spans = [(one.start, outline.end(one.node)) for one in outline.items(part)]
    else:
        spans = outline.chunks(part)
    pieces = [text[start:end] for start, end in spans]
    gaps = [text[end:start] for (_, end), (start, _) in pairwise(spans)]
    had_break = part.is_braced or pieces[-1].endswith("\n")
    if not had_break:
        pieces[-1] += _newline(text)
    pieces.insert(to, pieces.pop(index))
    if not had_break:
        pieces[-1] = pieces[-1].removesuffix("\n").removesuffix("\r")
    mixed = [piece for pair in zip(pieces, [*gaps, ""], strict=True) for piece in pair]
    return text[: spans[0][0]] + "".join(mixed) + text[spans[-1][1] :]


def _newline(text: str) -> str:
    """The line break that the text uses."""
    return "\r\n" if "\r\n" in text else "\n"
