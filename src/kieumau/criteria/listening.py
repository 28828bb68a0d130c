"""What criteria sets leave word with: which indicators published sets name, which documents they ask for."""

from kieumau.criteria.queries import documents_asked, indicators_used
from kieumau.documents.kinds import asked_for
from kieumau.indicators.registry import in_use


def listen() -> None:
    """Leave word with the catalogue and with the shelves; called once, when all apps are there."""
    in_use.append(indicators_used)
    asked_for.append(documents_asked)
