"""The rows that the page of a trial shows: provinces, criteria, changes, classes, units, periods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from kieumau.assessments.period_choice import code_of, label_of
from kieumau.assessments.rules import Counts, Outcome
from kieumau.kernel.messages import Text
from kieumau.trials.trying import CriterionTrial, PeriodTrial


@dataclass(frozen=True, slots=True)
class Name:
    """A unit's name on the last day of a period, and where it stands in Vietnamese order."""

    text: Text
    sort_key: str


@dataclass(frozen=True, slots=True)
class ProvinceRow:
    """One province: what its units come out as, how many met it before, how many change."""

    unit_id: int
    name: Text
    sort_key: str
    counts: Counts
    was_met: int | None
    changed: int

    @property
    def by_outcome(self) -> Mapping[Outcome, int]:
        """The counts for a bar."""
        return self.counts.by_outcome()

    @property
    def met_share(self) -> Fraction:
        """Units that meet the draft, of all that it judges here."""
        return Fraction(self.counts.met, self.counts.total)


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One criterion over all units; `change` is in units that meet it, None where it is new."""

    position: int
    criterion: CriterionTrial

    @property
    def by_outcome(self) -> Mapping[Outcome, int]:
        """The counts for a bar."""
        return self.criterion.counts.by_outcome()

    @property
    def open(self) -> int:
        """Units in which it is neither met nor missed."""
        counts = self.criterion.counts
        return counts.total - counts.met - counts.not_met

    @property
    def was_met(self) -> int | None:
        """Units that met the criterion of the same code in the version compared with."""
        return self.criterion.was.met if self.criterion.was else None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """Units of one outcome by the version compared with: how many come out as what by the draft."""

    was: Outcome
    cells: Sequence[tuple[Outcome, int]]
    total: int


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class: how many units are in it, how many were by what it is compared with (None: nothing)."""

    name: Text
    units: int
    was: int | None


@dataclass(frozen=True, slots=True)
class ClassChange:
    """So many units change from one class to another."""

    was: Text
    becomes: Text
    units: int


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A unit whose outcome or class changes, and the criteria by code that alone keep it from the set.

    The classes are None where it stays in its own.
    """

    unit_id: int
    name: Text
    province: Text
    was: Outcome
    outcome: Outcome
    decided_by: Sequence[str]
    was_class: Text | None = None
    class_name: Text | None = None


@dataclass(frozen=True, slots=True)
class AreaRow:
    """A unit of one province: what it comes out as, and which criteria by code are missed or lack figures.

    `was` is None where nothing is compared.
    """

    unit_id: int
    name: Name
    was: Outcome | None
    outcome: Outcome
    missed: Sequence[str]
    lacking: Sequence[str]


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """One of several periods: its counts, and how many units change."""

    tried: PeriodTrial

    @property
    def code(self) -> str:
        """As it stands in addresses."""
        return code_of(self.tried.window)

    @property
    def label(self) -> Text:
        """“năm 2026”, “2026”."""
        return label_of(self.tried.window)

    @property
    def by_outcome(self) -> Mapping[Outcome, int]:
        """The counts for a bar."""
        return self.tried.counts.by_outcome()

    @property
    def was_met(self) -> int | None:
        """Units that meet the version compared with; None where nothing is compared."""
        return self.tried.was.met if self.tried.was else None

    @property
    def changed(self) -> int | None:
        """Units that come out otherwise; None where nothing is compared."""
        return len(self.tried.changed) if self.tried.against else None

    @property
    def met_share(self) -> Fraction | None:
        """Units that meet the draft, of all that it judges; None where it judges none."""
        counts = self.tried.counts
        return Fraction(counts.met, counts.total) if counts.total else None
