from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "kieumau.units"
    label = "units"
