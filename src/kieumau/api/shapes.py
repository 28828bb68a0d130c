"""What the API answers. Numbers that must stay exact are strings; days are ISO 8601."""

from datetime import date

from ninja import Schema


class Said(Schema):
    """A sentence in both languages."""

    vi: str
    en: str


class ProblemOut(Said):
    """One thing that is wrong with a question."""

    code: str


class Problems(Schema):
    """Why there is no answer."""

    problems: list[ProblemOut]


class UnitOut(Schema):
    """A unit as it was on the day asked for. `parent` is the id of the unit above.

    `code_register` tells whose code it is: `vn`, `gss`.
    """

    id: int
    code: str
    code_register: str
    name: str
    full_name: Said
    level: str
    kind: str
    parent: int | None
    valid_from: date
    valid_to: date | None


class Units(Schema):
    """A page of units; `next` goes into `after`."""

    items: list[UnitOut]
    next: str | None


class IndicatorOut(Schema):
    """An indicator. `formula` is empty unless it is worked out from others."""

    code: str
    catalogue: str
    name: Said
    measure: Said
    is_share: bool
    nature: str
    over_time: str
    over_units: str
    polarity: int
    decimals: int
    is_public: bool
    is_main: bool
    formula: str
    calendar: str
    period_kind: str
    source: str


class Indicators(Schema):
    """A page of indicators."""

    items: list[IndicatorOut]
    next: str | None


class PeriodOut(Schema):
    """A reporting period of a calendar; `end` is its last whole day."""

    calendar: str
    code: str
    kind: str
    start: date
    end: date
    name: Said


class Periods(Schema):
    """A page of periods."""

    items: list[PeriodOut]
    next: str | None


class FigureOut(Schema):
    """One figure of one unit in one period on one map.

    `value` is null unless `state` is `value`; `fraction` is what it is exactly where no decimal says it.
    `comparability` is the code of the sentence `comparability_note`. `year_ago` is the figure of a year ago
    on the same map, `change` the rate between them, `year_ago_comparability` how far they compare. `known_on`
    is the day whose knowledge was asked for.
    """

    unit: str
    unit_name: str
    level: str
    indicator: str
    calendar: str
    period: str
    period_start: date
    period_end: date
    value: str | None
    fraction: str
    state: str
    map: str
    comparability: str
    comparability_note: str
    reported: int
    expected: int
    source: str
    year_ago: str | None
    year_ago_fraction: str
    year_ago_state: str
    change: str | None
    year_ago_reported: int | None
    year_ago_expected: int | None
    year_ago_comparability: str
    year_ago_note: str
    known_on: date | None


class Figures(Schema):
    """A page of figures. `notes` say what cannot be shown as it was known."""

    items: list[FigureOut]
    next: str | None
    notes: list[Said]


class CriterionOut(Schema):
    """One criterion of a version of a set. `formula` is empty where a person or a document decides."""

    code: str
    kind: str
    title: Said
    formula: str


class SetOut(Schema):
    """One version of a criteria set; it never changes."""

    code: str
    version: int
    title: Said
    calendar: str
    period_kind: str
    verification: str
    in_force_from: date | None
    in_force_to: date | None


class WholeSet(SetOut):
    """The same with its criteria."""

    criteria: list[CriterionOut]


class Sets(Schema):
    """All versions of all sets; there are few."""

    items: list[SetOut]
    next: str | None


class FindingOut(Schema):
    """What one criterion came out as."""

    criterion: str
    outcome: str
    points: str | None


class VerdictOut(Schema):
    """One unit judged by one version of a set for one period, as it was judged.

    `unit` is the unit of the map, `judged_unit` the one that was judged, of whose territory `share` belongs
    to `unit`. Both are one where nothing is divided or merged; a verdict is never worked out anew for a map.
    """

    unit_id: int
    unit: str
    unit_name: str
    judged_unit_id: int
    judged_unit: str
    judged_unit_name: str
    share: str
    comparability: str
    comparability_note: str
    outcome: str
    points: str | None
    points_possible: str | None
    class_code: str
    judged_on: date
    findings: list[FindingOut]
    known_on: date | None


class Verdicts(Schema):
    """A page of verdicts. `notes` say what cannot be shown as it was known."""

    items: list[VerdictOut]
    next: str | None
    notes: list[Said]
