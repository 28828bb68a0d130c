"""A column of exact numbers without a fixed precision; it lives with the units, which need it too."""

from kieumau.units.fields import NumericField

__all__ = ["NumericField"]
