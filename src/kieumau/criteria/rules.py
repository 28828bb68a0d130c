"""What a criteria set is: the shape of its YAML, and when its criteria are due.

Nothing about a set is code. A set says whom it applies to, over which period, by which rule its
criteria add up (all of, at least k, or points with classes), and for each criterion how it is
determined: *measured* by a formula over figures, *documented* by a document of a kind dated within a
window, or *judged* by a person who answers a question.

Dates inside a period are written as month and day, so they are allowed for yearly periods only.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, StringConstraints

from kieumau.criteria.days import DateWindow, Due, Effective
from kieumau.criteria.missing_words import MISSING
from kieumau.kernel.messages import Text
from kieumau.kernel.text import nearest
from kieumau.kernel.yamlfile import BilingualError, Name, Shape

CODE = re.compile(r"^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)*$")
Code = Annotated[str, StringConstraints(pattern=CODE.pattern, max_length=40)]
PeriodCode = Annotated[str, StringConstraints(pattern=r"^[a-z]+(_[a-z]+)*$", max_length=40)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Verification = Literal["verified", "reported", "unverified"]
LevelName = Literal["nation", "province", "district", "commune"]
UnitReference = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*:[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=60)
]
ShareText = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,3}(\.[0-9]{1,6})?%$")]
LEVELS: dict[str, int] = {"nation": 0, "province": 1, "district": 2, "commune": 3}
MOST_CRITERIA = 500


def _at_most(length: int) -> AfterValidator:
    """Names that no table keeps longer."""

    def short_enough(name: Name) -> Name:
        if max(len(name.vi), len(name.en)) > length:
            raise BilingualError(
                "name-too-long",
                Text(vi=f"Dài quá {length} ký tự.", en=f"It has more than {length} characters."),
            )
        return name

    return AfterValidator(short_enough)


SetTitle = Annotated[Name, _at_most(300)]
CriterionTitle = Annotated[Name, _at_most(500)]


class Basis(Shape):
    """Legal basis: the document by its number and the place in it."""

    document: Sentence
    article: Name | None = None


class PeriodKind(Shape):
    """The periods a set is assessed for: a calendar and a kind of period in it."""

    calendar: Code
    kind: PeriodCode


class AppliesTo(Shape):
    """Which units are judged: a level, kinds of units at it, and whose codes they have (none named: all).

    `within` are areas (`vn:92`), by the codes they have on the day the set takes effect: only units that
    are one of them or stand below one are judged.
    """

    level: LevelName
    kinds: tuple[Code, ...] = ()
    registers: tuple[Code, ...] = ()
    within: Annotated[tuple[UnitReference, ...], Field(min_length=1)] | None = None


class AllOf(Shape):
    """Every criterion must be met."""

    kind: Literal["all"]


class AtLeast(Shape):
    """At least `k` of the criteria must be met."""

    kind: Literal["at_least"]
    k: int = Field(ge=1)


class PointClass(Shape):
    """A class of results, reached from so many points."""

    code: Code
    name: Name
    points: Decimal = Field(ge=0, alias="from", max_digits=9, decimal_places=3)


class Points(Shape):
    """Points are added up; the sum gives the class. Met from `meets_from` points.

    `not_applicable` says what a criterion that does not apply to a unit brings: its maximum (so that
    nobody loses by it) or nothing.
    """

    kind: Literal["points"]
    classes: tuple[PointClass, ...] = Field(min_length=1)
    meets_from: Decimal = Field(ge=0, max_digits=9, decimal_places=3)
    not_applicable: Literal["maximum", "zero"] = "maximum"


class Cap(Shape):
    """At most so large a share may be in one class: counted in every unit of the level `within`.

    The share is of all units in the classes `of`; none named means every class, that is all units with
    a certain result. “20 % of those rated good” is `[good]` or `[excellent, good]`: two readings.
    """

    class_: Code = Field(alias="class")
    at_most: ShareText
    of: tuple[Code, ...] = ()
    within: LevelName
    basis: Basis | None = None
    verification: Verification | None = None
    notes: Name | None = None

    @property
    def share(self) -> Fraction:
        """The share, exact: `20%` is 1/5."""
        return Fraction(self.at_most.removesuffix("%")) / 100


class CriterionPoints(Shape):
    """The points of one criterion: `max` when met, or what `formula` says (between 0 and `max`)."""

    max: Decimal = Field(gt=0, max_digits=9, decimal_places=3)
    formula: Sentence | None = None


class DocumentKind(Shape):
    """The kind of document that is asked for."""

    code: Code
    name: Name


class _Criterion(Shape):
    """What every criterion has. `applies_if` is a condition: false means not applicable."""

    code: Code
    group: Code | None = None
    title: CriterionTitle
    basis: Basis | None = None
    verification: Verification | None = None
    applies_if: Sentence | None = None
    points: CriterionPoints | None = None
    due: Due | None = None
    notes: Name | None = None


class Measured(_Criterion):
    """Met when its formula over the figures of the period is true."""

    kind: Literal["measured"]
    formula: Sentence


class Documented(_Criterion):
    """Met when a document of the kind is dated within the window (none given: the whole period)."""

    kind: Literal["documented"]
    document: DocumentKind
    window: DateWindow | None = None


class Judged(_Criterion):
    """Met when a person says so."""

    kind: Literal["judged"]
    question: Name


CriterionDefinition = Annotated[Measured | Documented | Judged, Field(discriminator="kind")]


class UnitClass(Shape):
    """A class of units that formulas tell apart, `by(unit.class, …)`: all units of these kinds."""

    kinds: tuple[Code, ...] = Field(min_length=1)


class Group(Shape):
    """A heading under which criteria stand."""

    code: Code
    title: Name


class Base(Shape):
    """The published version that a set was added to, and which of the criteria are that version's.

    Nobody writes it: it is put down when an addition is loaded (see `additions`).
    """

    code: Code
    version: int
    title: Name
    criteria: tuple[Code, ...]


class Definition(Shape):
    """One version of a criteria set, as its YAML says it.

    `figures_slack_days`: figures of another calendar are used when their reporting periods begin and
    end at most so many days off the period judged. `left_out` says which criteria of the published
    text are not here, and why. `catalogue` is loaded first: a shipped name, or a file beside this one.
    `unit_classes` are the classes that formulas may name, `caps` how many units may be in a class.
    """

    when_missing: ClassVar[Mapping[str, Text]] = MISSING

    code: Code
    title: SetTitle
    summary: Name | None = None
    verification: Verification
    basis: Basis | None = None
    catalogue: Sentence | None = None
    effective: Effective
    period: PeriodKind
    figures_slack_days: int = Field(default=0, ge=0, le=15)
    applies_to: AppliesTo
    unit_classes: dict[Code, UnitClass] | None = None
    rule: Annotated[AllOf | AtLeast | Points, Field(discriminator="kind")]
    groups: tuple[Group, ...] = ()
    criteria: tuple[CriterionDefinition, ...] = Field(min_length=1, max_length=MOST_CRITERIA)
    caps: Annotated[tuple[Cap, ...], Field(min_length=1)] | None = None
    left_out: tuple[Name, ...] = ()
    notes: Name | None = None
    base: Base | None = None

    def canonical(self) -> dict[str, object]:
        """The definition as JSON values that `Definition.model_validate` reads back."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    def class_of(self, kind: str) -> str | None:
        """The class of units of a kind; None where the set declares none for it."""
        return class_of(self.unit_classes, kind)

    def owner_of(self, criterion: CriterionDefinition) -> Name | None:
        """The title of the set a criterion comes from; None where there is only one set it could be."""
        if self.base is None:
            return None
        return self.base.title if criterion.code in self.base.criteria else self.title

    def verification_of(self, criterion: CriterionDefinition) -> Verification:
        """The criterion's own status, else the set's."""
        return criterion.verification or self.verification

    def basis_of(self, criterion: CriterionDefinition) -> Basis | None:
        """The criterion's own legal basis, else the set's."""
        return criterion.basis or self.basis


def class_of(classes: Mapping[str, UnitClass] | None, kind: str) -> str | None:
    """The class of units that a kind belongs to; None where none of them holds it."""
    return next((code for code, one in (classes or {}).items() if kind in one.kinds), None)


def due_on(criterion: CriterionDefinition, starts_on: date, ends_before: date) -> date:
    """The day from which the criterion can be found not met, in the period given.

    Its own due day; for a document the last day of its window; else the last day of the period.
    """
    if criterion.due is not None:
        return criterion.due.within(starts_on, ends_before)
    if isinstance(criterion, Documented) and criterion.window:
        return criterion.window.ends.within(starts_on, ends_before)
    return ends_before - timedelta(days=1)


def nearest_hint(word: str, candidates: Iterable[str]) -> Text | None:
    """“Did you mean …?”, when one of the candidates is close to the word."""
    near = nearest(word, candidates)
    return Text(vi=f"Có phải “{near[0]}”?", en=f"Did you mean “{near[0]}”?") if near else None
