"""Numbers as PostgreSQL reads an array of them."""

from collections.abc import Iterable
from decimal import Decimal


def array_text(numbers: Iterable[int | Decimal | None]) -> str:
    """`{1,2,NULL}`, to be cast to an array: of a long list quicker than adapting it item by item."""
    return "{" + ",".join("NULL" if number is None else str(number) for number in numbers) + "}"
