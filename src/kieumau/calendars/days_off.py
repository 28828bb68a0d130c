"""The table of days off: reading it, filling it, editing it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from kieumau.audit import actions as audit
from kieumau.audit.actions import Said
from kieumau.audit.verbs import Verb
from kieumau.calendars import verbs
from kieumau.calendars.first_filling import days_of
from kieumau.calendars.models import SpecialDay
from kieumau.calendars.working_days import WEEKEND, WorkingDays
from kieumau.kernel.messages import Problem, Refused, Text

_SAID = ("is_working", "name_vi", "name_en", "source")


@dataclass(frozen=True, slots=True)
class Filled:
    """What loading did: rows that are new, that changed, and rows left alone because a person wrote them."""

    added: int
    changed: int
    kept: int


class ChangedMeanwhile(Refused):
    """Somebody else changed the day since it was read. `current` is what stands there now."""

    def __init__(self, current: SpecialDay | None) -> None:
        self.current = current
        says = f"{current.name_vi} ({current.version})" if current else "—"
        reason = Text(
            vi=f"Người khác vừa sửa ngày này: {says}.", en=f"Somebody has just changed this day: {says}."
        )
        super().__init__([Problem("changed-meanwhile", reason)])


def special_days(first: date | None = None, last: date | None = None) -> list[SpecialDay]:
    """The rows from one day to another, in order; those a person took away left out. One query."""
    rows = SpecialDay.objects.filter(is_removed=False)
    if first:
        rows = rows.filter(on__gte=first)
    if last:
        rows = rows.filter(on__lte=last)
    return list(rows)


def working_days() -> WorkingDays:
    """The working days as the table has them now. One query of some hundred rows."""
    rows = SpecialDay.objects.filter(is_removed=False).values_list("on", "is_working")
    days = list(rows)
    return WorkingDays.of(
        off=(on for on, is_working in days if not is_working),
        worked=(on for on, is_working in days if is_working),
    )


def unfilled_years(years: Iterable[int]) -> list[int]:
    """Which of the years have no row at all: their holidays are not known. One query."""
    known = set(SpecialDay.objects.values_list("on__year", flat=True).distinct())
    return [year for year in years if year not in known]


@transaction.atomic
def load_days_off(years: Iterable[int], *, actor: str, now: datetime, country: str = "VN") -> Filled:
    """Fill the table for some years from the package `holidays`, as often as one likes.

    Rows that a person wrote or took away stay as they are. Raises `Refused` for an unknown country.
    """
    wanted = days_of(years, country)
    stored = {
        row.on: row for row in SpecialDay.objects.select_for_update().filter(on__in=[d.on for d in wanted])
    }
    new: list[SpecialDay] = []
    changed: list[SpecialDay] = []
    kept = 0
    for day in wanted:
        row = stored.get(day.on) or SpecialDay(on=day.on, version=0)
        values = (day.is_working, day.name.vi, day.name.en, day.source)
        if row.is_edited:
            kept += 1
        elif row.version == 0 or (row.is_working, row.name_vi, row.name_en, row.source) != values:
            (changed if row.version else new).append(row)
            row.is_working, row.name_vi, row.name_en, row.source = values
            _mark(row, actor, now)
    SpecialDay.objects.bulk_create(new)
    SpecialDay.objects.bulk_update(changed, [*_SAID, "version", "changed_at", "changed_by"])
    filled = Filled(len(new), len(changed), kept)
    if new or changed:
        audit.record(
            actor=actor,
            verb=verbs.LOAD_DAYS_OFF,
            object=("days_off", country),
            name=f"{country} {', '.join(sorted({str(day.on.year) for day in wanted}))}",
            new=asdict(filled),
            now=now,
        )
    return filled


@transaction.atomic
def set_day(
    on: date,
    *,
    is_working: bool,
    name: Text,
    source: str,
    actor: str,
    now: datetime,
    version: int | None = None,
) -> SpecialDay:
    """Say that a day is off, or worked; what was known of it is replaced.

    `version` is the one the person saw (0: no row); None asks for no comparison. Raises
    `ChangedMeanwhile`, and `Refused` for a working day that is worked anyway, or a missing name or source.
    """
    row = _seen(on, version)
    problems = _faults(on, is_working, name, source)
    if problems:
        raise Refused(problems)
    before = _facts(row)
    row.is_working, row.name_vi, row.name_en, row.source = is_working, name.vi, name.en, source
    row.is_edited, row.is_removed = True, False
    return _store(row, actor, now, verbs.SET_DAY, before)


@transaction.atomic
def clear_day(on: date, *, actor: str, now: datetime, version: int | None = None) -> None:
    """The day is like its weekday after all; loading does not bring the row back.

    Raises `ChangedMeanwhile`, and `Refused` where there is no such row.
    """
    row = _seen(on, version)
    if row.version == 0 or row.is_removed:
        reason = Text(vi=f"Ngày {on} vốn như mọi ngày trong tuần.", en=f"{on} is like its weekday already.")
        raise Refused([Problem("no-such-day", reason)])
    before = _facts(row)
    row.is_edited = row.is_removed = True
    _store(row, actor, now, verbs.CLEAR_DAY, before)


def _seen(on: date, version: int | None) -> SpecialDay:
    """The row, locked; a new one of version 0 where there is none. Raises `ChangedMeanwhile`."""
    row = SpecialDay.objects.select_for_update().filter(on=on).first()
    if version is not None and version != (row.version if row else 0):
        raise ChangedMeanwhile(row)
    return row or SpecialDay(on=on, version=0)


def _mark(row: SpecialDay, actor: str, now: datetime) -> None:
    row.version += 1
    row.changed_at, row.changed_by = now, actor[:150]


def _store(row: SpecialDay, actor: str, now: datetime, verb: Verb, before: Said | None) -> SpecialDay:
    _mark(row, actor, now)
    row.save(force_insert=row.version == 1, force_update=row.version > 1)
    day = row.on.isoformat()
    audit.record(actor=actor, verb=verb, object=("day", day), name=day, old=before, new=_facts(row), now=now)
    return row


def _facts(row: SpecialDay) -> Said | None:
    """What the log keeps of a day; None where there is no row, or none any more."""
    if row.version == 0 or row.is_removed:
        return None
    return {name: getattr(row, name) for name in _SAID}


def _faults(on: date, is_working: bool, name: Text, source: str) -> list[Problem]:
    found = []
    if is_working and on.weekday() not in WEEKEND:
        reason = Text(
            vi=f"{on} là ngày làm việc trong tuần, không phải ngày làm bù.",
            en=f"{on} is a weekday: it needs no making up.",
        )
        found.append(Problem("worked-anyway", reason))
    if not name.vi.strip() or not name.en.strip():
        reason = Text(vi="Thiếu tên ngày bằng hai thứ tiếng.", en="The day needs a name in both languages.")
        found.append(Problem("missing-name", reason))
    if not source.strip():
        reason = Text(vi="Thiếu căn cứ (văn bản nào cho nghỉ).", en="The source (which decision) is missing.")
        found.append(Problem("missing-source", reason))
    return found
