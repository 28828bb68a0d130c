"""Versions of sets over the same communes and several windows from one query.

For trying a draft beside the version in force: what both ask is asked once, for all windows, and of
each unit only a letter per criterion travels. The letters are the outcomes that `judging` gives for
every case (a condition true, false or unknown), asked beforehand. Only where a condition is unknown
and a figure may not apply the figures themselves are needed to tell why; they are read for those units.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from operator import itemgetter

from kieumau.assessments.judging import Prepared, Reading
from kieumau.assessments.reading import read_criterion
from kieumau.assessments.rules import Outcome
from kieumau.assessments.setting import Setting
from kieumau.criteria.queries import placed
from kieumau.criteria.rules import Points
from kieumau.criteria.trees import Trees
from kieumau.formulas.compile import add_columns
from kieumau.formulas.tree import Leaf, Node, children, rebuild, walk
from kieumau.formulas.values import NO_FACTS
from kieumau.formulas.windows import Window
from kieumau.indicators.set_based import query_of, run
from kieumau.indicators.spans import Slot, Spans, figures_of, slot_operand, spans_table
from kieumau.units.models import Level

UNCLEAR = max(Outcome) + 1  # no outcome: why a condition is unknown cannot be told from states
TRUTHS = (True, False, None)

# The outcome for (condition, applies): where a figure that does not apply is not why, and where it is.
Cases = tuple[tuple[Outcome, Outcome], ...]


def can_be_together(settings: Sequence[Setting]) -> bool:
    """Whether `outcomes` may be asked: sets of communes that rest on figures and count no points."""
    return all(
        one.level == Level.COMMUNE
        and one.slack_days == settings[0].slack_days
        and not isinstance(one.definition.rule, Points)
        and not (one.placed.facts or one.placed.belows or one.placed.asked_criteria)
        for one in settings
    )


def outcomes(
    settings: Sequence[Setting], applying: Sequence[Collection[int]]
) -> list[list[tuple[int, bytes]]]:
    """For each setting the units of `applying`, by id, with the outcomes of their criteria, a byte for each.

    The same as judging one setting after the other gives. One query over all units and windows; two
    small ones where units have to be read again. Raises ValueError where `can_be_together` says no.
    """
    if not can_be_together(settings):
        raise ValueError("these settings cannot be judged by one query")
    query = _Query(settings)
    found: list[list[tuple[int, bytes]]] = [[] for _ in settings]
    unclear: list[tuple[int, int, int, bytes]] = []
    by_span: dict[int, list[int]] = defaultdict(list)
    for index, setting in enumerate(settings):
        by_span[query.spans[setting.window]].append(index)
    readers = {
        span: [
            (index, query.letters(settings[index]), applying[index], found[index].append) for index in some
        ]
        for span, some in by_span.items()
    }
    for unit_id, span, text in run(query.sql()):
        letters = text.encode()
        for index, of_set, units, add in readers[span]:
            if unit_id in units:
                codes = of_set(letters)
                if UNCLEAR in codes:
                    unclear.append((index, len(found[index]), unit_id, codes))
                add((unit_id, codes))
    _settle(settings, found, unclear)
    for rows in found:
        rows.sort()  # the database gives them as it likes
    return found


def _settle(
    settings: Sequence[Setting],
    found: Sequence[list[tuple[int, bytes]]],
    unclear: Sequence[tuple[int, int, int, bytes]],
) -> None:
    """What cannot be told from states is told from figures."""
    if not unclear:
        return
    asked = {
        operand
        for index, _, _, codes in unclear
        for place, code in enumerate(codes)
        if code == UNCLEAR
        for operand in settings[index].placed.trees[place].deciding_operands()
    }
    units = dict.fromkeys(unit_id for _, _, unit_id, _ in unclear)
    figures = figures_of(units, asked, settings[0].slack_days)
    for index, row, unit_id, codes in unclear:
        setting, settled = settings[index], bytearray(codes)
        for place, code in enumerate(codes):
            if code == UNCLEAR:
                trees = replace(setting.placed.trees[place], points=None)
                reading = read_criterion(trees, figures[unit_id], NO_FACTS)
                settled[place] = setting.judge.criteria[place].outcome(reading, [], NO_FACTS)
        found[index][row] = unit_id, bytes(settled)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A criterion as the query knows it: trees over slots, the cases in each window."""

    formula: Node | None
    applies_if: Node | None
    cases: tuple[Cases, ...]
    slots: tuple[Slot, ...]


