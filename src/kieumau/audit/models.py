"""The log, and rows as they were. Nothing here points at other tables: it survives what it describes.

The tables of the log are made by SQL in the first migration, not by Django: `flush` empties what Django
manages, and the log is not to be emptied. The database refuses UPDATE, DELETE and TRUNCATE on these three.
"""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Entry(models.Model):
    """Nhật ký: one action: who, what, for which unit and object, old and new, why.

    `actor_id` and `object_id` are text, so that any kind of key fits; names are those of the moment. `old`
    and `new` hold what changed, numbers as text, and no personal data: the only person is the actor.
    `at` is what the action says; when the database chained the entry stands in its `Link`.
    """

    at = models.DateTimeField()
    actor_id = models.TextField(blank=True)
    actor_name = models.TextField(blank=True)
    unit_id = models.BigIntegerField(null=True)
    object_kind = models.TextField(blank=True)
    object_id = models.TextField(blank=True)
    object_name = models.TextField(blank=True)
    verb = models.TextField()
    old = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    new = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    why = models.TextField(blank=True)
    request_id = models.TextField(blank=True)

    class Meta:
        db_table = "audit_entry"
        managed = False
        default_permissions = ()
        permissions = [("read", "May read the log")]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_kind}:{self.object_id}"


class Link(models.Model):
    """Mắt xích: the place of an entry in the chain, written by the database when the action commits.

    `hash` is the SHA-256 of the link before it and of the whole entry (`audit_hash` in the database);
    numbers are 1, 2, 3 … without gaps, in the order of the commits.
    """

    number = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    chained_at = models.DateTimeField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_link"
        managed = False
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.number}:{bytes(self.hash).hex()}"


class Anchor(models.Model):
    """Mốc neo: the last link of a day, written by the database with the first link of a later one.

    A copy kept elsewhere proves that nothing before it was changed since, whoever owns the database.
    """

    day = models.DateField(primary_key=True)
    number = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_anchor"
        managed = False
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.day} {self.number}:{bytes(self.hash).hex()}"


class Past(models.Model):
    """Bản ghi cũ: a row of a kept table as it was from `recorded_at` until it was changed or removed.

    Written by triggers alone; read through the views of the schema `known` (`past`).
    """

    id = models.BigAutoField(primary_key=True)
    relation = models.TextField()
    recorded_at = models.DateTimeField()
    gone_at = models.DateTimeField()
    row = models.JSONField()

    class Meta:
        db_table = "past_row"
        default_permissions = ()
        indexes = [models.Index(fields=["relation", "gone_at"], name="past_row_gone")]

    def __str__(self) -> str:
        return f"{self.relation} {self.recorded_at:%Y-%m-%d}–{self.gone_at:%Y-%m-%d}"
