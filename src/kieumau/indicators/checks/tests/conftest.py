"""The small country for every test of this package."""

from kieumau.indicators.tests.conftest import country

__all__ = ["country"]
