from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "kieumau.home"
    label = "home"
