from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "kieumau.accounts"
    label = "accounts"
