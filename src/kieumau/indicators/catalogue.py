"""Catalogues of indicators: the shape of the YAML file, and an indicator as the formulas see it.

Plain Python: what the file says is checked here, what the database already knows in `actions`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from kieumau.calendars.library import calendars
from kieumau.formulas.catalogue import Type
from kieumau.formulas.expanding import check_catalogue
from kieumau.kernel.messages import Place, Problem, Refused, Text
from kieumau.kernel.text import nearest, nfc
from kieumau.kernel.yamlfile import Name, Shape, load_with_lines, read

SHIPPED = Path(__file__).resolve().parent.parent / "library" / "indicators"
POLARITIES = {"bad": -1, "neutral": 0, "good": 1}

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*([.-][a-z0-9_]+)*$", max_length=100)]
Nature = Literal["flow", "stock"]
OverTime = Literal["sum", "last"]
OverUnits = Literal["sum", "none"]
Polarity = Literal["bad", "neutral", "good"]


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


class CatalogueFile(Shape):
    """Danh mục chỉ tiêu: a whole file. `source` says where the catalogue itself comes from."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
    title: Name
    source: str = ""
    defaults: Defaults = Defaults()
    indicators: list[IndicatorEntry]


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


def read_catalogue(name: Path | str, known: Mapping[str, Definition]) -> list[Definition]:
    """The indicators of a file, checked together with those `known` from other catalogues.

    Raises `Refused` with every problem found: keys, codes, calendars, formulas, circles.
    """
    path = path_of(name)
    file = read(path, CatalogueFile)
    problems = list(_problems(file, known))
    definitions = {
        entry.code: _definition(file, position, entry) for position, entry in enumerate(file.indicators)
    }
    others = {code: one for code, one in known.items() if one.catalogue != file.code}
    problems += _formula_problems({**others, **definitions})
    if problems:
        raise Refused(_placed(problems, file, path))
    return list(definitions.values())


def _problems(file: CatalogueFile, known: Mapping[str, Definition]) -> Iterator[Problem]:
    """What is wrong with codes, gaps and calendars; each problem names its indicator by `Place.column`."""
    seen: set[str] = set()
    for entry in file.indicators:
        here = Place(column=entry.code)
        if entry.code in seen:
            reason = Text(vi=f"Mã “{entry.code}” lặp lại.", en=f"The code “{entry.code}” appears twice.")
            yield Problem("repeated-code", reason, place=here)
        seen.add(entry.code)
        if entry.code in known and known[entry.code].catalogue != file.code:
            other = known[entry.code].catalogue
            reason = Text(
                vi=f"Mã “{entry.code}” đã thuộc danh mục {other}.",
                en=f"The code “{entry.code}” belongs to catalogue {other}.",
            )
            yield Problem("code-taken", reason, place=here)
        for key in ("measure", "nature", "polarity", "reported"):
            if getattr(entry, key) is None and getattr(file.defaults, key) is None:
                reason = Text(vi=f"“{entry.code}” thiếu “{key}”.", en=f"“{entry.code}” has no “{key}”.")
                yield Problem("missing-key", reason, place=here)
        reported = entry.reported or file.defaults.reported
        if reported is not None:
            yield from _calendar_problems(entry.code, reported)


def _calendar_problems(code: str, reported: Reported) -> Iterator[Problem]:
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


def _definition(file: CatalogueFile, position: int, entry: IndicatorEntry) -> Definition:
    """The entry with the file's defaults filled in; gaps are filled with anything, having been reported."""
    defaults = file.defaults
    nature = entry.nature or defaults.nature or "flow"
    measure = entry.measure or defaults.measure or Name(vi="", en="")
    reported = entry.reported or defaults.reported or Reported(calendar="", kind="")
    return Definition(
        code=entry.code,
        catalogue=file.code,
        position=position,
        name=_text(entry.name),
        measure=_text(measure),
        is_share=entry.share,
        nature=nature,
        over_time=entry.over_time or defaults.over_time or ("sum" if nature == "flow" else "last"),
        over_units=entry.over_units or defaults.over_units,
        polarity=POLARITIES[entry.polarity or defaults.polarity or "neutral"],
        decimals=entry.decimals if entry.decimals is not None else defaults.decimals,
        is_public=entry.public if entry.public is not None else defaults.public,
        is_main=entry.main,
        formula=entry.formula.strip(),
        calendar=reported.calendar,
        period_kind=reported.kind,
        source=entry.source or defaults.source or file.source,
    )


def _text(name: Name) -> Text:
    return Text(vi=nfc(name.vi), en=nfc(name.en))


def _formula_problems(catalogue: Mapping[str, Definition]) -> list[Problem]:
    """What the formula checker says of the derived indicators; `Place.file` names the indicator."""
    try:
        check_catalogue(catalogue)
    except Refused as refused:
        return refused.problems
    return []


def _placed(problems: list[Problem], file: CatalogueFile, path: Path) -> list[Problem]:
    """The problems with the line of their indicator in the file."""
    _, lines = load_with_lines(path.read_text(encoding="utf-8-sig"), path.name)
    rows: dict[str, int | None] = {}
    for index, entry in enumerate(file.indicators):
        rows[entry.code] = lines.get(("indicators", index))
    return [_placed_one(problem, rows, path.name) for problem in problems]


def _placed_one(problem: Problem, rows: Mapping[str, int | None], name: str) -> Problem:
    """A place within a formula becomes part of the sentence, the indicator's line the place."""
    code = problem.place.file or problem.place.column
    reason = problem.reason
    if problem.place.file:
        reason = Text(
            vi=f"{problem.place.in_('vi')}: {reason.vi}", en=f"{problem.place.in_('en')}: {reason.en}"
        )
    return replace(problem, reason=reason, place=Place(file=name, row=rows.get(code)))
