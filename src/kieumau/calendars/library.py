"""The calendars shipped in `library/calendars`, read once per process."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kieumau.calendars.rules import KIND_NUMBERS, Calendar, Definition
from kieumau.formulas.windows import Window
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.text import nearest
from kieumau.kernel.yamlfile import read

FOLDER = Path(__file__).resolve().parent.parent / "library" / "calendars"


@cache
def calendars() -> Mapping[str, Calendar]:
    """Every calendar by its code, in the order of their numbers. Raises `Refused` for a bad file."""
    found = [Calendar(read(path, Definition)) for path in sorted(FOLDER.glob("*.yaml"))]
    found.sort(key=lambda calendar: calendar.definition.number)
    if len({calendar.definition.number for calendar in found}) < len(found):
        reason = Text(vi="Hai lịch có cùng số.", en="Two calendars have the same number.")
        raise Refused([Problem("repeated-calendar-number", reason)])
    return {calendar.code: calendar for calendar in found}


def calendar(code: str) -> Calendar:
    """The calendar of a code. Raises `Refused` with the nearest code."""
    if (found := calendars().get(code)) is None:
        near = nearest(code, list(calendars()))
        raise Refused(
            [
                Problem(
                    "unknown-calendar",
                    Text(vi=f"Không có lịch “{code}”.", en=f"There is no calendar “{code}”."),
                    Text(vi=f"Có phải “{near[0]}”?", en=f"Did you mean “{near[0]}”?") if near else None,
                )
            ]
        )
    return found


def window(code: str, default_calendar: str = "") -> Window:
    """The period of `nd09:2026-11`, or of `2026-11` in the default calendar. Raises `Refused`."""
    name, colon, period = code.strip().rpartition(":")
    if not colon and not default_calendar:
        reason = Text(vi=f"“{code}” thiếu tên lịch.", en=f"“{code}” does not name its calendar.")
        hint = Text(vi="Viết như nd09:2026-11.", en="Write it like nd09:2026-11.")
        raise Refused([Problem("calendar-missing", reason, hint)])
    return calendar(name or default_calendar).window(period)


def decode(period_id: int) -> Window:
    """The period whose computed id this is. Raises ValueError for any other number."""
    number, rest = divmod(period_id, 1_000_000)
    year, rest = divmod(rest, 1_000)
    kind_number, ordinal = divmod(rest, 100)
    for found in calendars().values():
        if found.definition.number == number and kind_number in KIND_NUMBERS:
            try:
                return found.period(KIND_NUMBERS[kind_number], year + 1900, ordinal)
            except Refused:
                break
    raise ValueError(f"not the id of a period: {period_id}")


def tile(wanted: Window, calendar_code: str, kind: str, slack_days: int = 0) -> Window | None:
    """The run of reporting periods (`calendar_code`, `kind`) that makes up the window `wanted`.

    Exact, or at most `slack_days` off at either end; calendars that cut the day at different times
    are a day apart. None where there is no such run.
    """
    own, theirs = calendar(wanted.calendar), calendar(calendar_code)
    if own.definition.cut_time != theirs.definition.cut_time and slack_days < 1:
        return None
    if wanted.calendar == calendar_code and wanted.kind == kind:
        return wanted
    return theirs.tile(*own.bounds(wanted), kind, slack_days)
