"""Where higher packages leave word: which version of a set units were judged by last."""

from collections.abc import Callable

# Each gives the id of the version that was used last to judge a unit, or None.
judged_last: list[Callable[[], int | None]] = []
