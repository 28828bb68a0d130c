"""Can the figures of a file be believed? Asked once all rows are read and before anything is kept."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import connection

from kieumau.calendars.library import calendar, decode
from kieumau.indicators.actions.remarks import Said
from kieumau.indicators.checks.failing import Failing
from kieumau.indicators.checks.in_force import checks_in_force
from kieumau.indicators.checks.restating import ACTION, RESTATEMENT, TITLE, Restated, restated_together
from kieumau.indicators.checks.restating import told as told_restated
from kieumau.indicators.checks.together import failing_together
from kieumau.indicators.checks.touching import period_around
from kieumau.indicators.checks.words import (
    IMPLAUSIBLE,
    LOOKS_BACK,
    NEEDS_REMARK,
    REMARKED,
    implausible,
    looks_back,
    needs_remark,
    remarked,
)
from kieumau.indicators.imports.gathered import key_of
from kieumau.indicators.imports.reading import Broken, FoundCell, Reader
from kieumau.indicators.imports.report import Checked, Problems, Report
from kieumau.indicators.queries import catalogue
from kieumau.indicators.registry import INCOMING
from kieumau.kernel.messages import Place, Problem, Text

Figure = tuple[int, int, int]  # unit, period, indicator
MOST_CELLS = 6  # cells of one check that are named
MOST_MARKED = 100  # and that are given, to be marked

_LEAVE_OUT = f"""
DELETE FROM {INCOMING} i
USING unnest(%s::int[], %s::int[]) AS out (unit, period)
WHERE (i.unit, i.period) = (out.unit, out.period)
"""


class Checking:
    """The checks of one file. Its figures are held; what they are refused for goes to the problems."""

    def __init__(
        self, reader: Reader, problems: Problems, report: Report, remark: str, keep_good: bool
    ) -> None:
        self.reader = reader
        self.problems = problems
        self.report = report
        self.remark = remark
        self.keep_good = keep_good
        self.catalogue = catalogue()
        self._by_id = {one.id: one for one in self.catalogue.values()}
        self.warnings = Problems()

    def run(self, now: datetime) -> list[Said]:
        """The remarks to be kept with the figures. Raises `Broken` where these cannot be kept.

        With `keep_good` every unit and period with implausible figures is left out as a whole, and the unit
        is asked again: another of its periods may have looked back at what is gone.
        """
        checks = checks_in_force()
        failing = [one for one in failing_together(checks) if not self._is_unread(one)]
        restated, again = self._restated(now, _impossible(failing))
        if again:
            failing = [one for one in failing if one.unit not in again]
            failing += failing_together(checks, again)
        while bad := [one for one in failing if not one.is_later and not self._is_answered(one)]:
            for one in bad:
                self._refuse(one)
            if not self.keep_good:
                self._warn(failing)
                raise Broken
            self._leave_out(self._periods_of(bad))
            again = {one.unit for one in bad}
            failing = [one for one in failing if one.unit not in again]
            failing += failing_together(checks, again)
        self._warn(failing)
        if self.problems.count and not self.keep_good:
            raise Broken
        answered = [one for one in failing if not one.is_later]
        said = [Said(one.unit, one.period, one.definition.code, self._remark(one)) for one in answered]
        return [*said, *restated]

    def _restated(self, now: datetime, impossible: Collection[Figure]) -> tuple[list[Said], set[int]]:
        """The remarks for figures that change much since they were sent; those without one are refused.

        With them the units of which figures were left out for it. Of figures that cannot be as they are
        nobody asks why they changed.
        """
        found = [
            one for one in restated_together(now) if (one.unit, one.period, one.indicator) not in impossible
        ]
        said, unexplained = {}, []
        for one in found:
            if remark := self._remark_for(one.unit, [(one.period, one.indicator)]):
                said[one.unit, one.period] = Said(one.unit, one.period, RESTATEMENT, remark)
            else:
                unexplained.append(one)
        for one in unexplained:
            self._refuse_restated(one)
        left_out = {(one.unit, one.period) for one in unexplained}
        if left_out and self.keep_good:
            self._leave_out(left_out)
        again = {unit for unit, _ in left_out} if self.keep_good else set()
        counted = len(found) - len(unexplained)
        if counted:
            checked = self.report.checks.setdefault(RESTATEMENT, Checked("soft", TITLE))
            checked.failing += counted
            checked.remarked += counted
        return [one for key, one in said.items() if key not in left_out], again

    def _refuse_restated(self, one: Restated) -> None:
        self.report.checks.setdefault(RESTATEMENT, Checked("soft", TITLE)).failing += 1
        if not self.problems.has_room:
            self.problems.add_unseen(NEEDS_REMARK)
            return
        label = self._where(one.unit, one.period)
        sentence = told_restated(self._by_id[one.indicator], one.old, one.new)
        reason = Text(
            vi=f"{label.vi}: {TITLE.vi}. {sentence.vi}",
            en=f"{label.en}: {TITLE.en}. {sentence.en}",
        )
        cells = self.reader.places_of(one.unit, [(one.period, one.indicator)])
        place = cells[0][0].place(*cells[0][1:]) if cells else Place(file=self.report.file)
        self.problems.add(Problem(NEEDS_REMARK, reason, ACTION), place)

    def _is_unread(self, one: Failing) -> bool:
        """Does it rest on figures that the file gives anew, but could not be read?

        Then nothing is known as long as the file has to be mended. With `keep_good` what is stored stays.
        """
        gathered = self.reader.gathered
        unread = gathered.unread | gathered.clashing
        return not self.keep_good and any(
            key_of(period, one.unit, indicator) in unread for period, indicator in one.keys
        )

    def _is_answered(self, one: Failing) -> bool:
        return not one.definition.is_hard and bool(self._remark(one))

    def _remark(self, one: Failing) -> str:
        """What was said about its figures."""
        return self._remark_for(one.unit, one.keys)

    def _remark_for(self, unit: int, keys: Iterable[tuple[int, int]]) -> str:
        """What the rows of figures (period, indicator) say, else what was said of the whole file."""
        rows = self.reader.gathered.rows
        said = [
            self.reader.remarks.get(rows[key])
            for period, indicator in keys
            if (key := key_of(period, unit, indicator)) in rows
        ]
        return "; ".join(dict.fromkeys(text for text in said if text)) or self.remark

    def _refuse(self, one: Failing) -> None:
        self._counted(one).failing += 1
        is_hard = one.definition.is_hard
        if not self.problems.has_room:
            self.problems.add_unseen(IMPLAUSIBLE if is_hard else NEEDS_REMARK)
            return
        say = implausible if is_hard else needs_remark
        self.problems.add(*self._placed(one, say(one, self.catalogue, self._label(one))))

    def _warn(self, failing: Sequence[Failing]) -> None:
        """Those that refuse nothing: kept with a remark, or of a later period."""
        for one in failing:
            if not one.is_later and not self._is_answered(one):
                continue
            counted, label = self._counted(one), self._label(one)
            if one.is_later:
                counted.later += 1
            else:
                counted.failing += 1
                counted.remarked += 1
            if not self.warnings.has_room:
                self.warnings.add_unseen(LOOKS_BACK if one.is_later else REMARKED)
            elif one.is_later:
                self.warnings.add(*self._placed(one, looks_back(one, self.catalogue, label)))
            else:
                self.warnings.add(*self._placed(one, remarked(one, self.catalogue, label, self._remark(one))))
        self.report.warnings, self.report.warning_count = self.warnings.shown, self.warnings.count

    def _counted(self, one: Failing) -> Checked:
        definition = one.definition
        return self.report.checks.setdefault(definition.code, Checked(definition.severity, definition.title))

    def _periods_of(self, bad: Sequence[Failing]) -> set[tuple[int, int]]:
        """The units and the periods in the file that bad figures are of."""
        written = self.reader.periods_read()
        return {
            (one.unit, period)
            for one in bad
            for period in written
            if period_around(period, one.check.rhythm) == one.period
        }

    def _leave_out(self, pairs: Collection[tuple[int, int]]) -> None:
        """Take away all figures of these units and periods."""
        with connection.cursor() as cursor:
            cursor.execute(_LEAVE_OUT, [list(column) for column in zip(*pairs, strict=True)])
            self.report.figures_left_out += int(cursor.rowcount)
            self.report.implausible_left_out += int(cursor.rowcount)

    def _label(self, one: Failing) -> Text:
        return self._where(one.unit, one.period)

    def _where(self, unit: int, period: int) -> Text:
        """A unit and a period as people call them."""
        name, window = self.reader.units.label(unit), decode(period)
        label = calendar(window.calendar).label(window)
        return Text(vi=f"{name}, {label.vi}", en=f"{name}, {label.en}")

    def _placed(self, one: Failing, problem: Problem) -> tuple[Problem, Place]:
        """The problem with its cells: those of the period itself before those it looks back at."""
        own = [key for key in one.keys if period_around(key[0], one.check.rhythm) == one.period]
        cells = self.reader.places_of(one.unit, own) or self.reader.places_of(one.unit, one.keys)
        if not cells:
            return problem, Place(file=self.report.file)
        table, row, column = cells[0]
        beside = [cell[2] for cell in cells if cell[0] is table and cell[1] == row]
        first = table.place(row, column)
        if len(beside) > 1:
            names = dict.fromkeys(table.place(row, column).column for column in beside[:MOST_CELLS])
            first = replace(first, column=", ".join(names))
        others = [cell for cell in cells if cell[0] is not table or cell[1] != row]
        also = tuple(table.place(row, column) for table, row, column in others[:MOST_MARKED])
        return replace(self._with_others(problem, others[:MOST_CELLS]), also=also), first

    def _with_others(self, problem: Problem, cells: Sequence[FoundCell]) -> Problem:
        """The problem, naming the cells in other rows as well."""
        if not cells:
            return problem
        names = [table.place(row, column) for table, row, column in cells]
        vi, en = (
            "; ".join(replace(name, file="").in_(language) for name in names) for language in ("vi", "en")
        )
        reason = Text(
            vi=f"{problem.reason.vi} (Cùng với {vi}.)", en=f"{problem.reason.en} (Together with {en}.)"
        )
        return replace(problem, reason=reason)


def _impossible(failing: Iterable[Failing]) -> set[Figure]:
    """The figures of which a hard check says that they cannot be."""
    hard = (one for one in failing if one.definition.is_hard and not one.is_later)
    return {(one.unit, period, indicator) for one in hard for period, indicator in one.keys}