class _Query:
    """The one query of several settings: a letter for every criterion that differs from the others."""

    def __init__(self, settings: Sequence[Setting]) -> None:
        windows = list(dict.fromkeys(one.window for one in settings))
        self.spans = {window: place for place, window in enumerate(windows)}
        self._days = {one.window: one.last_day for one in settings}
        self._slack_days = settings[0].slack_days
        self._slots: dict[Slot, int] = {}
        self._cells: dict[_Cell, int] = {}
        self._places: dict[tuple[str, bool], tuple[int, ...]] = {}
        of_set: dict[tuple[str, bool], list[Setting]] = defaultdict(list)
        for one in settings:
            of_set[_key(one)].append(one)
        for key, some in of_set.items():
            cells = self._cells_of(some, windows)
            self._places[key] = tuple(self._cells.setdefault(cell, len(self._cells)) for cell in cells)

    def letters(self, setting: Setting) -> "_Picking":
        """What picks the letters of a set from those of a row."""
        return _Picking(self._places[_key(setting)])

    def sql(self) -> str:
        """Unit, span and text: a letter per cell, whose code point is an outcome or `UNCLEAR`."""
        spans = spans_table(self._slots, list(self._days.values()), self._slack_days)
        trees = dict.fromkeys(
            tree for cell in self._cells for tree in (cell.formula, cell.applies_if) if tree is not None
        )
        names = {tree: f"c{place}" for place, tree in enumerate(trees)}
        operands = {
            slot_operand(_code(slot), place): spans.values[slot] for slot, place in self._slots.items()
        }
        table = add_columns(spans.table, {name: tree for tree, name in names.items()}, operands)
        kept = [name for name in spans.table.columns if name not in spans.values.values()]
        letters = " || ".join(_letter(cell, names, spans) for cell in self._cells)
        return (
            f"SELECT q.unit_id, q.span, {letters} FROM ({query_of(table.select(*kept, *names.values()))}) q"
        )

    def _cells_of(self, settings: Sequence[Setting], windows: Sequence[Window]) -> Iterator[_Cell]:
        """The criteria of one set; a window in which nobody asks for it is judged as any other."""
        trees = [placed(settings[0].criteria_set, window).trees for window in windows]
        by_window = {one.window: one for one in settings}
        judges = [by_window.get(window, settings[0]).judge for window in windows]
        for index, over_windows in enumerate(zip(*trees, strict=True)):
            formula, of_formula = self._over_slots([one.formula for one in over_windows])
            applies, of_applies = self._over_slots([one.applies_if for one in over_windows])
            cases = tuple(_cases_of(judge.criteria[index], over_windows[0]) for judge in judges)
            yield _Cell(formula, applies, cases, (*of_formula, *of_applies))

    def _over_slots(self, trees: Sequence[Node | None]) -> tuple[Node | None, tuple[Slot, ...]]:
        """The same formula over every window as one tree, and the slots in it."""
        leaves = [
            [node for node in walk(tree) if isinstance(node, Leaf)] if tree is not None else []
            for tree in trees
        ]
        slots: list[Slot] = []
        moved: list[Leaf] = []
        for over_windows in zip(*leaves, strict=True):
            slot = tuple(leaf.operand for leaf in over_windows)
            if any(slot):
                place = self._slots.setdefault(slot, len(self._slots))
                slots.append(slot)
                moved.append(replace(over_windows[0], window=slot_operand(_code(slot), place).window))
            else:
                moved.append(replace(over_windows[0], window=None))
        return trees[0] and _with_leaves(trees[0], iter(moved)), tuple(slots)


