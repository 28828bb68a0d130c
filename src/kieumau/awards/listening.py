"""What titles leave word of: a decision to record on a dossier, and the title that it led to."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from kieumau.awards.access import may_recognize
from kieumau.awards.models import Title
from kieumau.rounds.models import Dossier
from kieumau.rounds.offers import offer
from kieumau.rounds.rules import State


def listen() -> None:
    """Offer the way to a decision, and back from a dossier to its title."""
    offer(_on_dossier)


def _on_dossier(user: Any, dossier: Dossier) -> Iterator[tuple[str, str]]:
    if dossier.state == State.CONCLUDED and may_recognize(user, dossier):
        yield gettext("Record the decision"), reverse("dossier_decision", args=[dossier.pk])
    if dossier.state == State.DECIDED:
        title = Title.objects.filter(dossier=dossier).values_list("pk", flat=True).first()
        if title is not None:
            yield gettext("The title that it led to"), reverse("title", args=[title])
