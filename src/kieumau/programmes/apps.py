"""Programmes, their bodies, plans, targets and money."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy

from kieumau.web import navigation


class ProgrammesConfig(AppConfig):
    """Registers the package with Django."""

    name = "kieumau.programmes"
    label = "programmes"

    def ready(self) -> None:
        """Name its page in the menu; let the log know what can be done here."""
        from kieumau.accounts import registry as accounts  # noqa: PLC0415 (apps must be ready)
        from kieumau.programmes import verbs  # noqa: F401, PLC0415 (apps must be ready)
        from kieumau.programmes.queries import names  # noqa: PLC0415 (apps must be ready)

        accounts.programmes.append(names)

        navigation.add("programmes", gettext_lazy("Programmes"), 22)