class _Picking:
    """Picks the letters of one set."""

    def __init__(self, places: tuple[int, ...]) -> None:
        first, count = places[0], len(places)
        self._run = slice(first, first + count) if places == tuple(range(first, first + count)) else None
        self._pick = itemgetter(*places)

    def __call__(self, letters: bytes) -> bytes:
        return letters[self._run] if self._run else bytes(self._pick(letters))


def _key(setting: Setting) -> tuple[str, bool]:
    """What the letters of a set rest on, beside the window."""
    return setting.criteria_set.digest, setting.assume_answered


def _code(slot: Slot) -> str:
    return next(operand.indicator for operand in slot if operand)


def _with_leaves(node: Node, leaves: Iterator[Leaf]) -> Node:
    if isinstance(node, Leaf):
        return next(leaves)
    return rebuild(node, iter([_with_leaves(part, leaves) for part in children(node)]))


def _cases_of(prepared: Prepared, trees: Trees) -> Cases:
    """The outcome of a criterion for every case that its formulas can come out as."""
    return _cases(
        replace(prepared, places=(), facts=()), trees.formula is not None, trees.applies_if is not None
    )


def _cases(prepared: Prepared, has_formula: bool, may_not_apply: bool) -> Cases:
    return tuple(
        (
            prepared.outcome(Reading(condition, applies), [], NO_FACTS),
            prepared.outcome(Reading(condition, applies, is_inapplicable=True), [], NO_FACTS),
        )
        for condition, applies in product(
            TRUTHS if has_formula else (None,), TRUTHS if may_not_apply else (True,)
        )
    )


def _letter(cell: _Cell, names: Mapping[Node, str], spans: Spans) -> str:
    """SQL: the letter of a criterion."""
    by_cases: dict[Cases, list[int]] = defaultdict(list)
    for span, cases in enumerate(cell.cases):
        by_cases[cases].append(span)
    doubt = spans.may_not_apply(cell.slots)
    made = [(_by_case(cell, cases, names, doubt), some) for cases, some in by_cases.items()]
    if len(made) == 1:
        return made[0][0]
    tests = " ".join(f"WHEN q.span IN ({', '.join(map(str, some))}) THEN {sql}" for sql, some in made)
    return f"CASE {tests} END"


def _by_case(cell: _Cell, cases: Cases, names: Mapping[Node, str], doubt: str) -> str:
    """SQL: by whether the condition is true, false or unknown, then by whether the criterion applies."""
    width = 1 if cell.applies_if is None else len(TRUTHS)
    rows = [cases[start : start + width] for start in range(0, len(cases), width)]
    applies = names[cell.applies_if] if cell.applies_if is not None else ""
    letters = [
        _choice(applies, [_known(outcome, because, doubt) for outcome, because in row]) for row in rows
    ]
    return _choice(names[cell.formula] if cell.formula is not None else "", letters)


def _choice(column: str, letters: Sequence[str]) -> str:
    """SQL: one of three by a condition; no choice where all are the same."""
    if len(set(letters)) == 1:
        return letters[0]
    true, false, unknown = letters
    return f"CASE {column} WHEN TRUE THEN {true} WHEN FALSE THEN {false} ELSE {unknown} END"


def _known(outcome: Outcome, because: Outcome, doubt: str) -> str:
    """SQL: an outcome that is certain, or one that hangs on why something is unknown."""
    if outcome is because:
        return _literal(outcome)
    return f"CASE WHEN {doubt} THEN {_literal(UNCLEAR)} ELSE {_literal(outcome)} END"


def _literal(code: int) -> str:
    return f"E'\\x{code:02x}'"
