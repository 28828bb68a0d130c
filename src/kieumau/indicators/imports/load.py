"""Loading one file of figures: all of it, or nothing, or what would change.

Everything happens in one transaction: the catalogue and the units that the mapping brings along as much
as the figures. A file with a problem leaves no trace; with `keep_good` the rows without problems are
stored and the report says how many were left out. A dry run does the same work and rolls it back.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kieumau.calendars.clock import set_clock
from kieumau.indicators.actions import load_catalogue, open_source
from kieumau.indicators.actions.record import hold_figures, record_held
from kieumau.indicators.actions.remarks import store_remarks
from kieumau.indicators.imports.checking import Checking
from kieumau.indicators.imports.comparing import compare
from kieumau.indicators.imports.lookups import Indicators, Units
from kieumau.indicators.imports.mapping import Mapping
from kieumau.indicators.imports.readers import open_file
from kieumau.indicators.imports.reading import Broken, Reader
from kieumau.indicators.imports.report import Problems, Report
from kieumau.indicators.imports.sheets import Limits
from kieumau.indicators.imports.units_from_file import load_units_of
from kieumau.indicators.whence import keep_cells
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.units.actions import Actor

Progress = Callable[[int, int], None]
Closed = Callable[[Collection[int]], Sequence[int]]


def default_limits() -> Limits:
    """Limits of this installation: the setting KIEUMAU_IMPORT_LIMITS over the product's own."""
    return Limits(**getattr(settings, "KIEUMAU_IMPORT_LIMITS", {}))


def load_file(
    path: Path | str,
    mapping: Mapping,
    *,
    actor: Actor,
    dry_run: bool = False,
    keep_good: bool = False,
    remark: str = "",
    progress: Progress | None = None,
    limits: Limits | None = None,
    now: datetime | None = None,
    closed: Closed | None = None,
) -> Report:
    """Read a CSV or XLSX file under a mapping and store its figures; the report tells what happened.

    `remark` says why figures are right that the soft checks doubt, where the file's own remarks do not;
    with `keep_good` a unit and period with implausible figures is left out as a whole. Problems never raise:
    they are in the report, every one counted, the first 5,000 kept; those of a return that is locked while
    the file is being stored are among them. `progress` is called with (rows done, rows in all). `now` is the
    moment of everything in it; without one it is the clock's, which goes on: a long file may come too late.
    `closed` says which of some units (ids) are not for the actor to write: any of them refuses the file.
    Cost: 429,456 figures in a few seconds.
    """
    run = _Run(Path(path), mapping, actor, keep_good, progress or _silent, limits or default_limits())
    run.remark = remark.strip()
    run.report.is_dry_run = dry_run
    run.now, run.closed = now, closed
    try:
        with transaction.atomic():
            if now is not None:
                set_clock(now)
            run.read()
            run.check()
            run.refuse_faulty()
            if dry_run:
                run.compare()
                transaction.set_rollback(True)
            else:
                run.store()
    except Refused as refused:
        run.problems.extend(refused.problems)
        run.report.fail()
    except Broken:
        run.report.fail()
    run.report.take(run.problems)
    return run.report


def _not_yours(unit: str) -> Problem:
    return Problem(
        "may-not-enter",
        Text(vi=f"Bạn không có quyền nhập số liệu của {unit}.", en=f"You may not enter figures of {unit}."),
    )


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


class _Run:
    """One file on its way: read, then compared or stored."""

    def __init__(
        self, path: Path, mapping: Mapping, actor: Actor, keep_good: bool, progress: Progress, limits: Limits
    ) -> None:
        self.path = path
        self.mapping = mapping
        self.actor = actor
        self.keep_good = keep_good
        self.progress = progress
        self.limits = limits
        self.remark = ""
        self.now: datetime | None = None
        self.closed: Closed | None = None
        self.problems = Problems(limits.problems)
        self.report = Report(file=path.name, mapping=mapping.name)

    def read(self) -> None:
        """Read the whole file. Raises `Refused` or `Broken` where nothing of it may be stored."""
        try:
            self._prepare()
            self._read_sheets()
        finally:
            self._count()
        if self.mapping.absent == "zero" and not self.problems.count:
            self.report.zeros_filled, self.report.known_left = self.reader.fill_zeros()
        figures = self.reader.gathered.kept()
        self.report.figures_left_out = len(self.reader.gathered.figures) - len(figures)
        if self.closed and (shut := self.closed({unit for _, unit, *_ in figures})):
            raise Refused([_not_yours(self.reader.units.label(unit)) for unit in shut])
        hold_figures(figures)

    def check(self) -> None:
        """Ask whether the figures can be believed. Raises `Broken` where they cannot be kept."""
        checking = Checking(self.reader, self.problems, self.report, self.remark, self.keep_good)
        self.remarks = checking.run(self.now or timezone.now())

    def refuse_faulty(self) -> None:
        """Raise `Broken` where rows were left out and nobody asked to keep the others.

        Asked last, so that one pass tells what is wrong with rows and what cannot be believed.
        """
        if self.problems.count and not self.keep_good:
            raise Broken

    def _prepare(self) -> None:
        """The catalogue and the units that come with the file."""
        if self.mapping.catalogue:
            load_catalogue(self.mapping.catalogue_path or self.mapping.catalogue, actor=self.actor)
        if self.mapping.units:
            with open_file(self.path, self.mapping, self.limits) as opened:
                self.report.units_added = load_units_of(
                    opened.sheets, opened.name, self.mapping, self.problems, self.actor
                )
        units, indicators = Units(self.mapping.unit), Indicators(self.mapping)
        self.reader = Reader(self.mapping, units, indicators, self.problems, self.limits)

    def _read_sheets(self) -> None:
        with open_file(self.path, self.mapping, self.limits) as opened:
            self.report.sha256 = opened.sha256
            sheets = opened.sheets
            if self.mapping.sheets == "all":  # workbooks often carry empty sheets behind the full ones
                sheets = [sheet for sheet in sheets if sheet.row_count] or sheets[:1]
            total = sum(sheet.row_count for sheet in sheets)
            done = 0
            for sheet in sheets:
                self.reader.read(sheet, opened.name, partial(self._told, done, total))
                done += sheet.row_count
            self.progress(total, total)

    def _told(self, before: int, total: int, row: int) -> None:
        self.progress(min(before + row, total), total)

    def _count(self) -> None:
        if reader := getattr(self, "reader", None):
            self.report.rows_read = reader.rows_read
            self.report.rows_ignored = reader.rows_ignored
            self.report.rows_left_out = reader.rows_left_out
            self.report.columns_left_out = reader.columns_left_out
            self.report.values_read = len(reader.gathered.figures)

    def compare(self) -> None:
        """Tell what storing would change."""
        reader, report = self.reader, self.report
        report.inserted, report.unchanged, report.changes = compare(
            reader.units.label, reader.indicators.code, reader.periods.code
        )
        report.revised = len(report.changes)

    def store(self) -> None:
        """Store the figures under a source of their own; none is left behind where nothing changed."""
        report = self.report
        source = open_source(
            name=self.path.name,
            sha256=report.sha256,
            mapping=self.mapping.name,
            actor=self.actor,
            recorded_at=self.now,
        )
        recorded = record_held(source=source)
        store_remarks(self.remarks, source=source)
        report.inserted, report.revised = recorded.inserted, recorded.revised
        report.unchanged = recorded.unchanged
        if recorded.inserted or recorded.revised:
            keep_cells(source.pk, self.reader.stood())
        else:
            source.delete()
        report.is_stored = True
