"""What returns listen to: figures that are about to change."""

from kieumau.indicators.registry import before_figures
from kieumau.returns.guarding import refused_figures


def listen() -> None:
    """Leave word with the figures; called once, when all apps are there."""
    before_figures.append(refused_figures)
