"""A column of exact numbers without a fixed precision."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.checks import CheckMessage
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:  # the stubs make fields generic, Django itself does not
    _DecimalField = models.DecimalField[Decimal | int | None, Decimal | None]
else:
    _DecimalField = models.DecimalField


class NumericField(_DecimalField):
    """PostgreSQL's `numeric` with neither precision nor scale: any exact decimal, stored as it came."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_digits": None, "decimal_places": None, **kwargs})

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Plain `numeric`: Django insists on a precision, the database does not."""
        return "numeric"

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """The checks of a field, without those that ask a decimal for its precision."""
        return [found for found in super().check(**kwargs) if found.id not in {"fields.E130", "fields.E132"}]
