"""Norms as YAML files: which ship, and one read and checked, every problem with its place."""

from dataclasses import dataclass
from pathlib import Path

from kieumau.calendars.library import calendars
from kieumau.criteria.rules import nearest_hint
from kieumau.formulas.catalogue import Catalogue, Type
from kieumau.formulas.expanding import read as read_formula
from kieumau.formulas.scope import Scope
from kieumau.formulas.tree import Node
from kieumau.kernel.messages import Place, Problem, Refused, Text
from kieumau.kernel.yamlfile import load_with_lines, read
from kieumau.resources.rules import Norm

SHIPPED = Path(__file__).resolve().parent.parent / "library" / "norms"


@dataclass(frozen=True, slots=True)
class Readable:
    """A norm that was read and found sound, with the tree of its formula."""

    norm: Norm
    tree: Node


def shipped() -> list[str]:
    """Codes of the norms in the library."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def path_of(name: str | Path) -> Path:
    """The file of a shipped norm's name, or the path itself. Raises Refused with the nearest name."""
    path = Path(name)
    if path.suffix in {".yaml", ".yml"} or path.is_file():
        return path
    if str(name) not in shipped():
        reason = Text(vi=f"Không có định mức “{name}”.", en=f"There is no norm “{name}”.")
        known = ", ".join(shipped())
        hint = nearest_hint(str(name), shipped()) or Text(vi=f"Có: {known}.", en=f"There are: {known}.")
        raise Refused([Problem("no-such-norm", reason, hint)])
    return SHIPPED / f"{name}.yaml"


def says(name: str | Path) -> Norm:
    """What a norm's file says; its formula is not looked into. Raises Refused."""
    return read(path_of(name), Norm)


def read_norm(name: str | Path, catalogue: Catalogue) -> Readable:
    """A norm whose formula gives a number over the indicators of `catalogue`.

    Circles of derived indicators, measures that do not go together, and references to verdicts are
    refused as in criteria. Raises Refused with every problem.
    """
    path = path_of(name)
    norm = says(path)
    _, lines = load_with_lines(path.read_text(encoding="utf-8-sig"), path.name)
    problems = [] if (known := _period_problem(norm, path.name)) is None else [known]
    try:
        found = read_formula(norm.formula, catalogue, scope=Scope(tuple(norm.unit_classes or ())))
    except Refused as refused:
        row = lines.get(("formula",))
        places = [Place(path.name, row=row, column=one.place.column) for one in refused.problems]
        problems += [
            one if one.place.file else Problem(one.code, one.reason, one.hint, place)
            for one, place in zip(refused.problems, places, strict=True)
        ]
        raise Refused(problems) from None
    if found.type in (Type.CONDITION, Type.WORD):
        reason = Text(vi="Định mức phải cho một số.", en="A norm must give a number.")
        hint = Text(vi="Ví dụ: if(…, 4, 3).", en="For example: if(…, 4, 3).")
        problems.append(Problem("not-a-number", reason, hint, Place(path.name, row=lines.get(("formula",)))))
    if problems:
        raise Refused(problems)
    return Readable(norm, found.tree)


def _period_problem(norm: Norm, name: str) -> Problem | None:
    calendar = calendars().get(norm.period.calendar)
    if calendar is not None and norm.period.kind in calendar.definition.kinds:
        return None
    asked = f"{norm.period.calendar}/{norm.period.kind}"
    reason = Text(vi=f"Không có kỳ “{asked}”.", en=f"There are no periods “{asked}”.")
    return Problem("unknown-period-kind", reason, place=Place(file=name))
