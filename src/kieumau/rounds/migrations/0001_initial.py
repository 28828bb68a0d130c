"""Rounds with their deadlines and teams; dossiers with findings, evidence, moves and votes."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import kieumau.assessments.rules
import kieumau.rounds.rules


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("calendars", "0002_special_days"),
        ("criteria", "0005_kept_texts"),
        ("documents", "0002_guards"),
        ("programmes", "0001_initial"),
        ("units", "0006_record_act"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "nation"), (1, "province"), (2, "district"), (3, "commune")], default=3
                    ),
                ),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                (
                    "only",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                (
                    "stages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            choices=[(1, "baseline"), (2, "self"), (3, "verification"), (4, "appraisal")]
                        ),
                        size=None,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("preparing", "being prepared"), ("open", "open"), ("closed", "closed")],
                        default="preparing",
                        max_length=10,
                    ),
                ),
                ("expected_count", models.PositiveIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=150)),
                ("opened_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"
                    ),
                ),
                (
                    "criteria_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="criteria.criteriaset",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="calendars.period"
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "db_table": "round",
                "ordering": ("-made_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stage",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "baseline"), (2, "self"), (3, "verification"), (4, "appraisal")]
                    ),
                ),
                ("path", models.CharField(db_collation="C", max_length=200)),
                ("due_on", models.DateField()),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                (
                    "area",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extensions",
                        to="rounds.round",
                    ),
                ),
            ],
            options={
                "db_table": "round_extension",
                "ordering": ("round", "at"),
            },
        ),
        migrations.CreateModel(
            name="Dossier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(db_collation="C", max_length=200)),
                (
                    "stage",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "baseline"), (2, "self"), (3, "verification"), (4, "appraisal")]
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("sent_back", "sent_back"),
                            ("concluded", "concluded"),
                            ("decided", "decided"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("due_until", models.DateField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("frozen", models.JSONField(null=True)),
                ("frozen_sha256", models.CharField(blank=True, max_length=64)),
                (
                    "province",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.unit"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dossiers",
                        to="rounds.round",
                    ),
                ),
            ],
            options={
                "db_table": "dossier",
                "ordering": ("round", "path"),
            },
        ),
        migrations.CreateModel(
            name="StageDeadline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stage",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "baseline"), (2, "self"), (3, "verification"), (4, "appraisal")]
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "nation"), (1, "province"), (2, "district"), (3, "commune")], default=3
                    ),
                ),
                ("due_on", models.DateField()),
                (
                    "round",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deadlines",
                        to="rounds.round",
                    ),
                ),
            ],
            options={
                "db_table": "round_deadline",
                "ordering": ("round", "stage", "level"),
            },
        ),
        migrations.CreateModel(
            name="StageFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "stage",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "baseline"), (2, "self"), (3, "verification"), (4, "appraisal")]
                    ),
                ),
                (
                    "outcome",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "met"),
                            (2, "not_met"),
                            (3, "not_due"),
                            (4, "not_applicable"),
                            (5, "no_data"),
                            (6, "not_judged"),
                        ]
                    ),
                ),
                ("points", models.DecimalField(decimal_places=3, max_digits=9, null=True)),
                ("remark", models.TextField(blank=True)),
                ("is_measured", models.BooleanField(default=False)),
                ("about", models.PositiveIntegerField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("at", models.DateTimeField()),
                (
                    "criterion",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="criteria.criterion",
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="rounds.dossier",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "dossier_finding",
                "ordering": ("dossier", "stage", "criterion"),
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "area",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                    ),
                ),
                (
                    "criteria",
                    models.ManyToManyField(
                        db_table="round_team_criterion", related_name="+", to="criteria.criterion"
                    ),
                ),
                (
                    "people",
                    models.ManyToManyField(
                        db_table="round_team_person", related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="teams",
                        to="rounds.round",
                    ),
                ),
            ],
            options={
                "db_table": "round_team",
                "ordering": ("round", "name"),
            },
        ),
        migrations.CreateModel(
            name="Vote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("council", models.CharField(max_length=200)),
                ("held_on", models.DateField()),
                ("members", models.PositiveSmallIntegerField()),
                ("in_favor", models.PositiveSmallIntegerField()),
                ("against", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                (
                    "dossier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="votes",
                        to="rounds.dossier",
                    ),
                ),
                (
                    "minutes",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.document",
                    ),
                ),
            ],
            options={
                "db_table": "dossier_vote",
                "ordering": ("dossier", "held_on", "id"),
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("added_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("pending", "pending"), ("accepted", "accepted"), ("refused", "refused")],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("looked_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="criteria.criterion",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.document"
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="rounds.dossier",
                    ),
                ),
                (
                    "looked_at_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "dossier_evidence",
                "ordering": ("dossier", "criterion", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dossier", "criterion", "document"), name="dossier_evidence_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("looked_at__isnull", True),
                                ("looked_at_by__isnull", True),
                                ("state", "pending"),
                            ),
                            models.Q(
                                models.Q(("state", "pending"), _negated=True),
                                ("looked_at__isnull", False),
                                ("looked_at_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="dossier_evidence_is_looked_at_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("looked_at_by__isnull", True),
                            models.Q(("looked_at_by", models.F("added_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="dossier_evidence_is_looked_at_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="dossier_evidence_refused_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "side",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "unit"), (2, "verifiers"), (3, "appraisers")]
                    ),
                ),
                (
                    "dossier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hands",
                        to="rounds.dossier",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "dossier_hand",
                "ordering": ("dossier", "side", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("dossier", "person"), name="dossier_one_side_a_person"),
                    models.UniqueConstraint(fields=("dossier", "person", "side"), name="dossier_hand_side"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Move",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("act", models.CharField(max_length=10)),
                (
                    "stage",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "baseline"), (2, "self"), (3, "verification"), (4, "appraisal")]
                    ),
                ),
                ("state", models.CharField(max_length=10)),
                (
                    "criteria",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=150)),
                (
                    "dossier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moves",
                        to="rounds.dossier",
                    ),
                ),
            ],
            options={
                "db_table": "dossier_move",
                "ordering": ("dossier", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("dossier", "number"), name="dossier_move_has_its_place"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("act", "send_back"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="dossier_move_says_why",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("stages__contains", [kieumau.rounds.rules.Stage["SELF"]])),
                name="round_has_self_stage",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("stages__contained_by", [1, 2, 3, 4])), name="round_stages_are_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="round_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("opened_at__isnull", True), ("state", "preparing")),
                    models.Q(models.Q(("state", "preparing"), _negated=True), ("opened_at__isnull", False)),
                    _connector="OR",
                ),
                name="round_opened_at_a_moment",
            ),
        ),
        migrations.AddIndex(
            model_name="extension",
            index=models.Index(fields=["round", "stage"], name="round_extension_stage"),
        ),
        migrations.AddConstraint(
            model_name="extension",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="round_extension_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="dossier",
            constraint=models.UniqueConstraint(fields=("round", "unit"), name="dossier_once_per_unit"),
        ),
        migrations.AddConstraint(
            model_name="dossier",
            constraint=models.UniqueConstraint(fields=("round", "path"), name="dossier_once_per_place"),
        ),
        migrations.AddConstraint(
            model_name="dossier",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "sent_back", "concluded", "decided"])),
                name="dossier_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="dossier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "sent_back"), _negated=True),
                    ("stage", kieumau.rounds.rules.Stage["SELF"]),
                    _connector="OR",
                ),
                name="dossier_is_sent_back_to_its_unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="dossier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stage__lt", kieumau.rounds.rules.Stage["VERIFICATION"]),
                    models.Q(("submitted_at__isnull", False), ("frozen__isnull", False)),
                    _connector="OR",
                ),
                name="dossier_is_frozen_when_submitted",
            ),
        ),
        migrations.AddConstraint(
            model_name="stagedeadline",
            constraint=models.UniqueConstraint(
                fields=("round", "stage", "level"), name="round_deadline_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="stagefinding",
            constraint=models.UniqueConstraint(
                fields=("dossier", "stage", "criterion"), name="dossier_finding_once_a_stage"
            ),
        ),
        migrations.AddConstraint(
            model_name="stagefinding",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", [1, 2, 3, 4, 5, 6])),
                name="dossier_finding_outcome_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="stagefinding",
            constraint=models.CheckConstraint(
                condition=models.Q(("person__isnull", False), ("is_measured", True), _connector="OR"),
                name="dossier_finding_is_said_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="stagefinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", kieumau.assessments.rules.Outcome["NOT_APPLICABLE"]), _negated=True),
                    ("is_measured", True),
                    models.Q(("remark", ""), _negated=True),
                    _connector="OR",
                ),
                name="dossier_finding_says_why_it_does_not_apply",
            ),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(fields=("round", "area", "name"), name="round_team_name_once"),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="round_team_has_a_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.CheckConstraint(
                condition=models.Q(("members__gte", 1)), name="dossier_vote_has_members"
            ),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "members__gte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("in_favor"), "+", models.F("against")
                        ),
                    )
                ),
                name="dossier_vote_adds_up",
            ),
        ),
    ]
