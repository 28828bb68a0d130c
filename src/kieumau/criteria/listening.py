"""What criteria sets leave word with: the catalogue asks which indicators a published set names."""

from kieumau.criteria.queries import indicators_used
from kieumau.indicators.registry import in_use


def listen() -> None:
    """Leave word with the catalogue; called once, when all apps are there."""
    in_use.append(indicators_used)
