"""The inbox."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Registers the package with Django."""

    name = "kieumau.notices"
    label = "notices"

    def ready(self) -> None:
        """Leave word with the frame; models may only be imported once all apps are there."""
        from kieumau.notices.listening import listen  # noqa: PLC0415 (apps must be ready)

        listen()
