"""Criteria sets as a part of the installation."""

from django.apps import AppConfig


class CriteriaConfig(AppConfig):
    """Criteria sets as immutable versions; registers the package with Django."""

    name = "kieumau.criteria"
    label = "criteria"
