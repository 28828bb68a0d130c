"""Notices, and how people want to be told."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                ("unit_id", models.IntegerField(null=True)),
                ("key", models.CharField(max_length=200)),
                ("text_vi", models.CharField(max_length=500)),
                ("text_en", models.CharField(max_length=500)),
                ("url", models.CharField(max_length=300)),
                ("made_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("mailed_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "notice",
                "ordering": ("-made_at", "-id"),
                "indexes": [
                    models.Index(fields=["person", "-made_at"], name="notice_inbox"),
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)), fields=["person"], name="notice_unread"
                    ),
                    models.Index(
                        condition=models.Q(("mailed_at__isnull", True)),
                        fields=["person"],
                        name="notice_unmailed",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "key"), name="notice_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url__startswith", "/"), models.Q(("url__startswith", "//"), _negated=True)
                        ),
                        name="notice_leads_nowhere_else",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mail",
                    models.CharField(
                        choices=[("never", "never"), ("daily", "daily"), ("at_once", "at_once")],
                        default="daily",
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(default="vi", max_length=2)),
                ("quiet_from", models.TimeField(blank=True, null=True)),
                ("quiet_until", models.TimeField(blank=True, null=True)),
                (
                    "muted",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("mailed_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notice_preference",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "notice_preference",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mail__in", ["never", "daily", "at_once"])),
                        name="notice_preference_is_known",
                    )
                ],
            },
        ),
    ]
