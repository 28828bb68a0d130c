"""Documents as a part of the installation."""

from django.apps import AppConfig

from kieumau.accounts.row_security import READ_AND_ADDED, limit


class DocumentsConfig(AppConfig):
    """The shelves of units."""

    name = "kieumau.documents"
    label = "documents"

    def ready(self) -> None:
        """Let the log know what can be done here."""
        from kieumau.documents import verbs  # noqa: F401, PLC0415 (apps must be ready)

        limit("document_reading", READ_AND_ADDED)
