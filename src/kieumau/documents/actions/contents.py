"""What lies in the store is there because a row names it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from kieumau.documents.jobs import discard_now_or_later
from kieumau.documents.stores import Store


@contextmanager
def stored_or_nothing(contents: Iterable[str], *, store: Store) -> Iterator[None]:
    """Around a transaction that stores contents: where it fails, those that no file names are discarded."""
    names = list(contents)
    try:
        yield
    except BaseException:
        discard_now_or_later(names, store=store)
        raise
