"""Keeps the period rows in line with the calendar files after each migration."""

from typing import Any

from kieumau.calendars.actions import load_calendars


def make_periods(**_: Any) -> None:
    """Load the calendars; the signal's arguments do not matter."""
    load_calendars()
