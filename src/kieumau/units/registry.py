"""Where higher packages leave word that they want to hear when the tree has changed."""

from collections.abc import Callable

# Called inside the transaction that rewrote positions, after it, and only when some row changed.
after_tree_change: list[Callable[[], None]] = []
