"""The frame of every page."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Templates, components, tags and the message catalogue."""

    name = "kieumau.web"
    label = "web"
