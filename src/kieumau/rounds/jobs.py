"""What is done in the background: preparing a round, however often its worker dies on the way."""

from django.utils import timezone
from procrastinate.contrib.django import app

from kieumau.rounds.actions.open import prepare


@app.task(queue="rounds", retry=5)
def prepare_round(round_id: int) -> None:
    """Prepare and open a round; see `actions.open.prepare`."""
    prepare(round_id, now=timezone.now())
