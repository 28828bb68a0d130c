"""Values written as YAML, the way the sets of the library are: short things on one line, quotes only
where they are needed. What is written here reads back as the very same value."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

WIDTH = 110
_SPECIAL = re.compile(r"^[-?:,\[\]{}#&*!|>'\"%@`=<~\s]|:(\s|$)|\s#|\s$")
_IN_FLOW = re.compile(r"[,\[\]{}]|:$")
_resolver = yaml.resolver.Resolver()


def scalar(value: Any, *, in_flow: bool = False) -> str:
    """One value on one line; text is quoted where it would be read as something else."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Decimal():
            return f"{value.normalize():f}"
        case date():
            return value.isoformat()
    text = str(value)
    is_plain = bool(text) and text.isprintable() and not _SPECIAL.search(text)
    if is_plain and not (in_flow and _IN_FLOW.search(text)) and _is_text(text):
        return text
    return "".join(
        one if one.isprintable() else _escaped(one) for one in json.dumps(text, ensure_ascii=False)
    )


def _escaped(character: str) -> str:
    """A character that no YAML may hold as it is."""
    number = ord(character)
    return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"


def _is_text(text: str) -> bool:
    """Would any reader of YAML take the bare word for text? (`yes`, `12` and `2024-01-01` it would not.)"""
    tag = _resolver.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]  # PyYAML has no types
    return bool(tag == "tag:yaml.org,2002:str")


def flow(value: Any) -> str:
    """Any value on one line: `{vi: Xã, en: Commune}`, `[xa, phuong]`."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{scalar(key, in_flow=True)}: {flow(one)}" for key, one in value.items())
        return f"{{{inner}}}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(flow(one) for one in value)}]"
    return scalar(value, in_flow=True)


def entry(key: str, value: Any, indent: int) -> list[str]:
    """The lines of `key: value` at an indentation, without line ends."""
    margin, name = " " * indent, scalar(key)
    if isinstance(value, str) and _is_literal(value):
        head = "|" if value.endswith("\n") else "|-"
        lines = value.removesuffix("\n").split("\n")
        return [f"{margin}{name}: {head}", *(f"{margin}  {line}".rstrip() for line in lines)]
    if isinstance(value, Mapping) and value:
        line = f"{margin}{name}: {flow(value)}"
        if len(line) <= WIDTH and not _holds_lines(value):
            return [line]
        inner = (line for key, one in value.items() for line in entry(key, one, indent + 2))
        return [f"{margin}{name}:", *inner]
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        line = f"{margin}{name}: {flow(value)}"
        if len(line) <= WIDTH and not isinstance(value[0], Mapping):
            return [line]
        return [f"{margin}{name}:", *(line for one in value for line in item(one, indent + 2))]
    written = flow(value) if isinstance(value, Mapping | list | tuple) else scalar(value)
    return [f"{margin}{name}: {written}"]


def item(value: Any, indent: int) -> list[str]:
    """The lines of one item of a list, `- …`, at an indentation."""
    margin = " " * indent
    if isinstance(value, Mapping) and value:
        line = f"{margin}- {flow(value)}"
        if len(value) <= 3 and len(line) <= WIDTH and "kind" not in value:
            return [line]
        lines = [line for key, one in value.items() for line in entry(key, one, indent + 2)]
        return [f"{margin}- {lines[0][indent + 2 :]}", *lines[1:]]
    return [f"{margin}- {flow(value)}"]


def document(content: Mapping[str, Any]) -> str:
    """A whole file."""
    return "".join(f"{line}\n" for key, value in content.items() for line in entry(key, value, 0))


def _is_literal(text: str) -> bool:
    """Can the text stand as a block of lines (`|`) and read back the same?"""
    lines = text.removesuffix("\n").split("\n")
    return (
        "\n" in text
        and all(line.isprintable() and line == line.rstrip() for line in lines)
        and bool(lines[0])
        and not lines[0].startswith(" ")
        and bool(lines[-1])
    )


def _holds_lines(value: Mapping[str, Any]) -> bool:
    return any(isinstance(one, str) and "\n" in one for one in value.values())
