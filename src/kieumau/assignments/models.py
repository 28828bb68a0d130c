"""Where assignments come from (directives, visits), the assignments, and what was said of them.

What happened to an assignment is only added to: its turns, reports and changes of the due day stay
(migration 0002). Overdue is derived from `due_on`, never stored.
"""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from kieumau.assignments.naming import about_in_words
from kieumau.assignments.rules import NEEDS_REASON, OPEN, OVER, WHOLE, Act, Origin, Standing, State, standing
from kieumau.calendars.working_days import day_of
from kieumau.documents.models import Document
from kieumau.kernel.messages import Text
from kieumau.units.models import Unit


class Directive(models.Model):
    """Chỉ đạo: what a conference concluded or a document ordered, from which assignments follow.

    It binds the units below its issuer and is read by everybody who works with assignments. What was put down
    wrongly is put right, never its issuer; `version` rises with every change.
    """

    class Source(models.TextChoices):
        """Hội nghị, văn bản."""

        CONFERENCE = "conference", "conference"
        DOCUMENT = "document", "document"

    source = models.CharField(max_length=10, choices=Source)
    issuer = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=100, blank=True)
    issued_on = models.DateField()
    title = models.CharField(max_length=300)
    text = models.TextField()
    programme = models.CharField(max_length=60, blank=True)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150)

    class Meta:
        db_table = "directive"
        ordering = ("-issued_on", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(source__in=["conference", "document"]), name="directive_source_is_known"
            ),
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="directive_says_something"),
            models.CheckConstraint(
                condition=Q(source="conference") | ~Q(reference=""), name="directive_document_has_a_number"
            ),
        ]

    def __str__(self) -> str:
        return self.reference or self.title


class Visit(models.Model):
    """Đợt kiểm tra: a unit is inspected by another on some days. Nobody is named, only posts.

    One to come is planned: it has found nothing yet. The unit sees what was found. `version` rises with every
    change of what is said.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    leader = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    purpose = models.CharField(max_length=300)
    programme = models.CharField(max_length=60, blank=True)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField(default=1)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150)

    class Meta:
        db_table = "visit"
        ordering = ("-starts_on", "-id")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="visit_lasts_a_day"),
            models.CheckConstraint(condition=~Q(purpose=""), name="visit_has_a_purpose"),
        ]

    def __str__(self) -> str:
        return self.purpose


class Participant(models.Model):
    """Thành phần đoàn kiểm tra: a post and the agency whose post it is; no person is named here."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="participants", db_index=False)
    number = models.PositiveSmallIntegerField()
    post = models.CharField(max_length=200)
    agency = models.CharField(max_length=200)

    class Meta:
        db_table = "visit_participant"
        ordering = ("visit", "number")
        constraints = [
            models.UniqueConstraint(fields=["visit", "number"], name="visit_participant_place"),
            models.CheckConstraint(condition=~Q(post="") & ~Q(agency=""), name="visit_participant_is_a_post"),
        ]

    def __str__(self) -> str:
        return f"{self.post}, {self.agency}"


