"""Forms, who owes them, and the returns.

A form's version never changes: a changed file is the next version. What was opened for a period
(`Deadline` and its `Return` rows) is fixed then: later changes of obligations, of days off or of the tree
never touch a past rate. Where a return stood at any moment follows from its `Step` rows alone, which are
only ever added (migration 0002 keeps them so, and keeps the figures of a submitted return).
"""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from kieumau.calendars.models import Period
from kieumau.calendars.working_days import ONE_DAY, day_of
from kieumau.indicators.models import Indicator
from kieumau.returns.rules import STORED, State
from kieumau.units.models import Level, Unit


class Form(models.Model):
    """Biểu mẫu báo cáo: a set of indicators that units send together for one kind of period."""

    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    catalogue = models.CharField(max_length=40)
    title_vi = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200)
    source = models.TextField()
    verification = models.CharField(max_length=20)
    calendar = models.CharField(max_length=40)
    period_kind = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=150, blank=True)

    class Meta:
        db_table = "return_form"
        ordering = ("code", "-version")
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="form_version_once")]

    def __str__(self) -> str:
        return f"{self.code}/{self.version}"


class FormItem(models.Model):
    """Dòng của biểu mẫu: one indicator of a form, in its group."""

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="items", db_index=False)
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    group_vi = models.CharField(max_length=200)
    group_en = models.CharField(max_length=200)

    class Meta:
        db_table = "return_form_item"
        ordering = ("form", "position")
        constraints = [
            models.UniqueConstraint(fields=["form", "indicator"], name="form_asks_once"),
            models.UniqueConstraint(fields=["form", "position"], name="form_item_has_its_place"),
        ]

    def __str__(self) -> str:
        return f"{self.form_id}/{self.position}"


class Obligation(models.Model):
    """Nghĩa vụ báo cáo: units of a level (and kinds, if any are named) owe a form from one day to another.

    Days are counted in working days from the cut-off; `kinds` empty means every kind, `numbers` (which
    months of the year, say) empty means every period. A period is owed if its last day lies in the range.
    """

    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="obligations")
    register = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField(choices=Level)
    kinds = ArrayField(models.CharField(max_length=40), default=list)
    numbers = ArrayField(models.PositiveSmallIntegerField(), default=list)
    starts_on = models.DateField()
    ends_before = models.DateField(null=True)
    due_working_days = models.PositiveSmallIntegerField()
    lock_working_days = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "return_obligation"
        ordering = ("form", "level", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(due_working_days__gte=1), name="obligation_leaves_a_working_day"
            ),
            models.CheckConstraint(
                condition=Q(lock_working_days__gte=F("due_working_days")), name="obligation_due_before_locked"
            ),
            models.CheckConstraint(
                condition=Q(ends_before__isnull=True) | Q(ends_before__gt=F("starts_on")),
                name="obligation_lasts_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form_id}/{self.get_level_display()}"


class Deadline(models.Model):
    """Hạn báo cáo: when one period of one obligation opens, is due and is locked; fixed when opened."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="deadlines")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+")
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    locks_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=150, blank=True)

    class Meta:
        db_table = "return_deadline"
        ordering = ("-opens_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["obligation", "period"], name="deadline_once_per_period"),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("due_at")) & Q(due_at__lte=F("locks_at")),
                name="deadline_opens_is_due_locks",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id}/{self.period_id}"

    @property
    def due_on(self) -> date:
        """The due day: the last one that is in time."""
        return day_of(self.due_at) - ONE_DAY

    @property
    def locks_on(self) -> date:
        """The last day before the lock."""
        return day_of(self.locks_at) - ONE_DAY


class Return(models.Model):
    """Báo cáo số liệu: what one unit owes for one period by one form, and how far it is.

    `path` and `province` are where the unit stood on the period's last day, as known when the return was
    opened. `is_owed` is false for a return that was added after it fell due: it counts in no rate.
    `locks_at` is the deadline's, or later where somebody unlocked this return. `version` rises with
    every change, of the figures too.
    """

    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="returns", db_index=False)
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="+", db_index=False)
    form_code = models.CharField(max_length=40)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    path = models.CharField(max_length=200, db_collation="C")
    province = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(
        max_length=10, default=State.DRAFT.value, choices=[(state, state) for state in STORED]
    )
    is_owed = models.BooleanField(default=True)
    locks_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        db_table = "figure_return"
        ordering = ("-period", "unit")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "period", "form_code"], name="return_once_per_unit_and_period"
            ),
            models.UniqueConstraint(fields=["deadline", "path"], name="return_once_per_place"),
            models.CheckConstraint(condition=Q(state__in=STORED), name="return_state_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=["submitted", "accepted"], submitted_at__isnull=False)
                & Q(submitted_by__isnull=False)
                | Q(state__in=["draft", "sent_back"], submitted_at__isnull=True, submitted_by__isnull=True),
                name="return_is_submitted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", accepted_by__isnull=False)
                | (~Q(state="accepted") & Q(accepted_by__isnull=True)),
                name="return_is_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by__isnull=True) | ~Q(accepted_by=F("submitted_by")),
                name="return_is_accepted_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form_code}/{self.period_id}/{self.unit_id}"


class Step(models.Model):
    """Diễn biến báo cáo: one act on a return, who did it, when and why; only ever added.

    `state` is the stored state after the act. Steps of a return never go back in time.
    """

    report = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="steps", db_index=False)
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    at = models.DateTimeField()
    by = models.CharField(max_length=150, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "return_step"
        ordering = ("report", "number")
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="return_step_has_its_place"),
            models.CheckConstraint(
                condition=~Q(act__in=["send_back", "unlock"]) | ~Q(reason=""), name="return_step_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}/{self.number} {self.act}"


class Reminder(models.Model):
    """Nhắc báo cáo: one reminder to be sent, once for each return and reason."""

    class Kind(models.TextChoices):
        """Nhắc trước hạn, nhắc quá hạn."""

        DUE_SOON = "due_soon", "due soon"
        OVERDUE = "overdue", "overdue"

    report = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="reminders", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    made_on = models.DateField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "return_reminder"
        ordering = ("made_on", "id")
        constraints = [models.UniqueConstraint(fields=["report", "kind"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.kind}"
