"""What the log says since a test began: it is never emptied, so that other tests' entries stand in it."""

from django.db.models import QuerySet

from kieumau.audit.models import Entry


class Log:
    """The entries written since it was made."""

    def __init__(self) -> None:
        last = Entry.objects.order_by("pk").last()
        self._before = last.pk if last else 0

    def entries(self) -> QuerySet[Entry]:
        """In their order."""
        return Entry.objects.filter(pk__gt=self._before).order_by("pk")

    def verbs(self) -> list[str]:
        """Their verbs."""
        return list(self.entries().values_list("verb", flat=True))
