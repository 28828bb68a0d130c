"""YAML files read into typed shapes, every fault of a file in one pass and with its line.

A shape is a pydantic model that forbids unknown keys (derive it from `Shape`). Pydantic names the
path of each fault (`criteria → 3 → titel`); the YAML nodes know the line of each path; together they
make a `Problem` a person can act on.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from kieumau.kernel.messages import Place, Problem, Refused, Text

MAX_BYTES = 2_000_000
MAX_DEPTH = 30


class Shape(BaseModel):
    """Base of every file shape: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Name(Shape):
    """A name or title in both languages, as files write it."""

    vi: str
    en: str

    def text(self) -> Text:
        """The same as a `Text`."""
        return Text(vi=self.vi, en=self.en)


T = TypeVar("T", bound=BaseModel)
Path_ = tuple[int | str, ...]


def read(path: Path, shape: type[T]) -> T:
    """The file at `path` as a `shape`. Raises `Refused` with every problem found."""
    if not path.is_file():
        raise Refused(
            [
                Problem(
                    "no-such-file",
                    Text(vi=f"Không có tệp “{path.name}”.", en=f"There is no file “{path.name}”."),
                    place=Place(file=path.name),
                )
            ]
        )
    try:
        return read_text(path.read_text(encoding="utf-8-sig"), shape, path.name)
    except UnicodeDecodeError as error:
        reason = Text(vi="Tệp không phải UTF-8.", en="The file is not UTF-8.")
        hint = Text(vi="Hãy lưu lại tệp với mã UTF-8.", en="Save it again as UTF-8.")
        raise Refused([Problem("wrong-encoding", reason, hint, Place(file=path.name))]) from error


def read_text(text: str, shape: type[T], name: str) -> T:
    """The YAML `text`, called `name` in messages, as a `shape`. Raises `Refused`."""
    content, lines = load_with_lines(text, name)
    try:
        return shape.model_validate(content)
    except ValidationError as error:
        raise Refused([_problem(detail, lines, name, shape) for detail in error.errors()]) from error


def load_with_lines(text: str, name: str) -> tuple[Any, dict[Path_, int]]:
    """Plain content of a YAML text and the one-based line of every path in it.

    Aliases are refused: a small file with nested aliases can unfold into gigabytes.
    """
    if len(text.encode()) > MAX_BYTES:
        reason = Text(vi="Tệp YAML lớn hơn 2 MB.", en="The YAML file is larger than 2 MB.")
        raise Refused([Problem("too-large", reason, place=Place(file=name))])
    try:
        _refuse_aliases_and_depth(text, name)
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise Refused([_syntax_problem(error, name)]) from error
    if root is None:
        reason = Text(vi="Tệp không có nội dung.", en="The file is empty.")
        raise Refused([Problem("empty-file", reason, place=Place(file=name))])
    problems: list[Problem] = []
    lines = dict(_lines(root, (), name, problems))
    if problems:
        raise Refused(problems)
    try:
        return yaml.load(text, Loader=_PlainLoader), lines  # noqa: S506 (a safe loader of ours)
    except (yaml.YAMLError, ValueError) as error:
        raise Refused([_syntax_problem(error, name)]) from error


class _PlainLoader(yaml.CSafeLoader):
    """A safe loader in which numbers stay exact and words stay words.

    `0.1` becomes the text "0.1" (shapes ask for Decimal), `on` and `no` are not true and false.
    """


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":float", ":bool"))]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), ["t", "f"])


def _refuse_aliases_and_depth(text: str, name: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        place = Place(file=name, row=event.start_mark.line + 1 if event.start_mark else None)
        if isinstance(event, yaml.AliasEvent):
            reason = Text(vi="Không dùng bí danh (*) của YAML.", en="YAML aliases (*) are not used here.")
            raise Refused([Problem("alias", reason, place=place)])
        if depth > MAX_DEPTH:
            reason = Text(vi="Tệp lồng nhau quá sâu.", en="The file is nested too deeply.")
            raise Refused([Problem("too-deep", reason, place=place)])


def _lines(node: yaml.Node, path: Path_, name: str, problems: list[Problem]) -> Iterator[tuple[Path_, int]]:
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if str(key.value) in seen:
                reason = Text(vi=f"Khóa “{key.value}” lặp lại.", en=f"The key “{key.value}” appears twice.")
                problems.append(Problem("repeated-key", reason, place=Place(file=name, row=line)))
            seen.add(str(key.value))
            for below in _lines(value, (*path, key.value), name, problems):
                yield (below[0], line) if below[0] == (*path, key.value) else below
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _lines(value, (*path, index), name, problems)


def _syntax_problem(error: Exception, name: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    detail = getattr(error, "problem", None) or str(error).splitlines()[0]
    return Problem(
        "not-yaml",
        Text(vi=f"Tệp không đúng cú pháp YAML ({detail}).", en=f"The file is not valid YAML ({detail})."),
        Text(
            vi="Kiểm tra thụt dòng, dấu hai chấm và dấu nháy.",
            en="Check the indentation, the colons and the quotes.",
        ),
        Place(
            file=name,
            row=mark.line + 1 if mark else None,
            column=str(mark.column + 1) if mark else "",
        ),
    )


def _problem(detail: ErrorDetails, lines: dict[Path_, int], name: str, shape: type[BaseModel]) -> Problem:
    path: Path_ = tuple(detail["loc"])
    known = _known_path(path, lines)
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in path if part in known)
    place = Place(file=name, row=lines.get(known))
    key = str(path[-1]) if path else ""
    if detail["type"] == "extra_forbidden":
        near = get_close_matches(key, sorted(_all_fields(shape)), n=1)
        hint = Text(vi=f"Có phải “{near[0]}”?", en=f"Did you mean “{near[0]}”?") if near else None
        return Problem(
            "unknown-key", Text(vi=f"Không có khóa “{key}”.", en=f"There is no key “{key}”."), hint, place
        )
    if detail["type"] == "missing":
        reason = Text(vi=f"Thiếu khóa “{key}”.", en=f"The key “{key}” is missing.")
        return Problem("missing-key", reason, place=place)
    if isinstance(own := detail.get("ctx", {}).get("error"), BilingualError):
        return Problem(own.code, own.text, place=place)
    reason = Text(
        vi=f"“{where}”: giá trị “{_short(detail['input'])}” không hợp lệ ({detail['msg']}).",
        en=f"“{where}”: the value “{_short(detail['input'])}” is not valid ({detail['msg']}).",
    )
    return Problem("wrong-value", reason, place=place)


class BilingualError(ValueError):
    """Raised by a shape's own validator, so that its sentence reaches the reader in both languages."""

    def __init__(self, code: str, text: Text) -> None:
        super().__init__(text.en)
        self.code = code
        self.text = text


def _known_path(path: Path_, lines: dict[Path_, int]) -> Path_:
    """The longest part of pydantic's path that stands in the file (unions add steps of their own)."""
    known: Path_ = ()
    for part in path:
        if (*known, part) in lines:
            known = (*known, part)
    return known


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _all_fields(shape: type[BaseModel], seen: set[type] | None = None) -> set[str]:
    seen = seen if seen is not None else set()
    if shape in seen:
        return set()
    seen.add(shape)
    names: set[str] = set()
    for name, field in shape.model_fields.items():
        names.add(field.alias or name)
        for inner in _models_in(field.annotation):
            names |= _all_fields(inner, seen)
    return names


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _models_in(argument)
