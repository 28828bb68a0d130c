"""Units as a part of the installation."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class UnitsConfig(AppConfig):
    """Kinds are rows made from YAML: after every migration they are brought in line with it,
    and what is derived from the tree is made where it is not there yet."""

    name = "kieumau.units"
    label = "units"

    def ready(self) -> None:
        """Connect the loader; models may only be imported once all apps are there."""
        from kieumau.units.actions.mapping import fill_mapping  # noqa: PLC0415 (apps must be ready)
        from kieumau.units.kinds import make_kinds  # noqa: PLC0415 (apps must be ready)
        from kieumau.units.listening import listen  # noqa: PLC0415 (apps must be ready)

        listen()
        post_migrate.connect(make_kinds, sender=self)
        post_migrate.connect(fill_mapping, sender=self)
