"""Who signs in."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from kieumau.units.models import Unit


class User(AbstractUser):
    """Người dùng: somebody who signs in. What he may do follows from his grants alone.

    A closed account (`closed_at`) is never opened again and never deleted: its name stands in the log.
    """

    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "account_user"
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(is_active=False), name="closed_account_lets_nobody_in"
            )
        ]


class GrantRows(models.QuerySet["Grant"]):
    """Grants, as questions are asked about them."""

    def in_force(self, on: date) -> Self:
        """Those that count on a day: begun, not run out, not ended by anybody."""
        lasting = Q(ends_before__isnull=True) | Q(ends_before__gt=on)
        return self.filter(lasting, starts_on__lte=on, ended_at__isnull=True)


class Grant(models.Model):
    """Phân quyền: a person holds a role over a unit, from a day until before another, given by somebody.

    `programme` is the code of the only programme in which it counts, empty for all. Whether it counts for
    the units below is said by the role (`library/roles.yaml`). `given_by` is empty where the command line
    gave it. A grant is never deleted or changed: it is ended, with a reason, and stays.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=30)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    programme = models.CharField(max_length=40, blank=True)
    starts_on = models.DateField()
    ends_before = models.DateField(null=True)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    end_reason = models.CharField(max_length=500, blank=True)

    objects = GrantRows.as_manager()

    # Set by `people.grants_listed`.
    unit_name: str
    path: str

    class Meta:
        db_table = "account_grant"
        ordering = ("user", "role", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(given_by__isnull=True) | ~Q(given_by=F("user")), name="grant_is_given_by_another"
            ),
            models.CheckConstraint(
                condition=Q(ends_before__isnull=True) | Q(ends_before__gt=F("starts_on")),
                name="grant_lasts_a_day",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="")
                | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="grant_is_ended_for_a_reason",
            ),
            ExclusionConstraint(
                name="grant_is_held_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("programme", RangeOperators.EQUAL),
                    (
                        Func("starts_on", "ends_before", function="DATERANGE", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.unit_id}"


class Token(models.Model):
    """Mã truy cập: lets a program read through the API until a day, or until it is revoked.

    The token itself is shown once, when it is made, and kept as its SHA-256 only: it is 256 random bits, so
    that nothing slower is needed.
    """

    name = models.CharField(max_length=100, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150, blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "account_token"
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="token_lasts_a_while"
            )
        ]

    def __str__(self) -> str:
        return self.name
