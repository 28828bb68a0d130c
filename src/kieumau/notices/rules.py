"""When mail may be sent to a person: at once or gathered by day, and never in quiet hours. Plain Python."""

from datetime import datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

DIGEST_AT = time(7, 0)  # the day's mail, in the installation's zone


class Mail(StrEnum):
    """Gửi thư: never, once a day, or as soon as something is there."""

    NEVER = "never"
    DAILY = "daily"
    AT_ONCE = "at_once"


def is_quiet(at: time, begins: time | None, ends: time | None) -> bool:
    """Is it quiet at a time of the day? From `begins` until just before `ends`, over midnight too.

    No hours are quiet where one of both is missing, or both are the same.
    """
    if begins is None or ends is None or begins == ends:
        return False
    if begins < ends:
        return begins <= at < ends
    return at >= begins or at < ends


def mailable_until(
    mail: Mail,
    now: datetime,
    zone: ZoneInfo,
    *,
    quiet_from: time | None,
    quiet_until: time | None,
    mailed_at: datetime | None,
) -> datetime | None:
    """Until when must something have been made to be mailed now? None: nothing is mailed now.

    `mailed_at` is when the person was last sent something. Daily: once for each day, from seven o'clock on,
    what was there by seven; what comes later waits for the next morning. Quiet hours put both kinds off, and
    lose nothing.
    """
    here = now.astimezone(zone)
    if mail is Mail.NEVER or is_quiet(here.time(), quiet_from, quiet_until):
        return None
    if mail is Mail.AT_ONCE:
        return now
    due = datetime.combine(here.date(), DIGEST_AT, zone)
    return due if here >= due and (mailed_at is None or mailed_at < due) else None
