"""The kinds of documents that may be on a shelf: general ones, and those that packages above ask for.

A criteria set asks for kinds by codes of its own (`party-resolution`); `criteria` leaves word in its
`AppConfig.ready()` with a function that names them, so that this package knows no criterion.
"""

from collections.abc import Callable, Mapping

from kieumau.documents.rules import GENERAL
from kieumau.kernel.messages import Text

# Each gives the kinds that it asks for: code and name. Called once a page; keep it to one query.
asked_for: list[Callable[[], Mapping[str, Text]]] = []


def kinds() -> dict[str, Text]:
    """Every kind by its code: those asked for first, then the general ones."""
    asked = {code: name for ask in asked_for for code, name in ask().items()}
    return {**asked, **{code: name for code, name in GENERAL.items() if code not in asked}}
