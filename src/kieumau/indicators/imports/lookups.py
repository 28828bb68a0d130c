"""Words of a file into ids: indicators, periods, and units as they stood in a period.

Everything is read from the database once, at the beginning of a file; each distinct word is then looked
up once.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from kieumau.calendars.library import calendar, decode
from kieumau.formulas.windows import Window
from kieumau.indicators.imports import row_faults
from kieumau.indicators.imports.cells import Cell, CellReader, Rule, shown
from kieumau.indicators.imports.gathered import LARGEST_ID
from kieumau.indicators.imports.mapping import IndicatorBy, Mapping, PeriodBy, UnitBy
from kieumau.indicators.imports.periods import PeriodReader
from kieumau.indicators.models import Indicator
from kieumau.kernel.messages import Problem, Text
from kieumau.kernel.text import Speller, search_key, tidy
from kieumau.units.models import Lineage, Term

Rhythm = tuple[str, str]  # calendar, kind of period
UnitWord = tuple[str, str]  # code or name, and what it lies within


@dataclass(frozen=True)
class KnownIndicator:
    """An indicator that takes figures, with the reader of its cells and its kind of period."""

    id: int
    code: str
    cells: CellReader
    rhythm: Rhythm


@dataclass(frozen=True)
class KnownPeriod:
    """A period with its id and its last whole day, on which a unit must be there to have a figure for it."""

    id: int
    window: Window
    last_day: date


class Indicators:
    """Indicators by code, or by either name; derived ones are refused."""

    def __init__(self, mapping: Mapping) -> None:
        self._by: IndicatorBy = mapping.indicator
        self._known: dict[str, KnownIndicator | Problem] = {}
        self._rows = list(Indicator.objects.order_by("catalogue", "position"))
        self._codes = {row.code: row for row in self._rows}
        self._names: dict[str, list[Indicator]] = defaultdict(list)
        readers: dict[Rule, CellReader] = {}
        self._readers: dict[int, CellReader] = {}
        for row in self._rows:
            for key in {search_key(row.name_vi), search_key(row.name_en)}:
                self._names[key].append(row)
            rule = Rule(row.decimals, row.is_share, mapping.negatives == "allowed")
            if rule not in readers:
                readers[rule] = CellReader(mapping.numbers, mapping.words, rule)
            self._readers[row.id] = readers[rule]

    def find(self, text: str) -> KnownIndicator | Problem:
        """The indicator of a text, or why there is none. A `Problem` has no place."""
        if (known := self._known.get(text)) is None:
            known = self._known[text] = self._find(text)
        return known

    def _find(self, text: str) -> KnownIndicator | Problem:
        wanted = self._by.table.get(text, text)
        if self._by.code or text in self._by.table:
            found = [self._codes[wanted]] if wanted in self._codes else []
        else:
            found = self._names.get(search_key(wanted), [])
            exact = [
                row
                for row in found
                if tidy(wanted).casefold() in (row.name_vi.casefold(), row.name_en.casefold())
            ]
            found = exact or found
        if len(found) > 1:
            return row_faults.ambiguous_indicator(shown(wanted), [row.code for row in found])
        if not found:
            return row_faults.unknown_indicator(shown(wanted), self._speller.nearest(wanted, 2))
        row = found[0]
        if row.formula:
            return row_faults.derived_indicator(row.code, row.formula)
        return KnownIndicator(row.id, row.code, self._readers[row.id], (row.calendar, row.period_kind))

    @cached_property
    def _speller(self) -> Speller:
        rows = [row for row in self._rows if not row.formula]
        if self._by.code:
            return Speller([*self._by.table, *(row.code for row in rows)])
        return Speller([name for row in rows for name in (row.name_vi, row.name_en)])

    @cached_property
    def _by_id(self) -> dict[int, Indicator]:
        return {row.id: row for row in self._rows}

    def code(self, indicator_id: int) -> str:
        """The code of an id."""
        return self._by_id[indicator_id].code

    def rhythm(self, indicator_id: int) -> Rhythm:
        """The calendar and the kind of period in which an id is reported."""
        row = self._by_id[indicator_id]
        return (row.calendar, row.period_kind)


class Periods:
    """Periods by what a file calls them, in the rhythm (calendar, kind) of an indicator."""

    def __init__(self, by: PeriodBy) -> None:
        self._by = by
        self._readers: dict[Rhythm, PeriodReader] = {}
        self._known: dict[tuple[Rhythm, type, Cell], KnownPeriod | Problem] = {}

    def find(self, cell: Cell, rhythm: Rhythm) -> KnownPeriod | Problem:
        """The period of a cell or heading, or why there is none. A `Problem` has no place."""
        key = (rhythm, cell.__class__, cell)
        if (known := self._known.get(key)) is None:
            known = self._known[key] = self._find(cell, rhythm)
        return known

    def _find(self, cell: Cell, rhythm: Rhythm) -> KnownPeriod | Problem:
        own = calendar(rhythm[0])
        if rhythm not in self._readers:
            self._readers[rhythm] = PeriodReader(own, rhythm[1], self._by.patterns)
        text = self._by.table.get(cell, cell) if isinstance(cell, str) else cell
        window = self._readers[rhythm].read(text)
        if isinstance(window, Problem):
            return window
        (period_id,) = own.period_ids(window)
        if period_id > LARGEST_ID:
            raise OverflowError(f"period {period_id} does not fit the keys of figures")
        return KnownPeriod(period_id, window, own.last_day(window))

    def seen(self, rhythm: Rhythm) -> list[KnownPeriod]:
        """Every period of that rhythm that was found so far, once."""
        found = {
            known.id: known
            for (own, _, _), known in self._known.items()
            if own == rhythm and isinstance(known, KnownPeriod)
        }
        return list(found.values())

    def code(self, period_id: int) -> str:
        """The code of an id, with its calendar."""
        window = decode(period_id)
        return f"{window.calendar}:{calendar(window.calendar).period_code(window)}"


@dataclass(frozen=True, slots=True)
class Known:
    """One term of a unit: what it was called from one day up to another."""

    unit: int
    code: str
    name: str
    full_names: tuple[str, ...]
    parent: int | None
    starts: date
    ends: date | None

    def is_valid_on(self, day: date) -> bool:
        """Is the term in force on that day?"""
        return self.starts <= day and (self.ends is None or day < self.ends)


class Units:
    """Units by code or name, as they stood on a day."""

    def __init__(self, by: UnitBy) -> None:
        self._by = by
        terms = Term.objects.order_by("unit_id", "valid")
        if by.register_:
            terms = terms.filter(register=by.register_)
        self._terms: dict[int, list[Known]] = defaultdict(list)
        self._words: dict[str, list[Known]] = defaultdict(list)
        for unit, code, name, full_vi, full_en, parent, valid in terms.values_list(
            "unit_id", "code", "name", "kind__full_vi", "kind__full_en", "parent_id", "valid"
        ):
            names = tuple(dict.fromkeys((name, full_vi.format(name=name), full_en.format(name=name))))
            known = Known(unit, code, name, names, parent, valid.lower, valid.upper)
            self._terms[unit].append(known)
            for word in (code,) if by.code else {search_key(text) for text in names}:
                self._words[word].append(known)
        self._known: dict[tuple[UnitWord, date], int | Problem] = {}

    def find(self, word: UnitWord, day: date) -> int | Problem:
        """The id of the unit that a word means on a day, or why there is none."""
        if (known := self._known.get((word, day))) is None:
            known = self._known[word, day] = self._find(*word, day)
        return known

    def ever(self, word: UnitWord) -> int | Problem:
        """A unit that the word has ever meant, or why there is none."""
        wanted = self._by.table.get(word[0], word[0])
        candidates = self._candidates(wanted)
        return candidates[0].unit if candidates else self._unknown(wanted)

    def _candidates(self, wanted: str) -> list[Known]:
        return self._words.get(wanted if self._by.code else search_key(wanted), [])

    def _find(self, text: str, within: str, day: date) -> int | Problem:
        wanted = self._by.table.get(text, text)
        candidates = self._candidates(wanted)
        if within:
            near = [known for known in candidates if self._is_within(known, within, day)]
            if candidates and not near:
                return row_faults.unit_elsewhere(shown(wanted), shown(within), self._labels(candidates))
            candidates = near
        living = [known for known in candidates if known.is_valid_on(day)]
        if len({known.unit for known in living}) > 1:
            folded = tidy(wanted).casefold()
            exact = [known for known in living if folded in [name.casefold() for name in known.full_names]]
            living = exact or living
        found = {known.unit for known in living}
        if len(found) == 1:
            return found.pop()
        if found:
            return row_faults.ambiguous_unit(shown(wanted), self._labels(living))
        return self._not_in_period(candidates, day) if candidates else self._unknown(wanted)

    def _is_within(self, known: Known, within: str, day: date) -> bool:
        """Is some unit above it (on the day, or when it last existed) called `within`?"""
        at = day if known.is_valid_on(day) else known.starts
        folded, parent = search_key(within), known.parent
        while parent is not None:
            above = next((term for term in self._terms[parent] if term.is_valid_on(at)), None)
            if above is None:
                return False
            if within == above.code or folded in [search_key(name) for name in above.full_names]:
                return True
            parent = above.parent
        return False

    def _labels(self, terms: Iterable[Known]) -> list[str]:
        return list(dict.fromkeys(f"{known.name} ({known.code})" for known in terms))

    def _unknown(self, wanted: str) -> Problem:
        padded = next(
            (
                wanted.rjust(width, "0")
                for width in range(len(wanted) + 1, 8)
                if wanted.rjust(width, "0") in self._words
            ),
            "",
        )
        dropped = padded if self._by.code and wanted.isdigit() else ""
        return row_faults.unknown_unit(shown(wanted), self._speller.nearest(wanted, 2), dropped)

    def _not_in_period(self, candidates: Sequence[Known], day: date) -> Problem:
        spans = sorted({(known.starts, known.ends) for known in candidates}, key=lambda span: span[0])
        vi = "; ".join(_span_vi(starts, ends) for starts, ends in spans)
        en = "; ".join(_span_en(starts, ends) for starts, ends in spans)
        ended = {known.unit for known in candidates if known.ends and known.ends <= day}
        successors = Lineage.objects.filter(predecessor__in=ended).values_list("successor_id", flat=True)
        following = [
            term for unit in dict.fromkeys(successors) for term in self._terms[unit] if term.is_valid_on(day)
        ]
        return row_faults.unit_not_there(
            self._labels(candidates)[0], Text(vi=vi, en=en), self._labels(following)
        )

    @cached_property
    def _speller(self) -> Speller:
        if self._by.code:
            return Speller([*self._by.table, *self._words])
        return Speller(known.name for terms in self._terms.values() for known in terms)

    def lives(self, unit: int, day: date) -> bool:
        """Did the unit exist on that day?"""
        return any(known.is_valid_on(day) for known in self._terms[unit])

    def label(self, unit: int) -> str:
        """Name and code as last known."""
        terms = self._terms.get(unit)
        return f"{terms[-1].name} ({terms[-1].code})" if terms else str(unit)


def _span_vi(starts: date, ends: date | None) -> str:
    last = f" đến hết {ends - timedelta(days=1):%d/%m/%Y}" if ends else ""
    return f"từ {starts:%d/%m/%Y}{last}"


def _span_en(starts: date, ends: date | None) -> str:
    last = f" to {ends - timedelta(days=1)}" if ends else ""
    return f"from {starts}{last}"
