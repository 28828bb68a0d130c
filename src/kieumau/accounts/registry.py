"""Where higher packages leave word: which programmes there are, in which a role may count."""

from collections.abc import Callable, Mapping

from kieumau.kernel.messages import Text

# Each knows some programmes by code. One query each.
programmes: list[Callable[[], Mapping[str, Text]]] = []


def programme_names() -> dict[str, Text]:
    """Every programme by code; none where no package knows any."""
    found: dict[str, Text] = {}
    for names in programmes:
        found |= names()
    return found


def programme_name(code: str) -> Text:
    """What the programme of that code is called; the code itself where nobody knows it any more."""
    return programme_names().get(code) or Text(vi=code, en=code)


def programme_choices(language: str) -> list[tuple[str, str]]:
    """What a form offers: every programme by name."""
    return sorted(
        ((code, name.in_(language)) for code, name in programme_names().items()), key=lambda one: one[1]
    )
