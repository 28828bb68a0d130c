"""Criteria sets as YAML files: read, and checked as a whole, every problem with its line.

A file with the key `extends` is an addition to a published set (see `additions`): it is read as the
whole set that it makes together with its base.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml

from kieumau.calendars.library import calendars
from kieumau.criteria.additions import Addition, Published, base_of, clashes, place_in_addition, resolved
from kieumau.criteria.drafting.outline import BYTE_ORDER_MARK, Outline
from kieumau.criteria.drafting.reading import NOTHING_YET
from kieumau.criteria.faults import Fault, OffByDays, faults
from kieumau.criteria.fitting import first_window, misfits
from kieumau.criteria.named_catalogue import file_elsewhere, is_a_file
from kieumau.criteria.places import in_file
from kieumau.criteria.rules import LEVELS, Definition, Points, nearest_hint
from kieumau.criteria.salvaging import NOTHING_ASIDE, PutAside, salvaged
from kieumau.criteria.trees import Checked, FrozenCatalogue, asked_sets, check_all
from kieumau.formulas.catalogue import Catalogue
from kieumau.kernel.messages import Place, Problem, Refused, Text
from kieumau.kernel.yamlfile import load_with_lines, read_text

SHIPPED = Path(__file__).resolve().parent.parent / "library" / "criteria"
Path_ = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a set may refer to: indicators, the periods they are reported for, kinds of units.

    `reported` maps an indicator to (calendar, kind of period); `kinds` a kind of unit to its level;
    `sets` the code of another set to what is known of it. `unknown_unit` says what is wrong with the
    name of a unit (`vn:92`) on a day, if anything. `opens_files`: the catalogue that the set names may be
    a file beside it (it may not for a text from a browser).
    """

    catalogue: Catalogue
    reported: Mapping[str, tuple[str, str]]
    kinds: Mapping[str, int]
    sets: Mapping[str, "OtherSet"] = field(default_factory=dict)
    unknown_unit: Callable[[str, date], Problem | None] = lambda _reference, _day: None
    opens_files: bool = True


@dataclass(frozen=True, slots=True)
class OtherSet:
    """Another set: whether it counts points (None: not known before it is loaded), which sets it asks.

    `versions` are those published, which may be extended.
    """

    counts_points: bool | None = None
    asks: frozenset[str] = frozenset()
    versions: tuple[Published, ...] = ()


@dataclass(frozen=True, slots=True)
class SetFile:
    """A criteria set that was read and found sound, with the derived indicators it rests on."""

    definition: Definition
    derived: dict[str, str]

    def digest(self) -> str:
        """SHA-256 over canonical JSON: the same for the same meaning, whatever the comments say."""
        content = {"definition": self.definition.canonical(), "derived": self.derived}
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def shipped() -> list[str]:
    """Names of the sets in the library."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def path_of(name: str | Path) -> Path:
    """The file of a shipped set's name, or the path itself. Raises Refused with the nearest name."""
    path = Path(name)
    if path.suffix in {".yaml", ".yml"} or path.is_file():
        return path
    if str(name) not in shipped():
        reason = Text(vi=f"Không có bộ tiêu chí “{name}”.", en=f"There is no criteria set “{name}”.")
        hint = nearest_hint(str(name), shipped()) or Text(
            vi="Ghi đường dẫn tới tệp YAML.", en="Give the path of a YAML file."
        )
        raise Refused([Problem("no-such-set", reason, hint)])
    return SHIPPED / f"{name}.yaml"


_BASE_IS_WRITTEN = Fault(
    ("base",),
    "base-is-written",
    Text(
        vi="“base” do chương trình ghi khi nạp.", en="“base” is put down by the program when it loads a set."
    ),
    Text(
        vi="Bộ bổ sung ghi extends và các tiêu chí của riêng mình.",
        en="An addition says what it extends, and its own criteria only.",
    ),
)


def read_said(text: str, name: str) -> Definition | Addition:
    """What a text says, before anything else is asked about it. Raises Refused for a wrong shape."""
    content, _ = load_with_lines(text, name)
    is_addition = isinstance(content, dict) and "extends" in content
    return read_text(text, Addition, name) if is_addition else read_text(text, Definition, name)


