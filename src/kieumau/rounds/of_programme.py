"""The rounds of one programme, for its page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import override

from kieumau.kernel.messages import Text
from kieumau.programmes.listening import Linked
from kieumau.programmes.models import Programme
from kieumau.rounds.models import Round
from kieumau.rounds.overview import readable_rounds
from kieumau.rounds.words import ROUND_STATES, period_label

MOST = 20


def linked(programme: Programme, user: Any) -> list[Linked]:
    """The newest rounds of a programme that a person may open; none for a stranger. One query."""
    if not user.is_authenticated:
        return []
    rows = readable_rounds(user).filter(programme=programme).order_by("-made_at", "-pk")
    return [Linked(one.name, _note(one), reverse("round", args=[one.pk])) for one in rows[:MOST]]


def _note(made: Round) -> Text:
    period, said = period_label(made), {}
    for language in ("vi", "en"):
        with override(language):
            said[language] = f"{period.in_(language)}, {ROUND_STATES[Round.State(made.state)]}"
    return Text(**said)
