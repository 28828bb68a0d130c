"""Lots: what a draw's seed is made of, settled before anything can be drawn. Plain Python.

A round gets a secret when it is put down. Hashed over and over it gives a chain: the last link is the
commitment, which everybody sees from the beginning; the first draw reveals the link before it, the second
the one before that. Whoever has a link can hash his way to the commitment, nobody can go the other way.
"""

import hashlib
import secrets

MOST_DRAWS = 100


def fresh() -> str:
    """A secret: 64 hex digits."""
    return secrets.token_hex(32)


def commitment(secret: str) -> str:
    """What is shown from the beginning."""
    return _hashed(secret, MOST_DRAWS)


def revealed(secret: str, number: int) -> str:
    """What the draw of that number (from 1) reveals. Raises `ValueError` beyond the last."""
    if not 1 <= number <= MOST_DRAWS:
        raise ValueError(f"a round has draws 1 to {MOST_DRAWS}, not {number}")
    return _hashed(secret, MOST_DRAWS - number)


def belongs(lot: str, number: int, to: str) -> bool:
    """Is that what the draw of that number had to reveal, by the commitment?"""
    return _hashed(lot, number) == to


def _hashed(text: str, times: int) -> str:
    for _ in range(times):
        text = hashlib.sha256(text.encode()).hexdigest()
    return text