def check_text(text: str, name: str, surroundings: Surroundings) -> SetFile:
    """The set written in `text`, called `name` in messages. Raises Refused with every problem.

    Where the shape of a part is wrong, the formulas of all the rest are checked all the same.
    """
    content, by_path = load_with_lines(text, name)
    is_addition = isinstance(content, dict) and "extends" in content
    shape: type[Definition | Addition] = Addition if is_addition else Definition
    where = _Lines(name, text.removeprefix(BYTE_ORDER_MARK), by_path)
    try:
        said = read_text(text, shape, name)
    except Refused as refused:
        found = [_said_plainly(problem, content, where) for problem in refused.problems]
        rest = salvaged(content, shape)
        more = _problems_of(rest[0], replace(where, aside=rest[1]), surroundings) if rest else []
        raise Refused(_by_line([*found, *more])) from refused
    return _check_said(said, where, surroundings)


def _problems_of(said: Definition | Addition, where: "_Lines", surroundings: Surroundings) -> list[Problem]:
    """What else is wrong with a text of which some parts were put aside."""
    try:
        _check_said(said, where, surroundings)
    except Refused as refused:
        return refused.problems
    return []


def _said_plainly(problem: Problem, content: object, where: "_Lines") -> Problem:
    """A list of criteria that is empty is no wrong value, but a set that was only begun."""
    is_empty = isinstance(content, dict) and content.get("criteria") == []
    if problem.code == "wrong-value" and is_empty and problem.place.row == where.line(("criteria",)):
        return replace(NOTHING_YET, place=problem.place)
    return problem


def _check_said(said: Definition | Addition, where: "_Lines", surroundings: Surroundings) -> SetFile:
    if isinstance(said, Addition):
        return _check_addition(said, where, surroundings)
    if said.base is not None:
        raise Refused([where.problem(_BASE_IS_WRITTEN)])
    return _check(said, where, surroundings, surroundings.catalogue)


def _check_addition(addition: Addition, where: "_Lines", surroundings: Surroundings) -> SetFile:
    """The whole set that an addition makes; the base's criteria keep the formulas of its publication."""
    versions = {code: other.versions for code, other in surroundings.sets.items()}
    base = base_of(addition, versions)
    if isinstance(base, Fault):
        raise Refused([where.problem(base)])
    if found := list(clashes(addition, base)):
        raise Refused(_by_line(where.problem(fault) for fault in found))
    frozen = FrozenCatalogue(surroundings.catalogue, base.derived)
    catalogue = {**surroundings.catalogue, **{code: frozen[code] for code in base.derived}}
    inside = replace(where, moved=lambda path: place_in_addition(path, addition, base))
    return _check(resolved(addition, base), inside, surroundings, catalogue)


def _check(
    definition: Definition, where: "_Lines", surroundings: Surroundings, catalogue: Catalogue
) -> SetFile:
    found = [
        *faults(definition),
        *_unknown_surroundings(definition, surroundings),
        *_unknown_areas(definition, surroundings),
    ]
    sets = {code: other.counts_points for code, other in surroundings.sets.items()}
    sets.setdefault(definition.code, isinstance(definition.rule, Points))
    checked = check_all(definition, catalogue, sets)
    if not any(fault.path[0] == "period" for fault in found):
        found += misfits(definition, checked.trees, surroundings.reported)
    problems = [
        where.formula_problem(one.path, one.problem)
        for one in checked.problems
        if where.believes(one.path, one.problem.code)
    ]
    if not problems and not found:
        found += _circles(definition, checked, surroundings)
    problems += [where.problem(fault) for fault in found if where.believes(fault.path, fault.code)]
    if problems:
        raise Refused(_by_line(problems))
    return SetFile(definition, checked.derived)


def _by_line(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.place.row or 0)


@lru_cache(maxsize=1)
def _outline(text: str) -> Outline:
    """The parts of the text that is looked at: asked for once for each problem in a formula."""
    return Outline(text)


@dataclass(frozen=True, slots=True)
class _Lines:
    """Knows on which line of the file a path stands; `moved` turns a path in the set into one in the file."""

    name: str
    text: str
    by_path: Mapping[Path_, int]
    moved: Callable[[Path_], Path_] = lambda path: path
    aside: PutAside = NOTHING_ASIDE

    def believes(self, path: Path_, code: str) -> bool:
        """Is a fault one of the text, and not of what was put in the place of a part that is wrong?"""
        return self.aside.believes(self.moved(path), code)

    def line(self, path: Path_) -> int | None:
        path = self.moved(path)
        while path and path not in self.by_path:
            path = path[:-1]
        return self.by_path.get(path)

    def problem(self, fault: Fault) -> Problem:
        place = Place(file=self.name, row=self.line(fault.path))
        if fault.allow_days is not None:
            return OffByDays(fault.code, fault.reason, fault.hint, place, days=fault.allow_days)
        return Problem(fault.code, fault.reason, fault.hint, place)

    def formula_problem(self, path: Path_, problem: Problem) -> Problem:
        """A problem of a formula with its line and column in the file.

        A formula of a derived indicator keeps its own place: it does not stand in this file.
        """
        if problem.place.file:
            return problem
        row, column = self.line(path), ""
        if problem.place.row is not None and (value := self._value(self.moved(path))) is not None:
            found = in_file(self.text, value, problem.place.row, int(problem.place.column or 1))
            row, column = (found[0], str(found[1])) if found else (row, "")
        place = Place(file=self.name, row=row, column=column)
        return Problem(problem.code, problem.reason, problem.hint, place)

    def _value(self, path: Path_) -> yaml.ScalarNode | None:
        """The value that stands at a path, where it is words."""
        part = _outline(self.text).part(path)
        return part.node if part and isinstance(part.node, yaml.ScalarNode) else None


