"""YAML files read into typed shapes, every fault of a file in one pass and with its line.

A shape is a pydantic model that forbids unknown keys (derive it from `Shape`). Pydantic names the
path of each fault (`criteria → 3 → titel`); the YAML nodes know the line of each path; together they
make a `Problem` a person can act on.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from kieumau.kernel.messages import Place, Problem, Refused, Text
from kieumau.kernel.yamlwords import either, found, rule, syntax

MAX_BYTES = 2_000_000
MAX_DEPTH = 30
MOST_HINTS = 200  # “did you mean” is looked for among all keys; a file that is wrong all over needs no more


class Shape(BaseModel):
    """Base of every file shape: unknown keys are refused, values never change.

    `when_missing` says what a reader is told where a key is missing (`title`, or `title.en` below another).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    when_missing: ClassVar[Mapping[str, Text]] = {}


Written = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Name(Shape):
    """A name or title in both languages, as files write it; neither may be left empty."""

    vi: Written
    en: Written

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
        raise Refused(_problems(error.errors(), lines, name, shape)) from error


def load_with_lines(text: str, name: str) -> tuple[Any, dict[Path_, int]]:
    """Plain content of a YAML text and the one-based line of every path in it.

    Aliases are refused: a small file with nested aliases can unfold into gigabytes. So are tags (`!!int`),
    keys that are not plain words, and control characters, which no database keeps. Raises `Refused`.
    """
    if len(text.encode()) > MAX_BYTES:
        reason = Text(vi="Tệp YAML lớn hơn 2 MB.", en="The YAML file is larger than 2 MB.")
        raise Refused([Problem("too-large", reason, place=Place(file=name))])
    try:
        _refuse_what_is_not_plain(text, name)
        loader = _PlainLoader(text)
        root = loader.get_single_node()
    except yaml.YAMLError as error:
        raise Refused([_syntax_problem(error, name)]) from error
    if root is None:
        reason = Text(vi="Tệp không có nội dung.", en="The file is empty.")
        raise Refused([Problem("empty-file", reason, place=Place(file=name))])
    problems: list[Problem] = []
    lines: dict[Path_, int] = {}
    _note_lines(root, (), _line(root), lines, name, problems)
    if problems:
        raise Refused(problems)
    try:
        return loader.construct_document(root), lines
    except (yaml.YAMLError, ValueError) as error:
        raise Refused([_syntax_problem(error, name)]) from error


class _PlainLoader(yaml.CSafeLoader):
    """A safe loader in which numbers stay exact, words stay words, and nothing is guessed.

    Only `true`, `false`, plain decimal whole numbers, ISO dates and nothing at all are more than text.
    `0.1` is the text "0.1" (shapes ask for Decimal), and so are `no`, `010` (YAML: 8) and `1:30` (90).
    """


