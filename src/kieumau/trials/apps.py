"""Trials of drafts as a part of the installation."""

from django.apps import AppConfig


class TrialsConfig(AppConfig):
    """What a draft would make of past periods, seen before it is issued. Stores nothing of its own."""

    name = "kieumau.trials"
    label = "trials"
