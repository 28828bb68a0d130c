"""What time it is where the commands are run for: the moment, and the day."""

from datetime import datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """This moment in Vietnam's time."""
    return datetime.now(ZONE)
