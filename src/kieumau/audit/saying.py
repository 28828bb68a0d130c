"""An entry in words: its sentence, and what it changed part by part."""

import json
from dataclasses import dataclass
from typing import Any

from kieumau.audit.models import Entry
from kieumau.audit.naming import Names
from kieumau.audit.parts import COUNTED, name_of
from kieumau.audit.values import time_in_words
from kieumau.audit.verbs import ACTOR, OBJECT, sentence_of
from kieumau.kernel.messages import Text

NOBODY = Text(vi="Hệ thống", en="The installation")
YES, NO = Text(vi="có", en="yes"), Text(vi="không", en="no")
LONGEST = 200
NO_NAMES = Names()
# What an entry comes to: said beside its sentence, so that a list can be followed without opening each line.
_RESULTS = ("outcome", "state", "verdict", "decision")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that changed: its code, its name, before and after in words; None for nothing."""

    name: str
    called: Text
    old: Text | None
    new: Text | None

    def in_(self, language: str) -> str:
        """`title: A → B`, or `title: B` where there was nothing before."""
        arrow = f"{self.old.in_(language)} → " if self.old else ""
        return f"{self.called.in_(language)}: {arrow}{self.new.in_(language) if self.new else '–'}"


@dataclass(frozen=True, slots=True)
class Said:
    """An entry for a reader."""

    sentence: Text
    changes: tuple[Part, ...]

    @property
    def result(self) -> Part | None:
        """The one part that tells what came of it: the outcome saved, whether a document was accepted."""
        found = [part for part in self.changes if part.name.rpartition(".")[2] in _RESULTS and part.new]
        return found[0] if len(found) == 1 else None


def said(entry: Entry, names: Names = NO_NAMES) -> Said:
    """The entry in both languages. Who has no name is the installation; an object without one its id.

    `names` are those of the ids and codes that it holds (`naming.names_in`); others are shown as they are.
    """
    words = sentence_of(entry.verb)
    kept = entry.object_name or (f"#{entry.object_id}" if entry.object_id else "")
    named = names.objects.get((entry.object_kind, entry.object_id)) or Text(vi=kept, en=kept)
    sentence = Text(
        vi=_filled(words.vi, entry.actor_name or NOBODY.vi, named.vi),
        en=_filled(words.en, entry.actor_name or NOBODY.en, named.en),
    )
    old, new = entry.old or {}, entry.new or {}
    parts = (
        Part(
            name,
            name_of(name, names.parts) or Text(vi=name, en=name),
            _written(name, old.get(name), names),
            _written(name, new.get(name), names),
        )
        for name in dict.fromkeys([*old, *new])
    )
    return Said(sentence, tuple(part for part in parts if part.old or part.new))


def _filled(sentence: str, actor: str, named: str) -> str:
    """In one step: a name that looks like a place in the sentence is only a name."""
    before, _, after = sentence.partition(ACTOR)
    return f"{before.replace(OBJECT, named)}{actor}{after.replace(OBJECT, named)}".strip()


def _written(part: str, value: Any, names: Names) -> Text | None:
    if value is None or value in ("", [], {}):
        return None
    if isinstance(value, list):
        each = [_one(part, one, names) for one in value]
        return Text(vi=_cut(", ".join(one.vi for one in each)), en=_cut(", ".join(one.en for one in each)))
    return _one("" if part in COUNTED else part, value, names)


def _one(part: str, value: Any, names: Names) -> Text:
    if isinstance(value, bool):
        return YES if value else NO
    if found := names.of_value(part, value) or time_in_words(value):
        return found
    text = _cut(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return Text(vi=text, en=text)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
