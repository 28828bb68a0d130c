"""What is done in the background: letting go of contents when the store was away as they should have gone."""

import logging
from collections.abc import Iterable

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from kieumau.documents.discarding import discard_unused
from kieumau.documents.installation import store as store_of_installation
from kieumau.documents.stores import Store, StoreFails

logger = logging.getLogger(__name__)
AWAY = (StoreFails, OSError)


@app.task(
    queue="files",
    retry=RetryStrategy(max_attempts=150, linear_wait=60, retry_exceptions=AWAY),  # about a week
)
def discard_contents(contents: list[str]) -> None:
    """Discard what no file names by now; again, a minute later each time, until the store answers."""
    discard_unused(contents, store=store_of_installation())


def discard_now_or_later(contents: Iterable[str], *, store: Store) -> None:
    """Discard what no file names any more; where the store is away leave it for a job, and fail nobody."""
    names = sorted(set(contents))
    try:
        discard_unused(names, store=store)
    except AWAY:
        logger.exception("the store did not discard a file; a job tries again")
        discard_contents.defer(contents=names)
