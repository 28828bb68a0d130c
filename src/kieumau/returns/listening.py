"""What returns listen to: figures that are about to change, and those that have."""

from kieumau.indicators.registry import after_figures, before_figures
from kieumau.returns.guarding import refused_figures
from kieumau.returns.versions import raise_versions


def listen() -> None:
    """Leave word with the figures; called once, when all apps are there."""
    before_figures.append(refused_figures)
    after_figures.append(raise_versions)
