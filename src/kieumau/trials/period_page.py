"""What the page of a trial shows of one period: provinces, criteria, changes, units that change."""

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property

from kieumau.assessments.page_rows import full_name
from kieumau.assessments.period_choice import code_of, label_of
from kieumau.assessments.rules import Counts, Outcome
from kieumau.calendars.library import calendar as calendar_of
from kieumau.criteria.classes import class_name, order
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import LEVELS, Definition
from kieumau.formulas.windows import Window
from kieumau.kernel.messages import Text
from kieumau.trials.period_rows import (
    AreaRow,
    ChangedRow,
    ChangeRow,
    ClassChange,
    ClassRow,
    CriterionRow,
    Name,
    ProvinceRow,
)
from kieumau.trials.trying import CriterionTrial, PeriodTrial, UnitTrial
from kieumau.units.models import Level, Term

NO_CLASS = Text(vi="chưa xếp loại", en="no class")
NOWHERE = Text(vi="Không thuộc tỉnh nào", en="In no area")


class PeriodPage:
    """One period of a trial with the names of its units. Two queries, however many units.

    `area` is the province whose units are shown one by one, if any.
    """

    def __init__(self, draft: CriteriaSet, tried: PeriodTrial, area: int | None = None) -> None:
        self.tried = tried
        self.area = area if area in tried.by_province else None
        self._says = definition(draft)
        self._level = LEVELS[self._says.applies_to.level]
        self.label = label_of(tried.window)
        self.code = code_of(tried.window)

    @cached_property
    def _names(self) -> Mapping[int, Name]:
        """Everybody the trial speaks of: units that change, and the provinces."""
        day = calendar_of(self.tried.window.calendar).last_day(self.tried.window)
        wanted = {unit.unit_id for unit in self.tried.changed} | {
            one for one in self.tried.by_province if one
        }
        if self.area is not None:
            wanted |= {unit.unit_id for unit in self.tried.units if unit.province_id == self.area}
        if not wanted:
            return {}
        levels = {self._level, Level.PROVINCE}
        rows = Term.objects.filter(valid__contains=day, kind__level__in=levels)
        found = rows.values_list("unit_id", "kind_id", "name", "sort_key")
        return {row[0]: Name(full_name(row[1], row[2]), row[3]) for row in found if row[0] in wanted}

    def name(self, unit_id: int | None) -> Name:
        """The name of a unit the trial speaks of; of None the words for units below no province."""
        return self._names.get(unit_id or 0, Name(NOWHERE, "~"))

    def in_area(self) -> list[AreaRow]:
        """The units of the chosen province in Vietnamese order."""
        if self.area is None:
            return []
        found = [self._area_row(unit) for unit in self.tried.units if unit.province_id == self.area]
        return sorted(found, key=lambda row: (row.name.sort_key, row.unit_id))

    def _area_row(self, unit: UnitTrial) -> AreaRow:
        def codes(wanted: Outcome) -> list[str]:
            pairs = zip(self.tried.criteria, unit.outcomes, strict=True)
            return [one.code for one, outcome in pairs if outcome is wanted]

        name, missed = self.name(unit.unit_id), codes(Outcome.NOT_MET)
        return AreaRow(unit.unit_id, name, unit.was, unit.outcome, missed, codes(Outcome.NO_DATA))

    @property
    def lacking(self) -> int:
        """Units that lack a figure for at least one criterion."""
        lack: dict[int, bool] = {}
        found = 0
        for unit in self.tried.units:  # units with the same verdict share one tuple: looked at once
            key = id(unit.outcomes)
            if key not in lack:
                lack[key] = Outcome.NO_DATA in unit.outcomes
            found += lack[key]
        return found

    @cached_property
    def criteria_lacking(self) -> list[CriterionTrial]:
        """The criteria for which figures are missing, those that miss most first."""
        found = (criterion for criterion in self.tried.criteria if criterion.counts.no_data)
        return sorted(found, key=lambda criterion: -criterion.counts.no_data)

    def criteria(self) -> list[CriterionRow]:
        """Every criterion in the order of the draft."""
        return [CriterionRow(place, one) for place, one in enumerate(self.tried.criteria, start=1)]

    def provinces(self, sort: str, *, falls: bool) -> list[ProvinceRow]:
        """Every province, sorted by `name`, `units`, `met`, `share` or `changed`."""
        was_met = Counter(unit.province_id for unit in self.tried.units if unit.was is Outcome.MET)
        changed = Counter(unit.province_id for unit in self.tried.changed)
        compared = self.tried.against is not None
        rows = [
            ProvinceRow(
                unit_id=province or 0,
                name=self.name(province).text,
                sort_key=self.name(province).sort_key,
                counts=counts,
                was_met=was_met[province] if compared else None,
                changed=changed[province],
            )
            for province, counts in self.tried.by_province.items()
        ]
        rows.sort(key=lambda row: row.sort_key, reverse=falls and sort == "name")
        if sort != "name":
            rows.sort(key=lambda row: _measure(row, sort), reverse=falls)
        return rows

    def changes(self) -> tuple[list[Outcome], list[ChangeRow]]:
        """What units were by the version compared with, and what they are: columns and rows."""
        pairs = Counter((unit.was, unit.outcome) for unit in self.tried.units if unit.was is not None)
        columns = [outcome for outcome in Outcome if any(now is outcome for _, now in pairs)]
        rows = []
        for was in Outcome:
            cells = [(now, pairs[was, now]) for now in columns]
            if total := sum(count for _, count in cells):
                rows.append(ChangeRow(was, cells, total))
        return columns, rows

    def classes(self) -> list[ClassRow]:
        """The classes from the highest, and how many units are in none; nothing for a set without classes."""
        was = self.tried.was_classes if self.tried.against else None
        return class_rows(self._says, self.tried.classes, was)

    def class_changes(self) -> list[ClassChange]:
        """Changes from one class to another, the most frequent first."""
        return [
            ClassChange(self._class(was, is_before=True), self._class(now), units)
            for (was, now), units in self.tried.class_changes.items()
        ]

    def _class(self, code: str | None, *, is_before: bool = False) -> Text:
        against = self.tried.against
        says = definition(against) if is_before and against else self._says
        return class_name(says, code) if code else NO_CLASS

    @property
    def not_compared(self) -> int:
        """Units to which the version compared with does not apply."""
        return sum(unit.was is None for unit in self.tried.units) if self.tried.against else 0

    def changed(self, first: int, last: int) -> list[ChangedRow]:
        """Units that change, from the `first` up to before the `last`: by the change, then by name."""
        return [self._changed_row(unit) for unit in self._sorted[first:last]]

    @cached_property
    def _sorted(self) -> list[UnitTrial]:
        rank = {pair: place for place, pair in enumerate(self.tried.changes)}

        def place(unit: UnitTrial) -> tuple[int, str, str, int]:
            province, own = self.name(unit.province_id), self.name(unit.unit_id)
            assert unit.was is not None
            return (
                rank.get((unit.was, unit.outcome), len(rank)),  # changes of class alone come last
                province.sort_key,
                own.sort_key,
                unit.unit_id,
            )

        return sorted(self.tried.changed, key=place)

    def _changed_row(self, unit: UnitTrial) -> ChangedRow:
        assert unit.was is not None
        return ChangedRow(
            unit.unit_id,
            self.name(unit.unit_id).text,
            self.name(unit.province_id).text,
            unit.was,
            unit.outcome,
            [self.tried.criteria[index].code for index in unit.decided_by],
            self._class(unit.was_class, is_before=True) if unit.changes_class else None,
            self._class(unit.class_code) if unit.changes_class else None,
        )


