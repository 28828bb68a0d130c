"""What people were told, and how they want to be told."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kieumau.notices.rules import Mail


class Notice(models.Model):
    """Thông báo: one person is told one thing, once. It stays for a year after it was read.

    `mailed_at` is when it was mailed, or when it was settled that it is not (muted, read, refused too often).
    `key` keeps the same thing from being told twice to one person; `unit_id` is the unit it is about. It
    holds no more than the thing's own page shows.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices", db_index=False
    )
    kind = models.CharField(max_length=60)
    unit_id = models.IntegerField(null=True)
    key = models.CharField(max_length=200)
    text_vi = models.CharField(max_length=500)
    text_en = models.CharField(max_length=500)
    url = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notice"
        ordering = ("-made_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="notice_once"),
            models.CheckConstraint(
                condition=Q(url__startswith="/") & ~Q(url__startswith="//"), name="notice_leads_nowhere_else"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-made_at"], name="notice_inbox"),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["person"], condition=Q(mailed_at__isnull=True), name="notice_unmailed"),
        ]

    def __str__(self) -> str:
        return self.key


class Preference(models.Model):
    """Tùy chọn thông báo: whether and when a person gets mail, in which language, and of which kinds none.

    `failures` counts mails refused one after the other; nothing is sent to the person before `retry_at`.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preference"
    )
    mail = models.CharField(
        max_length=10, choices=[(one.value, one.value) for one in Mail], default=Mail.DAILY.value
    )
    language = models.CharField(max_length=2, default="vi")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    muted = ArrayField(models.CharField(max_length=60), default=list)
    mailed_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notice_preference"
        constraints = [
            models.CheckConstraint(
                condition=Q(mail__in=[one.value for one in Mail]), name="notice_preference_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.mail}"
