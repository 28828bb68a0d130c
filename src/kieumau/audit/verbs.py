"""What can be done, in words: each package names its own actions in a module `verbs`.

A verb is made once, when its module is imported; the package's `AppConfig.ready()` imports it, so that the
log can be read also where nothing was done yet.
"""

from dataclasses import dataclass

from kieumau.kernel.messages import Text

ACTOR, OBJECT = "{actor}", "{object}"


@dataclass(frozen=True, slots=True)
class Verb:
    """An action: its stable code and its sentence, with `{actor}` and, where there is one, `{object}`."""

    code: str
    sentence: Text


_known: dict[str, Verb] = {}


def verb(code: str, *, vi: str, en: str) -> Verb:
    """A new verb, known from now on. Raises ValueError for a code in use or a sentence without an actor."""
    if code in _known:
        raise ValueError(f"there is a verb “{code}” already")
    for sentence in (vi, en):
        if ACTOR not in sentence:
            raise ValueError(f"“{sentence}” does not say who")
    if (OBJECT in vi) != (OBJECT in en):
        raise ValueError(f"the sentences of “{code}” do not say the same")
    _known[code] = Verb(code, Text(vi=vi, en=en))
    return _known[code]


def known() -> list[Verb]:
    """Every verb, by code."""
    return sorted(_known.values(), key=lambda one: one.code)


def sentence_of(code: str) -> Text:
    """The sentence of a verb; for one that no package names any more, its bare code."""
    found = _known.get(code)
    bare = f"{ACTOR}: {code} {OBJECT}"
    return found.sentence if found else Text(vi=bare, en=bare)
