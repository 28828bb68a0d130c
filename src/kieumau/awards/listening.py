"""What titles leave word of: who holds them, a decision to record on a dossier, the title it led to."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from kieumau.awards.access import may_recognize
from kieumau.awards.models import Title
from kieumau.awards.queries import holders_of
from kieumau.programmes.listening import titles_held
from kieumau.rounds.models import Dossier
from kieumau.rounds.offers import offer
from kieumau.rounds.rules import State


def listen() -> None:
    """Tell programmes who holds their titles; offer the way from a dossier to its decision and title."""
    titles_held.append(holders_of)
    offer(_on_dossier)


def _on_dossier(user: Any, dossier: Dossier) -> Iterator[tuple[str, str]]:
    has_title = dossier.round.programme is not None
    if has_title and dossier.state == State.CONCLUDED and may_recognize(user, dossier):
        yield gettext("Record the decision"), reverse("dossier_decision", args=[dossier.pk])
    if dossier.state == State.DECIDED:
        title = Title.objects.filter(dossier=dossier).values_list("pk", flat=True).first()
        if title is not None:
            yield gettext("The title that it led to"), reverse("title", args=[title])
