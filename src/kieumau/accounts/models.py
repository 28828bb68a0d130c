"""Who signs in."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """Người dùng: somebody who signs in. Roles and scope come with the accounts issue."""

    class Meta:
        db_table = "account_user"


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
