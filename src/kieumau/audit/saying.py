"""An entry in words: its sentence, and what it changed part by part."""

import json
from dataclasses import dataclass
from typing import Any

from kieumau.audit.models import Entry
from kieumau.audit.parts import name_of
from kieumau.audit.verbs import ACTOR, OBJECT, sentence_of
from kieumau.kernel.messages import Text

NOBODY = Text(vi="Hệ thống", en="The installation")
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that changed: its name, before and after as text, empty for nothing."""

    name: str
    old: str
    new: str

    @property
    def called(self) -> Text:
        """Its name in words."""
        return name_of(self.name)

    def in_(self, language: str) -> str:
        """`title: A → B`, or `title: B` where there was nothing before."""
        arrow = f"{self.old} → " if self.old else ""
        return f"{self.called.in_(language)}: {arrow}{self.new or '–'}"


@dataclass(frozen=True, slots=True)
class Said:
    """An entry for a reader."""

    sentence: Text
    changes: tuple[Part, ...]


def said(entry: Entry) -> Said:
    """The entry in both languages. Who has no name is the installation; an object without one its id."""
    words = sentence_of(entry.verb)
    named = entry.object_name or (f"#{entry.object_id}" if entry.object_id else "")
    sentence = Text(
        vi=_filled(words.vi, entry.actor_name or NOBODY.vi, named),
        en=_filled(words.en, entry.actor_name or NOBODY.en, named),
    )
    old, new = entry.old or {}, entry.new or {}
    parts = (
        Part(name, _written(old.get(name)), _written(new.get(name))) for name in dict.fromkeys([*old, *new])
    )
    return Said(sentence, tuple(part for part in parts if part.old or part.new))


def _filled(sentence: str, actor: str, named: str) -> str:
    """In one step: a name that looks like a place in the sentence is only a name."""
    before, _, after = sentence.partition(ACTOR)
    return f"{before.replace(OBJECT, named)}{actor}{after.replace(OBJECT, named)}".strip()


def _written(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
