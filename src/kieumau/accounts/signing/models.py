"""Invitations, running sessions and counted tries."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from kieumau.units.models import Unit


class Invitation(models.Model):
    """Lời mời: lets one person, once and until a day, make an account or bind one to an agency's sign-on.

    The link holds 256 random bits, of which the SHA-256 is kept. `roles` are the codes of the roles that
    come with it, over `unit`, in `programme` (empty: all), until `roles_until` (empty: for good).
    """

    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=150)
    email = models.EmailField(blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    roles = models.JSONField(default=list)
    programme = models.CharField(max_length=100, blank=True)
    roles_until = models.DateField(null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "account_invitation"
        ordering = ("-made_at", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="invitation_lasts_a_while"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitation_ends_once"
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="one_open_invitation_for_a_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RunningSession(models.Model):
    """Phiên đăng nhập: one browser that is signed in, as far as its owner needs to tell it from others.

    Of the address only the network's first half is kept, of the browser only its kind.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=60, blank=True)
    network = models.CharField(max_length=50, blank=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "account_running_session"
        ordering = ("-seen_at", "-pk")

    def __str__(self) -> str:
        return f"{self.user_id} {self.device}"


class CountedTries(models.Model):
    """Lần thử: failed tries from one place, known by a fingerprint only, and until when it must wait."""

    key = models.CharField(max_length=64, primary_key=True)
    tries = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "account_counted_tries"
        indexes = [models.Index(fields=["last_at"], name="tries_by_last")]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.tries}"
