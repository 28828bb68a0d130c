"""What is done in the background: the checks over the whole store, asked for from the page or by the demo."""

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from kieumau.quality.actions import sweep


@app.task(queue="quality", queueing_lock="quality")
def check_store(by: str) -> None:
    """Run every check; see `actions.sweep`."""
    sweep(actor=by, now=timezone.now())


def check_soon(by: str) -> bool:
    """Leave the job for the next worker; False where one waits already."""
    try:
        with transaction.atomic():
            check_store.defer(by=by)
    except AlreadyEnqueued:
        return False
    return True
