"""The message catalogue: what the screens say in English, and what that is in Vietnamese.

    python -m kieumau.web.catalog             what is missing, obsolete or wrong; exit code 1 if anything is
    python -m kieumau.web.catalog --update    add missing entries (empty) and drop obsolete ones
    python -m kieumau.web.catalog --compile   write django.mo, which Django reads

Message ids are the English texts, so that only one catalogue is needed. Needs no gettext tools.
"""

import argparse
import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent
PO = PACKAGE / "web" / "locale" / "vi" / "LC_MESSAGES" / "django.po"

# Django's names for gettext calls and which of their arguments are the context and the ids.
_PLAIN, _COUNTED = (None, (0,)), (None, (0, 1))
KEYWORDS: dict[str, tuple[int | None, tuple[int, ...]]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), _PLAIN),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), _COUNTED),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, (1,))),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, (1, 2))),
}
# The same for Babel, which reads what Django makes of a template.
TEMPLATE_KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext"), None),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

# What a text is known by: its context (or None) and its id (the singular, where there are two).
Key = tuple[str | None, str]
# One text in a file: line, id (two for a counted one), context.
Text = tuple[int, str | tuple[str, str], str | None]


@dataclass(frozen=True, slots=True)
class Used:
    """One text that the screens use: its id (two for counted ones), context, and where it stands."""

    id: str | tuple[str, str]
    context: str | None
    places: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Review:
    """What is wrong with a catalogue, each line fit for a person; all empty when nothing is."""

    missing: list[str]
    empty: list[str]
    obsolete: list[str]
    fuzzy: list[str]
    placeholders: list[str]

    def lines(self) -> list[str]:
        """Every fault with its kind in front."""
        kinds = {
            "missing": self.missing,
            "empty": self.empty,
            "obsolete": self.obsolete,
            "fuzzy": self.fuzzy,
            "placeholders differ": self.placeholders,
        }
        return [f"{kind}: {text}" for kind, texts in kinds.items() for text in texts]


def used_texts(package: Path = PACKAGE) -> dict[Key, Used]:
    """Every text that templates and modules below `package` mark for translation, tests left out."""
    found: dict[Key, Used] = {}
    for path in sorted([*package.rglob("*.html"), *package.rglob("*.txt"), *package.rglob("*.py")]):
        if "tests" in path.relative_to(package).parts:
            continue
        for line, message_id, context in _texts_of(path):
            singular = message_id if isinstance(message_id, str) else message_id[0]
            used = found.setdefault((context, singular), Used(message_id, context))
            used.places.append(f"{path.relative_to(package)}:{line}")
    return found


