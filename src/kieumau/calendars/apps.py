from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "kieumau.calendars"
    label = "calendars"