_TAG = "tag:yaml.org,2002:"
_PlainLoader.yaml_implicit_resolvers = {}
_PlainLoader.add_implicit_resolver(f"{_TAG}null", re.compile("^(~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_PlainLoader.add_implicit_resolver(f"{_TAG}bool", re.compile("^(true|false)$"), ["t", "f"])
_PlainLoader.add_implicit_resolver(f"{_TAG}int", re.compile("^(0|-?[1-9][0-9]{0,17})$"), list("-0123456789"))
_PlainLoader.add_implicit_resolver(
    f"{_TAG}timestamp", re.compile("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), list("0123456789")
)


def _date_or_text(_: _PlainLoader, node: yaml.ScalarNode) -> date | str:
    """A day that does not exist stays text, so that its shape can say so with its line."""
    try:
        return date.fromisoformat(node.value)
    except ValueError:
        return str(node.value)


_PlainLoader.add_constructor(f"{_TAG}timestamp", _date_or_text)


def _refuse_what_is_not_plain(text: str, name: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if isinstance(event, yaml.AliasEvent):
            reason = Text(vi="Không dùng bí danh (*) của YAML.", en="YAML aliases (*) are not used here.")
            raise Refused([Problem("alias", reason, place=_place(event, name))])
        if getattr(event, "tag", None) is not None:
            reason = Text(vi="Không dùng thẻ (!) của YAML.", en="YAML tags (!) are not used here.")
            hint = Text(vi="Bỏ thẻ, hoặc đặt giá trị trong dấu nháy.", en="Drop the tag, or quote the value.")
            raise Refused([Problem("tag", reason, hint, _place(event, name))])
        if depth > MAX_DEPTH:
            reason = Text(vi="Tệp lồng nhau quá sâu.", en="The file is nested too deeply.")
            raise Refused([Problem("too-deep", reason, place=_place(event, name))])


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _place(event: yaml.Event, name: str) -> Place:
    return Place(file=name, row=event.start_mark.line + 1 if event.start_mark else None)


def _note_lines(
    node: yaml.Node, path: Path_, line: int, lines: dict[Path_, int], name: str, problems: list[Problem]
) -> None:
    """The line of this path and of all below it; what stands under a key is on the line of the key."""
    lines[path] = line
    if isinstance(node, yaml.MappingNode):
        _note_lines_of_keys(node, path, lines, name, problems)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _note_lines(value, (*path, index), _line(value), lines, name, problems)
    elif isinstance(node, yaml.ScalarNode):
        _note_control_character(node, name, problems)


def _note_lines_of_keys(
    node: yaml.MappingNode, path: Path_, lines: dict[Path_, int], name: str, problems: list[Problem]
) -> None:
    seen: set[str] = set()
    for key, value in node.value:
        line = _line(key)
        if not isinstance(key, yaml.ScalarNode):
            reason = Text(vi="Khóa phải là một từ.", en="A key must be a plain word.")
            problems.append(Problem("key-not-plain", reason, place=Place(file=name, row=line)))
            continue
        _note_control_character(key, name, problems)
        if key.value in seen:
            reason = Text(vi=f"Khóa “{key.value}” lặp lại.", en=f"The key “{key.value}” appears twice.")
            problems.append(Problem("repeated-key", reason, place=Place(file=name, row=line)))
        seen.add(key.value)
        _note_lines(value, (*path, key.value), line, lines, name, problems)


# Those that Unicode calls Cc and Cs, which no database keeps; tabs and line breaks are text.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def _note_control_character(node: yaml.ScalarNode, name: str, problems: list[Problem]) -> None:
    """The first one, by its number."""
    if first := _CONTROL.search(node.value):
        control = f"U+{ord(first[0]):04X}"
        reason = Text(vi=f"Có ký tự điều khiển {control}.", en=f"There is a control character, {control}.")
        hint = Text(vi="Chỉ dùng chữ, Tab và xuống dòng.", en="Use only text, tabs and line breaks.")
        problems.append(Problem("control-character", reason, hint, Place(file=name, row=_line(node))))


def _syntax_problem(error: Exception, name: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    return Problem(
        "not-yaml",
        syntax(getattr(error, "problem", None) or str(error).splitlines()[0]),
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


def _problems(
    details: list[ErrorDetails], lines: dict[Path_, int], name: str, shape: type[BaseModel]
) -> list[Problem]:
    """A problem for each place; where a value may be of several kinds, pydantic complains for each."""
    problems: list[Problem] = []
    wrong: dict[tuple[Path_, int], list[ErrorDetails]] = {}
    for detail in details:
        known = _known_path(detail["loc"], lines)
        keys = _keys(shape) if len(problems) < MOST_HINTS else ()
        if detail["type"] == "missing":
            words: Mapping[str, Text] = getattr(shape, "when_missing", {})
            problems.append(_missing(detail["loc"], Place(file=name, row=lines.get(known)), words))
        elif special := _special_problem(detail, Place(file=name, row=lines.get(known)), keys):
            problems.append(special)
        else:
            wrong.setdefault((known, id(detail["input"])), []).append(detail)
    for (known, _), same in wrong.items():
        problems.append(_wrong_value(known, same, Place(file=name, row=lines.get(known))))
    return sorted(problems, key=lambda problem: problem.place.row or 0)


def _special_problem(detail: ErrorDetails, place: Place, keys: Sequence[str]) -> Problem | None:
    """The problem of a key, or the one that a shape's own check put into words; hints are from `keys`."""
    key = str(detail["loc"][-1]) if detail["loc"] else ""
    if detail["type"] == "extra_forbidden":
        near = get_close_matches(key, keys, n=1)
        hint = Text(vi=f"Có phải “{near[0]}”?", en=f"Did you mean “{near[0]}”?") if near else None
        return Problem(
            "unknown-key", Text(vi=f"Không có khóa “{key}”.", en=f"There is no key “{key}”."), hint, place
        )
    if isinstance(own := detail.get("ctx", {}).get("error"), BilingualError):
        return Problem(own.code, own.text, place=place)
    return None


def _missing(path: Path_, place: Place, words: Mapping[str, Text]) -> Problem:
    """A missing key, in the words of the shape where it has some: then its code says which key it is."""
    key = str(path[-1]) if path else ""
    for name in (".".join(str(part) for part in path[-2:]), key):
        if name in words:
            return Problem(f"missing-{name}", words[name], place=place)
    reason = Text(vi=f"Thiếu khóa “{key}”.", en=f"The key “{key}” is missing.")
    return Problem("missing-key", reason, place=place)


def _wrong_value(path: Path_, details: list[ErrorDetails], place: Place) -> Problem:
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
    must, instead = either([rule(detail) for detail in details]), found(details[0])
    reason = Text(
        vi=f"{f'“{where}”' if where else 'Tệp'} {must.vi}; tệp {instead.vi}.",
        en=f"{f'“{where}”' if where else 'The file'} {must.en}; the file has {instead.en}.",
    )
    wants_text = any(detail["type"] == "string_type" for detail in details)
    hint = None
    if wants_text and isinstance(details[0]["input"], int | date):
        hint = Text(vi="Đặt giá trị trong dấu nháy.", en="Put the value in quotes.")
    return Problem("wrong-value", reason, hint, place)


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


@cache
def _keys(shape: type[BaseModel]) -> tuple[str, ...]:
    """Every key that a shape and those inside it know, in order."""
    return tuple(sorted(_all_fields(shape)))


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
