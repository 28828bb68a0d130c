"""The log as a part of the installation."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Registers the package with Django."""

    name = "kieumau.audit"
    label = "audit"