def class_rows(says: Definition, units: Mapping[str, int], was: Mapping[str, int] | None) -> list[ClassRow]:
    """The classes of a set from the highest with their units, and those in none; `was` may be of another.

    Nothing for a set without classes.
    """
    codes = order(says)
    named = [*((code, class_name(says, code)) for code in codes), ("", NO_CLASS)] if codes else []
    return [
        ClassRow(name, units.get(code, 0), was.get(code, 0) if was is not None else None)
        for code, name in named
    ]


def provinces_of(window: Window, counts: Mapping[int | None, Counts]) -> list[tuple[Text, Counts]]:
    """Counts by province with names, as of the window's last day, in Vietnamese order. One query."""
    day = calendar_of(window.calendar).last_day(window)
    rows = Term.objects.filter(valid__contains=day, kind__level=Level.PROVINCE)
    names = {
        row[0]: Name(full_name(row[1], row[2]), row[3])
        for row in rows.values_list("unit_id", "kind_id", "name", "sort_key")
    }
    found = [(names.get(province or 0, Name(NOWHERE, "~")), one) for province, one in counts.items()]
    return [(name.text, one) for name, one in sorted(found, key=lambda pair: pair[0].sort_key)]


def _measure(row: ProvinceRow, sort: str) -> Fraction:
    if sort == "share":
        return row.met_share
    return Fraction({"units": row.counts.total, "met": row.counts.met}.get(sort, row.changed))
