"""What time it is where the commands are run for: the moment, and the day."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from kieumau.kernel.messages import Problem, Refused, Text

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """This moment in Vietnam's time."""
    return datetime.now(ZONE)


def day_of(text: str) -> date:
    """The day that was written; today where nothing was. Raises Refused for what is no day."""
    try:
        return date.fromisoformat(text) if text else now().date()
    except ValueError:
        reason = Text(vi=f"“{text}” không phải là ngày.", en=f"“{text}” is not a date.")
        hint = Text(vi="Viết như 2026-11-22.", en="Write it like 2026-11-22.")
        raise Refused([Problem("not-a-date", reason, hint)]) from None