def _texts_of(path: Path) -> Iterator[Text]:
    """Each text in one file. Modules are read as syntax trees, so that none hides in an f-string."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
        return (text for call in calls if (text := _text_of(call)))
    return _texts_of_template(source, path.name)


def _text_of(call: ast.Call) -> Text | None:
    """The text that a call of gettext marks; None for any other call and for what is not a literal."""
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    if name not in KEYWORDS:
        return None
    literals = [
        argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None
        for argument in call.args
    ]
    context_at, ids_at = KEYWORDS[name]
    if len(literals) <= ids_at[-1]:
        return None
    ids = [literals[index] for index in ids_at]
    context = None if context_at is None else literals[context_at]
    match ids:
        case [str(only)]:
            return call.lineno, only, context
        case [str(one), str(many)]:
            return call.lineno, (one, many), context
    return None


def _texts_of_template(source: str, name: str) -> Iterator[Text]:
    """Django turns a template into calls line by line; their indentation means nothing."""
    calls = "\n".join(line.strip() for line in templatize(source, origin=name).split("\n"))
    found = extract("python", BytesIO(calls.encode()), keywords=TEMPLATE_KEYWORDS)
    for line, message_id, _, context in found:
        if message_id:
            yield line, message_id if isinstance(message_id, str) else (message_id[0], message_id[1]), context


def read_catalog(path: Path = PO) -> Catalog:
    """The catalogue in a .po file; an empty one with Vietnamese rules when there is no file yet."""
    if not path.exists():
        return Catalog(locale="vi", project="Kiểu Mẫu", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="vi", abort_invalid=True)


def review(used: dict[Key, Used], catalog: Catalog) -> Review:
    """Compares what is used with what is translated."""
    messages = {_key(message): message for message in catalog if message.id}
    faults: dict[str, list[str]] = defaultdict(list)
    for key, text in used.items():
        if key not in messages:
            faults["missing"].append(f"{key[1]!r} ({text.places[0]})")
    for key, message in messages.items():
        if key not in used:
            faults["obsolete"].append(repr(key[1]))
        elif not all(_strings(message)):
            faults["empty"].append(f"{key[1]!r} ({used[key].places[0]})")
        elif message.fuzzy:
            faults["fuzzy"].append(repr(key[1]))
        elif not _placeholders_agree(message):
            faults["placeholders"].append(repr(key[1]))
    kinds = ("missing", "empty", "obsolete", "fuzzy", "placeholders")
    return Review(*(sorted(faults[kind]) for kind in kinds))


def updated(used: dict[Key, Used], catalog: Catalog) -> Catalog:
    """The same catalogue with every used text in it, missing ones empty, and no other."""
    known = {_key(message): message for message in catalog if message.id}
    fresh = Catalog(locale="vi", project="Kiểu Mẫu", charset="utf-8", fuzzy=False)
    fresh.creation_date = fresh.revision_date = catalog.creation_date
    for key, text in sorted(used.items(), key=lambda item: (item[0][1], item[0][0] or "")):
        old = known.get(key)
        string = old.string if old and bool(old.pluralizable) == isinstance(text.id, tuple) else ""
        fresh.add(text.id, string=string, flags=_flags(old), context=text.context)
    return fresh


def save(catalog: Catalog, path: Path = PO) -> None:
    """Writes the .po file: sorted by id, without line numbers, so that it changes only with its texts."""
    catalog.header_comment = (
        "# Kiểu Mẫu: the screens in Vietnamese. `python -m kieumau.web.catalog` keeps it."
    )
    buffer = BytesIO()
    write_po(buffer, catalog, width=100, no_location=True, sort_output=True)
    text = "\n".join(
        line for line in buffer.getvalue().decode().split("\n") if not line.startswith(_VOLATILE)
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


_VOLATILE = (
    '"POT-Creation-Date:',
    '"PO-Revision-Date:',
    '"Generated-By:',
    '"Report-Msgid-Bugs-To:',
    '"Last-Translator:',
    '"Project-Id-Version:',
    '"Language-Team:',
)


def compile_catalog(path: Path = PO) -> Path:
    """Writes the .mo file beside the .po file, left alone when it would not change; returns its path."""
    buffer = BytesIO()
    write_mo(buffer, read_catalog(path))
    target = path.with_suffix(".mo")
    if not target.exists() or target.read_bytes() != buffer.getvalue():
        target.write_bytes(buffer.getvalue())
    return target


def _key(message: Message) -> Key:
    singular = message.id if isinstance(message.id, str) else message.id[0]
    return message.context, singular


def _flags(message: Message | None) -> set[str]:
    return {"fuzzy"} if message is not None and message.fuzzy else set()


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def _placeholders_agree(message: Message) -> bool:
    """Every translation fills in exactly what the id names; of two ids, what either names will do."""
    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    asked = [_placeholders([text]) for text in ids]
    return all(_placeholders([string]) in asked for string in _strings(message))


def _placeholders(texts: Iterable[str]) -> list[str]:
    return sorted(match for text in texts for match in _PLACEHOLDER.findall(text))


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m kieumau.web.catalog", description=__doc__.split("\n")[0])
    parser.add_argument("--update", action="store_true", help="add missing entries, drop obsolete ones")
    parser.add_argument("--compile", action="store_true", help="write django.mo")
    asked = parser.parse_args(arguments)
    if asked.compile:
        sys.stdout.write(f"{compile_catalog()}\n")
        return 0
    used = used_texts()
    if asked.update:
        save(updated(used, read_catalog()))
    lines = review(used, read_catalog()).lines()
    sys.stdout.write("\n".join([*lines, f"{len(used)} texts, {len(lines)} faults", ""]))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
