"""Units with a lasting identity, what they were called when, and the acts that changed them.

Facts: `Term` (what a unit was from one day to another), `Change` and `Lineage` (which unit came from
which). Derived: `Position` (the path in the tree for every stretch of time), rebuilt from the facts
by `actions.rebuild_positions` and never edited.
"""

from datetime import date
from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models
from django.db.models import F, Q

from kieumau.units.fields import NumericField


class Level(models.IntegerChoices):
    """Cấp: how high a unit stands. London's city, boroughs and wards use the same levels."""

    NATION = 0, "nation"
    PROVINCE = 1, "province"
    DISTRICT = 2, "district"
    COMMUNE = 3, "commune"


class Kind(models.Model):
    """Loại đơn vị: xã, phường, đặc khu, tỉnh, thành phố; ward, borough. Given in library/kinds.yaml.

    `full_vi` and `full_en` make a full name out of a short one: “Phường {name}”, “{name} Ward”.
    """

    code = models.CharField(max_length=40, primary_key=True)
    level = models.PositiveSmallIntegerField(choices=Level)
    name_vi = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    full_vi = models.CharField(max_length=100, default="{name}")
    full_en = models.CharField(max_length=100, default="{name}")

    class Meta:
        db_table = "unit_kind"

    def __str__(self) -> str:
        return self.code


class Unit(models.Model):
    """Đơn vị: a lasting identity. A code is not an identity: codes live in `Term`.

    `key` names the unit for loaders, once and for ever (`vn/26506@2025-07-01`); nobody types it.
    `register` tells whose codes its terms use (`vn`, `gss`). A unit whose creation was undone stays
    without terms, so that figures sent for it find it again when the act is recorded anew.
    """

    id = models.AutoField(primary_key=True)
    key = models.CharField(max_length=100, unique=True)
    register = models.CharField(max_length=20)

    class Meta:
        db_table = "unit"

    def __str__(self) -> str:
        return self.key


class Change(models.Model):
    """Sáp nhập, chia tách, đổi tên: a dated act that made units out of units.

    `reference` is the legal document, `key` the act's lasting name for loaders. `is_recorded` marks
    an act that a person recorded here; loading a file again never overrules it.
    """

    key = models.CharField(max_length=100, unique=True)
    takes_effect_on = models.DateField()
    reference = models.CharField(max_length=200, blank=True)
    summary_vi = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    is_recorded = models.BooleanField(default=False)

    class Meta:
        db_table = "unit_change"
        ordering = ("takes_effect_on", "key")
        permissions = [("record_act", "May record and undo acts that change units")]

    def __str__(self) -> str:
        return self.key

    @property
    def called(self) -> str:
        """What people call it: the number of the decision; of an act without one, its lasting name."""
        return self.reference or self.key


