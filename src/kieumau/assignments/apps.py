"""Assignments as a part of the installation."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy

from kieumau.accounts.row_security import READ_AND_ADDED, limit
from kieumau.units.registry import hanging
from kieumau.web import navigation, work


class AssignmentsConfig(AppConfig):
    """Directives, visits, and what units are to do."""

    name = "kieumau.assignments"
    label = "assignments"

    def ready(self) -> None:
        """Name the list in the menu; let the log know what can be done here."""
        from kieumau.assignments import kinds, verbs  # noqa: F401, PLC0415 (apps must be ready)
        from kieumau.assignments.access import may_look  # noqa: PLC0415 (apps must be ready)
        from kieumau.assignments.awaiting import piles  # noqa: PLC0415 (apps must be ready)
        from kieumau.assignments.hanging import assignments  # noqa: PLC0415 (apps must be ready)

        hanging.append(assignments)
        work.add(30, piles)
        navigation.add("assignments", gettext_lazy("Assignments"), 26, opens_to=may_look)
        navigation.add("visits", gettext_lazy("Inspection visits"), 60, is_main=False, opens_to=may_look)
        navigation.add("directives", gettext_lazy("Directives"), 61, is_main=False, opens_to=may_look)
        limit("directive", "SELECT, INSERT, UPDATE")
        for table in ("assignment_turn", "assignment_report", "assignment_due_change"):
            limit(table, READ_AND_ADDED)
