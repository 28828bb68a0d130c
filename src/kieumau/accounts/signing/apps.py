"""Signing in and what guards it."""

from django.apps import AppConfig


class SigningConfig(AppConfig):
    """Registers the package and listens to what the sign-in library says has happened."""

    name = "kieumau.accounts.signing"
    label = "signing"

    def ready(self) -> None:
        """Every sign-in and every change to how somebody signs in is written down."""
        from kieumau.accounts.signing.listening import listen  # noqa: PLC0415 (apps must be ready)

        listen()
