"""Who signs in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registers the package with Django."""

    name = "kieumau.accounts"
    label = "accounts"
