"""The log as a part of the installation."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AuditConfig(AppConfig):
    """The log reads the verbs of every package."""

    name = "kieumau.audit"
    label = "audit"

    def ready(self) -> None:
        """Know every verb, also of packages in which nothing was done yet."""
        autodiscover_modules("verbs")