class Observation(models.Model):
    """Nhận xét kiểm tra: what a visit found under one topic."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="observations", db_index=False)
    number = models.PositiveSmallIntegerField()
    topic = models.CharField(max_length=200)
    text = models.TextField()

    class Meta:
        db_table = "visit_observation"
        ordering = ("visit", "number")
        constraints = [
            models.UniqueConstraint(fields=["visit", "number"], name="visit_observation_place"),
            models.CheckConstraint(
                condition=~Q(topic="") & ~Q(text=""), name="visit_observation_says_something"
            ),
        ]

    def __str__(self) -> str:
        return self.topic


class Conclusion(models.Model):
    """Kết luận kiểm tra: a numbered sentence at the end of a visit, from which assignments follow.

    `settled_why` says why none needs to; empty where nobody said so.
    """

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="conclusions", db_index=False)
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    settled_why = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "visit_conclusion"
        ordering = ("visit", "number")
        constraints = [
            models.UniqueConstraint(fields=["visit", "number"], name="visit_conclusion_place"),
            models.CheckConstraint(condition=~Q(text=""), name="visit_conclusion_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


class Assignment(models.Model):
    """Nhiệm vụ: a unit is to do something until a day, for the unit that gave it.

    `about_kind`, `about_id` name what a higher package knows (a criterion of a dossier), `about_text` says in
    words where it comes from, also to who may not open that. `reported_at` is when it was last reported as
    done, null while it is with its owner. Whoever reported never closes (here, and migration 0002).
    """

    origin = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Origin])
    conclusion = models.ForeignKey(
        Conclusion, on_delete=models.PROTECT, null=True, related_name="assignments"
    )
    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, null=True, related_name="assignments")
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.CharField(max_length=80, blank=True)
    about_text = models.CharField(max_length=500, blank=True)
    text = models.TextField()
    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    giver = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    partners = ArrayField(models.IntegerField(), default=list)
    due_on = models.DateField()
    programme = models.CharField(max_length=60, blank=True)
    state = models.CharField(
        max_length=10, choices=[(one.value, one.value) for one in State], default=State.GIVEN.value
    )
    version = models.PositiveIntegerField(default=1)
    percent = models.PositiveSmallIntegerField(default=0)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=150)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150)
    reported_at = models.DateTimeField(null=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "assignment"
        ordering = ("due_on", "id")
        indexes = [
            models.Index(fields=["owner", "due_on"], name="assignment_owner"),
            models.Index(fields=["giver", "due_on"], name="assignment_giver"),
            models.Index(
                fields=["due_on"], condition=Q(state__in=[one.value for one in OPEN]), name="assignment_open"
            ),
            GinIndex(fields=["partners"], name="assignment_partners"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in State]), name="assignment_state_is_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="assignment_says_what"),
            models.CheckConstraint(condition=Q(percent__lte=WHOLE), name="assignment_share_is_a_share"),
            models.CheckConstraint(
                condition=Q(
                    origin="conclusion", conclusion__isnull=False, directive__isnull=True, about_kind=""
                )
                | Q(origin="directive", directive__isnull=False, conclusion__isnull=True, about_kind="")
                | (
                    Q(origin="criterion", directive__isnull=True, conclusion__isnull=True)
                    & ~Q(about_kind="")
                    & ~Q(about_id="")
                )
                | Q(
                    origin="own", directive__isnull=True, conclusion__isnull=True, about_kind="", about_id=""
                ),
                name="assignment_comes_from_one_place",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["reported", "closed"])
                | Q(reported_at__isnull=False, reported_by__isnull=False),
                name="assignment_is_reported_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, closed_by__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True, closed_by__isnull=True)),
                name="assignment_is_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | ~Q(closed_by=F("reported_by")),
                name="assignment_is_closed_by_another",
            ),
            # The same criterion is not given twice to a unit while it still works on it.
            models.UniqueConstraint(
                fields=["about_kind", "about_id", "owner"],
                condition=~Q(about_kind="") & ~Q(state__in=[one.value for one in OVER]),
                name="assignment_once_about_a_thing",
            ),
            models.UniqueConstraint(
                fields=["conclusion", "owner"],
                condition=Q(conclusion__isnull=False) & ~Q(state__in=[one.value for one in OVER]),
                name="assignment_once_a_conclusion",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def about(self) -> Text:
        """Where it comes from, for a reader."""
        return about_in_words(self.about_text)

    def standing(self, on: date) -> Standing:
        """How it stands on a day."""
        reported_on = day_of(self.reported_at) if self.reported_at else None
        return standing(State(self.state), self.due_on, reported_on, on)


class Turn(models.Model):
    """Diễn biến nhiệm vụ: one act on an assignment, by whom, when and why; only ever added."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="turns", db_index=False)
    version = models.PositiveIntegerField()
    act = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Act])
    state = models.CharField(max_length=10)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        db_table = "assignment_turn"
        ordering = ("assignment", "version")
        constraints = [
            models.UniqueConstraint(fields=["assignment", "version"], name="assignment_turn_place"),
            models.CheckConstraint(
                condition=~Q(act__in=sorted(act.value for act in NEEDS_REASON)) | ~Q(reason=""),
                name="assignment_turn_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id}/{self.version} {self.act}"


class Report(models.Model):
    """Báo cáo thực hiện: what the owner did so far, how much of it, on which documents; only ever added."""

    assignment = models.ForeignKey(
        Assignment, on_delete=models.CASCADE, related_name="reports", db_index=False
    )
    version = models.PositiveIntegerField()
    text = models.TextField()
    percent = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    documents = models.ManyToManyField(Document, related_name="+", db_table="assignment_report_document")

    class Meta:
        db_table = "assignment_report"
        ordering = ("assignment", "version")
        constraints = [
            models.UniqueConstraint(fields=["assignment", "version"], name="assignment_report_place"),
            models.CheckConstraint(condition=~Q(text=""), name="assignment_report_says_something"),
            models.CheckConstraint(condition=Q(percent__lte=WHOLE), name="assignment_report_share"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id}/{self.version}"


class DueChange(models.Model):
    """Gia hạn nhiệm vụ: a later day was asked for, granted or refused, with the reason; only ever added.

    `answers` is the question that a grant or a refusal answers; who gave may grant unasked.
    """

    class Act(models.TextChoices):
        """Xin, đồng ý, không đồng ý."""

        ASK = "ask", "asked"
        GRANT = "grant", "granted"
        REFUSE = "refuse", "refused"

    assignment = models.ForeignKey(
        Assignment, on_delete=models.CASCADE, related_name="due_changes", db_index=False
    )
    version = models.PositiveIntegerField()
    act = models.CharField(max_length=10, choices=Act)
    answers = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="answer")
    due_before = models.DateField()
    due_on = models.DateField()
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        db_table = "assignment_due_change"
        ordering = ("assignment", "version")
        constraints = [
            models.UniqueConstraint(fields=["assignment", "version"], name="assignment_due_change_place"),
            models.CheckConstraint(condition=~Q(reason=""), name="assignment_due_change_says_why"),
            models.CheckConstraint(
                condition=Q(act="ask", answers__isnull=True)
                | Q(act="grant")
                | Q(act="refuse", answers__isnull=False),
                name="assignment_due_change_answers",
            ),
            models.CheckConstraint(condition=Q(due_on__gt=F("due_before")), name="assignment_due_is_later"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id}/{self.version} {self.act}"
