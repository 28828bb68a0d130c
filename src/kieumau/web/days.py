"""Days that an address asks for."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kieumau.kernel.messages import Problem, Text

KNOWN = "biet-ngay"  # what was known at the end of a day
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def last_moment(day: date) -> datetime:
    """The last moment of a day in Vietnam's time."""
    next_day = datetime.combine(day + timedelta(days=1), time.min, ZONE)
    return next_day - timedelta(microseconds=1)


def moment_asked(asked: Mapping[str, str], today: date) -> datetime | None:
    """The moment whose knowledge an address asks for; None: now, and where what is written is no day."""
    day = day_asked(asked.get(KNOWN, "").strip(), [], today=today)
    return last_moment(day) if day else None


def day_asked(text: str, problems: list[Problem], today: date | None = None) -> date | None:
    """The day that is written; not after `today`, where that is given. What is no day joins the problems."""
    if not text:
        return None
    shown = text[:30]
    try:
        day = date.fromisoformat(text)
    except ValueError:
        reason = Text(vi=f"“{shown}” không phải là ngày.", en=f"“{shown}” is not a date.")
        problems.append(
            Problem("not-a-date", reason, Text(vi="Viết như 2025-06-30.", en="Write 2025-06-30."))
        )
        return None
    if not 1900 <= day.year <= 2200:
        reason = Text(vi=f"Không có bản đồ của {shown}.", en=f"There is no map of {shown}.")
        problems.append(Problem("not-a-date", reason))
        return None
    if today is not None and day > today:
        reason = Text(
            vi="Không thể biết số liệu của một ngày chưa tới.",
            en="Nobody knows what a day to come will know.",
        )
        problems.append(Problem("day-to-come", reason))
        return None
    return day