def _unknown_surroundings(definition: Definition, surroundings: Surroundings) -> Iterable[Fault]:
    if definition.catalogue and not surroundings.opens_files and is_a_file(definition.catalogue):
        problem = file_elsewhere(definition.catalogue, "")
        yield Fault(("catalogue",), problem.code, problem.reason, problem.hint)
    period = definition.period
    calendar = calendars().get(period.calendar)
    if calendar is None:
        reason = Text(
            vi=f"Không có lịch “{period.calendar}”.", en=f"There is no calendar “{period.calendar}”."
        )
        hint = nearest_hint(period.calendar, calendars())
        yield Fault(("period", "calendar"), "unknown-calendar", reason, hint)
    elif period.kind not in calendar.definition.kinds:
        reason = Text(
            vi=f"Lịch {calendar.code} không có loại kỳ “{period.kind}”.",
            en=f"Calendar {calendar.code} has no periods of kind “{period.kind}”.",
        )
        known = ", ".join(calendar.definition.kinds)
        hint = Text(vi=f"Các loại có: {known}.", en=f"It has: {known}.")
        yield Fault(("period", "kind"), "unknown-period-kind", reason, hint)
    for code, one in (definition.unit_classes or {}).items():
        for index, kind in enumerate(one.kinds):
            if kind not in surroundings.kinds:
                reason = Text(vi=f"Không có loại đơn vị “{kind}”.", en=f"There is no kind of unit “{kind}”.")
                hint = nearest_hint(kind, surroundings.kinds)
                yield Fault(("unit_classes", code, "kinds", index), "unknown-kind", reason, hint)
    level = LEVELS[definition.applies_to.level]
    at_level = [kind for kind, its_level in surroundings.kinds.items() if its_level == level]
    for index, kind in enumerate(definition.applies_to.kinds):
        if kind not in at_level:
            reason = Text(
                vi=f"Không có loại đơn vị “{kind}” ở cấp này.",
                en=f"There is no kind of unit “{kind}” at this level.",
            )
            yield Fault(("applies_to", "kinds", index), "unknown-kind", reason, nearest_hint(kind, at_level))


def _unknown_areas(definition: Definition, surroundings: Surroundings) -> Iterable[Fault]:
    """Areas that are not there on the day the set takes effect."""
    for index, reference in enumerate(definition.applies_to.within or ()):
        problem = surroundings.unknown_unit(reference, definition.effective.starts)
        if problem is not None:
            yield Fault(("applies_to", "within", index), problem.code, problem.reason, problem.hint)


def _circles(definition: Definition, checked: Checked, surroundings: Surroundings) -> Iterable[Fault]:
    """Sets that wait for each other. Asking one's own result of an earlier period is no circle."""
    period = definition.period
    window = first_window(period.calendar, period.kind, definition.effective.starts)
    for index, trees in enumerate(checked.trees):
        for code in asked_sets(trees, window):
            way = _way(code, definition.code, surroundings.sets)
            if way:
                written = " → ".join((definition.code, *way))
                reason = Text(vi=f"Bộ tiêu chí vòng tròn: {written}.", en=f"Sets in a circle: {written}.")
                hint = Text(
                    vi="Kết quả kỳ trước thì viết year_ago(result(…)).",
                    en="For the result of an earlier period write year_ago(result(…)).",
                )
                yield Fault(("criteria", index), "circular-sets", reason, hint)


def _way(code: str, goal: str, sets: Mapping[str, OtherSet]) -> list[str]:
    """The sets from `code` to `goal`, each asking the next; empty where there is no such way."""
    waiting, seen = [[code]], {code}
    while waiting:
        way = waiting.pop()
        if way[-1] == goal:
            return way
        for following in sorted((sets[way[-1]].asks if way[-1] in sets else frozenset()) - seen):
            seen.add(following)
            waiting.append([*way, following])
    return []