class Term(models.Model):
    """Đơn vị trong một thời gian: code, name, kind and parent from one day up to another.

    The name is short (“An Bình”); `full_name` puts the kind to it. The terms of the parent cover the
    whole range (a deferred trigger checks it).
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="terms")
    register = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    kind = models.ForeignKey(Kind, on_delete=models.PROTECT, db_index=False)
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="child_terms")
    valid = DateRangeField()
    begun_by = models.ForeignKey(Change, on_delete=models.PROTECT, null=True, related_name="begun_terms")
    ended_by = models.ForeignKey(Change, on_delete=models.PROTECT, null=True, related_name="ended_terms")
    sort_key = models.TextField(db_collation="C")
    search_key = models.TextField(db_collation="C")

    # Set by `queries.terms` and everything built on it, from the position on the day asked for.
    path: str
    level: int
    province_id: int | None
    # Set by `queries.predecessors` and `successors`.
    share: Decimal
    basis: str
    change_key: str
    reference: str
    takes_effect_on: date

    class Meta:
        db_table = "unit_term"
        constraints = [
            ExclusionConstraint(
                name="unit_has_one_term_at_a_time",
                expressions=[("unit", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
            ExclusionConstraint(
                name="unit_code_means_one_unit_at_a_time",
                expressions=[
                    ("register", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid__isempty=False) & Q(valid__lower_inf=False), name="unit_term_lasts_a_day"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("unit")), name="unit_is_not_its_own_parent"
            ),
        ]
        indexes = [
            models.Index(fields=["register", "code"], name="unit_term_code"),
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="unit_term_search"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    def full_name(self, language: str = "vi") -> str:
        """The name with its kind, “Phường An Bình” or “An Bình Ward”. Reads the kind: select it along."""
        pattern = self.kind.full_en if language.startswith("en") else self.kind.full_vi
        around = pattern.replace("{name}", "").strip()
        return self.name if around and self.name.startswith(around) else pattern.format(name=self.name)


class Position(models.Model):
    """Vị trí trong cây: the path from the root for a stretch of time; derived from the terms.

    `path` is the ids from the root down, each followed by a dot (`1.35.9021.`), so that a subtree is
    a prefix. `province` is the ancestor (or self) at level PROVINCE, whose totals the unit's figures
    count in. Null where there is none, as for the root; figures of a commune then count in the unit
    right below the root that it is or stands in (`indicators`).
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="positions")
    valid = DateRangeField()
    path = models.CharField(max_length=200, db_collation="C")
    level = models.PositiveSmallIntegerField(choices=Level)
    root = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    province = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)

    class Meta:
        db_table = "unit_position"
        constraints = [
            ExclusionConstraint(
                name="unit_stands_in_one_place_at_a_time",
                expressions=[("unit", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
        ]
        indexes = [
            models.Index(fields=["path"], name="unit_position_path"),
            models.Index(fields=["province", "level"], name="unit_position_province"),
            # The one of the constraint takes four times as long to ask whether a unit is in force.
            models.Index(fields=["unit", "valid"], name="unit_position_unit"),
            GistIndex(fields=["valid"], name="unit_position_valid"),
        ]

    def __str__(self) -> str:
        return self.path


class Carried(models.Model):
    """Nơi tính số liệu: where the figures of a unit count, if not simply where it stands.

    A unit that has ended may have figures for later days: they were sent before the act was recorded. Kept as
    they are, they count on these days where most of it went (`path` is that of the taker, then its own). A
    unit that consists of such units alone is relieved of these days: it can have no figures of its own. All
    rows of such units are here, those of the others in `Position`; the view `unit_counted` is both. Derived.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="carried")
    valid = DateRangeField()
    path = models.CharField(max_length=200, db_collation="C")
    level = models.PositiveSmallIntegerField(choices=Level)
    root = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    province = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)

    class Meta:
        db_table = "unit_carried"
        constraints = [models.UniqueConstraint(fields=["unit", "valid"], name="unit_is_carried_once")]
        indexes = [models.Index(fields=["path"], name="unit_carried_path")]

    def __str__(self) -> str:
        return self.path


class Basis(models.TextChoices):
    """Căn cứ tỷ lệ: what a share rests on."""

    WHOLE = "whole", "whole"  # all of the predecessor went there: share = 1, exact
    AREA = "area", "area"
    PEOPLE = "people", "people"
    EXPERT = "expert", "expert"  # a person's judgment
    EVEN = "even", "even"  # nothing better is known: equal parts, to be corrected


class Lineage(models.Model):
    """Kế thừa: the share of a predecessor that a change gave to a successor.

    The shares of one predecessor in one change sum to exactly 1 (a deferred trigger checks it). They
    apportion figures, which follow people: by people it is 0 where only land without people went there. A
    unit that lives on may be its own successor: renamed (share 1), or with a part given away.
    """

    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="lineage", db_index=False)
    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="outcome_of")
    successor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="origin_of")
    share = models.DecimalField(max_digits=12, decimal_places=10)
    basis = models.CharField(max_length=10, choices=Basis)

    class Meta:
        db_table = "unit_lineage"
        constraints = [
            models.UniqueConstraint(
                fields=["change", "predecessor", "successor"], name="lineage_once_per_change"
            ),
            models.CheckConstraint(
                condition=Q(share__gte=0, share__lte=1) & (Q(share__gt=0) | Q(basis="people")),
                name="lineage_share_between_0_and_1",
            ),
            models.CheckConstraint(
                condition=~Q(basis="whole") | Q(share=1), name="lineage_whole_is_everything"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id} ({self.share})"


class Mapping(models.Model):
    """Quy đổi địa bàn: to which unit of a map the figures of a unit belong, and which part of them.

    For periods whose last day is in `reported` and maps of the days in `on_map`. The part is exactly
    `numerator` / `denominator`; the parts of a unit sum to 1. A unit that is shown as itself has a row
    too. `acts` are ids of changes on the way, `bases` what shares below 1 rest on (`Basis`; `back` for a
    figure handed back to predecessors in proportion to what they gave). Derived, no foreign keys.
    """

    from_unit = models.IntegerField()
    to_unit = models.IntegerField()
    reported = DateRangeField()
    on_map = DateRangeField()
    numerator = NumericField()
    denominator = NumericField()
    acts = ArrayField(models.IntegerField())
    bases = ArrayField(models.TextField())

    class Meta:
        db_table = "unit_mapping"
        indexes = [
            models.Index(fields=["from_unit"], name="unit_mapping_from"),
            models.Index(fields=["to_unit"], name="unit_mapping_to"),
        ]

    def __str__(self) -> str:
        return f"{self.from_unit} → {self.to_unit}"


class Tree(models.Model):
    """Cây đơn vị: one row, whose `revision` rises whenever terms, lineage or positions have changed.

    For what is worked out from the tree and kept in a process.
    """

    revision = models.BigIntegerField()

    class Meta:
        db_table = "unit_tree"

    def __str__(self) -> str:
        return str(self.revision)
