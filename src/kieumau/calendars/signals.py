"""Keeps the period rows in line with the calendar files after each migration."""

from typing import Any

from django.db import connection

from kieumau.calendars.actions import load_calendars
from kieumau.calendars.models import Period


def make_periods(**_: Any) -> None:
    """Load the calendars, unless the tables are gone (a migration backwards sends the signal too)."""
    if Period._meta.db_table in connection.introspection.table_names():
        load_calendars()
