"""The kinds of notices: each package names its own, so that people can mute the mail of one."""

from dataclasses import dataclass

from kieumau.kernel.messages import Text


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notice: its code and what people call it."""

    code: str
    name: Text


_known: dict[str, Kind] = {}


def kind(code: str, *, vi: str, en: str) -> Kind:
    """Name a kind. The same code twice is a mistake in the program."""
    if code in _known:
        raise ValueError(f"the kind {code} is named twice")
    made = _known[code] = Kind(code, Text(vi=vi, en=en))
    return made


def known() -> dict[str, Kind]:
    """Every kind by its code."""
    return dict(_known)
