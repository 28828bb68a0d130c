"""Catalogues of indicators: the shape of the YAML file, and indicators and checks as the formulas see them.

Plain Python. `catalogue_files` says what is wrong with a file, `actions` what contradicts the database.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from kieumau.calendars.library import calendars
from kieumau.formulas.catalogue import Type
from kieumau.kernel.messages import Place, Problem, Refused, Text
from kieumau.kernel.text import nearest
from kieumau.kernel.yamlfile import Name, Shape

SHIPPED = Path(__file__).resolve().parent.parent / "library" / "indicators"
POLARITIES = {"bad": -1, "neutral": 0, "good": 1}

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*([.-][a-z0-9_]+)*$", max_length=100)]
Nature = Literal["flow", "stock"]
OverTime = Literal["sum", "last"]
OverUnits = Literal["sum", "none"]
Polarity = Literal["bad", "neutral", "good"]
Severity = Literal["hard", "soft"]


class Reported(Shape):
    """For which periods units report: a calendar and the kind of period in it."""

    calendar: str
    kind: str


class Defaults(Shape):
    """What holds for every indicator of the file that does not say otherwise."""

    measure: Name | None = None
    nature: Nature | None = None
    over_time: OverTime | None = None
    over_units: OverUnits = "sum"
    polarity: Polarity | None = None
    decimals: int = Field(default=0, ge=0, le=10)
    public: bool = False
    source: str = ""
    reported: Reported | None = None


class IndicatorEntry(Shape):
    """One indicator as the file writes it. `formula` makes it derived."""

    code: Code
    name: Name
    measure: Name | None = None
    share: bool = False
    nature: Nature | None = None
    over_time: OverTime | None = None
    over_units: OverUnits | None = None
    polarity: Polarity | None = None
    decimals: int | None = Field(default=None, ge=0, le=10)
    public: bool | None = None
    main: bool = False
    formula: str = ""
    source: str = ""
    reported: Reported | None = None


class CheckEntry(Shape):
    """One plausibility check as the file writes it: `condition` must hold for a unit and a period.

    `severity`: a figure that breaks a hard one is refused, a soft one asks for a remark. `action` says what
    to do about it. `reported` is needed only where the indicators named are reported in different rhythms.
    """

    code: Code
    title: Name
    condition: str = Field(min_length=1)
    severity: Severity
    action: Name
    basis: str = ""
    reported: Reported | None = None


class CatalogueFile(Shape):
    """Danh mục chỉ tiêu: a whole file. `source` says where the catalogue itself comes from."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
    title: Name
    source: str = ""
    defaults: Defaults = Defaults()
    indicators: list[IndicatorEntry]
    checks: list[CheckEntry] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Definition:
    """One indicator with nothing left to guess. Satisfies `formulas.catalogue.Described`.

    `id` is 0 as long as the indicator is not stored; `position` is its place in its file.
    """

    code: str
    catalogue: str
    position: int
    name: Text
    measure: Text
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
    id: int = 0

    @property
    def type(self) -> Type:
        """SHARE or NUMBER, for the formula checker."""
        return Type.SHARE if self.is_share else Type.NUMBER

    @property
    def is_derived(self) -> bool:
        """Does it come from a formula, and have no figures of its own?"""
        return bool(self.formula)


@dataclass(frozen=True, slots=True)
class CheckDefinition:
    """Phép kiểm tra: one check with nothing left to guess.

    It is made for periods of one calendar and kind; `position` is its place in its file.
    """

    code: str
    catalogue: str
    position: int
    title: Text
    condition: str
    severity: str
    action: Text
    basis: str
    calendar: str
    period_kind: str

    @property
    def is_hard(self) -> bool:
        """Is a figure that breaks it refused? Otherwise it asks for a remark."""
        return self.severity == "hard"


def reported_problems(code: str, reported: Reported) -> Iterator[Problem]:
    """Unknown calendar, or a kind of period that the calendar does not have."""
    here = Place(column=code)
    found = calendars().get(reported.calendar)
    if found is None:
        reason = Text(
            vi=f"“{code}”: không có lịch “{reported.calendar}”.",
            en=f"“{code}”: there is no calendar “{reported.calendar}”.",
        )
        known = ", ".join(calendars())
        yield Problem("unknown-calendar", reason, Text(vi=f"Có: {known}.", en=f"There is: {known}."), here)
    elif reported.kind not in found.definition.kinds:
        reason = Text(
            vi=f"“{code}”: lịch {found.code} không có loại kỳ “{reported.kind}”.",
            en=f"“{code}”: calendar {found.code} has no periods of kind “{reported.kind}”.",
        )
        known = ", ".join(found.definition.kinds)
        yield Problem("unknown-period-kind", reason, Text(vi=f"Có: {known}.", en=f"There is: {known}."), here)


def path_of(name: Path | str) -> Path:
    """The file of a path, or of the name of a shipped catalogue. Raises `Refused`."""
    if isinstance(name, Path) or "/" in name or name.endswith((".yaml", ".yml")):
        return Path(name)
    shipped = {path.stem: path for path in sorted(SHIPPED.glob("*.yaml"))}
    if name in shipped:
        return shipped[name]
    near = nearest(name, list(shipped))
    reason = Text(vi=f"Không có danh mục “{name}”.", en=f"There is no catalogue “{name}”.")
    known = ", ".join(near or shipped)
    raise Refused([Problem("no-such-catalogue", reason, Text(vi=f"Có: {known}.", en=f"There is: {known}."))])
