"""Reading a catalogue's file: indicators and checks, every problem of both in one pass."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kieumau.formulas.expanding import check_catalogue
from kieumau.indicators.catalogue import (
    POLARITIES,
    CatalogueFile,
    CheckDefinition,
    Definition,
    IndicatorEntry,
    Reported,
    path_of,
    reported_problems,
)
from kieumau.indicators.checks.soundness import definition_of, problems_of
from kieumau.kernel.messages import Place, Problem, Refused, Text
from kieumau.kernel.text import nfc
from kieumau.kernel.yamlfile import Name, load_with_lines, read


@dataclass(frozen=True, slots=True)
class ReadCatalogue:
    """What a file says, all of it sound."""

    code: str
    definitions: list[Definition]
    checks: list[CheckDefinition]


def read_catalogue(
    name: Path | str, known: Mapping[str, Definition], checks: Sequence[CheckDefinition] = ()
) -> ReadCatalogue:
    """The indicators and checks of a file, checked together with those `known` from other catalogues.

    `checks` are those in force: what other catalogues check must stay sound. Raises `Refused` with every
    problem found: keys, codes, calendars, formulas, circles, conditions.
    """
    path = path_of(name)
    file = read(path, CatalogueFile)
    problems = list(_problems(file, known))
    definitions = {
        entry.code: _definition(file, position, entry) for position, entry in enumerate(file.indicators)
    }
    others = {code: one for code, one in known.items() if one.catalogue != file.code}
    whole = {**others, **definitions}
    problems += _formula_problems(whole)
    _, lines = load_with_lines(path.read_text(encoding="utf-8-sig"), path.name)
    rows = {entry.code: lines.get(("indicators", index)) for index, entry in enumerate(file.indicators)}
    placed = [_placed(problem, rows, path.name) for problem in problems]
    own = [definition_of(file.code, number, entry, whole) for number, entry in enumerate(file.checks)]
    if not problems:  # what is said of a wrong indicator would only be said again
        rows = {entry.code: lines.get(("checks", index)) for index, entry in enumerate(file.checks)}
        theirs = [one for one in checks if one.catalogue != file.code]
        placed += [_placed(problem, rows, path.name) for problem in problems_of(own, theirs, whole)]
    if placed:
        raise Refused(placed)
    return ReadCatalogue(file.code, list(definitions.values()), own)


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
            yield from reported_problems(entry.code, reported)


def _definition(file: CatalogueFile, position: int, entry: IndicatorEntry) -> Definition:
    """The entry with the file's defaults filled in; gaps are filled with anything, having been reported."""
    defaults = file.defaults
    nature = entry.nature or defaults.nature or "flow"
    measure = entry.measure or defaults.measure or Name(vi="?", en="?")
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


def _placed(problem: Problem, rows: Mapping[str, int | None], name: str) -> Problem:
    """A place within a formula becomes part of the sentence, the indicator's line the place."""
    code = problem.place.file or problem.place.column
    reason = problem.reason
    if problem.place.file:
        reason = Text(
            vi=f"{problem.place.in_('vi')}: {reason.vi}", en=f"{problem.place.in_('en')}: {reason.en}"
        )
    return replace(problem, reason=reason, place=Place(file=name, row=rows.get(code)))
