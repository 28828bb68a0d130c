"""Where higher packages leave word: which programmes there are, the page of what an assignment is about."""

from collections.abc import Callable, Mapping

from kieumau.kernel.messages import Text

# Each knows some programmes by code.
programmes: list[Callable[[], Mapping[str, Text]]] = []
# By kind of thing: the address of the page of one, from its id.
pages: dict[str, Callable[[str], str]] = {}


def programme_names() -> dict[str, Text]:
    """Every programme by code; none where no package knows any."""
    found: dict[str, Text] = {}
    for names in programmes:
        found |= names()
    return found


def programme_name(code: str) -> Text | None:
    """What a programme is called; none for no code, its code where no package knows it."""
    return (programme_names().get(code) or Text(vi=code, en=code)) if code else None


def page_of(kind: str, thing: str) -> str:
    """The address of the page of a thing; empty where no package knows its kind."""
    return pages[kind](thing) if kind in pages else ""
