"""When mail may be sent, as tables."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from kieumau.notices.rules import Mail, is_quiet, mailable_until

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

QUIET = [
    # at, from, until, is it quiet?
    (time(23), time(22), time(6), True),
    (time(22), time(22), time(6), True),
    (time(5, 59), time(22), time(6), True),
    (time(6), time(22), time(6), False),
    (time(12), time(22), time(6), False),
    (time(12), time(11, 30), time(13), True),
    (time(13), time(11, 30), time(13), False),
    (time(12), None, time(13), False),
    (time(12), time(12), time(12), False),
]


@pytest.mark.parametrize(("at", "begins", "ends", "expected"), QUIET)
def test_quiet_hours(at: time, begins: time | None, ends: time | None, expected: bool) -> None:
    assert is_quiet(at, begins, ends) is expected


def on(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


QUIET_AT_NIGHT, NEVER_QUIET = (time(22), time(6)), (None, None)
SENT = [
    # choice, now, quiet hours, last mailed; until when must it have been made to be mailed? (None: not now)
    (Mail.NEVER, on(22, 9), NEVER_QUIET, None, None),
    (Mail.AT_ONCE, on(22, 9), QUIET_AT_NIGHT, on(22, 8, 59), on(22, 9)),
    (Mail.AT_ONCE, on(22, 23), QUIET_AT_NIGHT, None, None),
    (Mail.AT_ONCE, on(22, 23), NEVER_QUIET, None, on(22, 23)),
    (Mail.DAILY, on(22, 7), QUIET_AT_NIGHT, on(21, 7, 1), on(22, 7)),
    (Mail.DAILY, on(22, 7), NEVER_QUIET, None, on(22, 7)),
    (Mail.DAILY, on(22, 6, 59), NEVER_QUIET, on(21, 7, 1), None),
    (Mail.DAILY, on(22, 6, 59), NEVER_QUIET, None, None),  # nor the first mail of all
    (Mail.DAILY, on(22, 2, 35), NEVER_QUIET, on(20, 7), None),  # after the night's reminders
    (Mail.DAILY, on(22, 23, 40), NEVER_QUIET, on(20, 7), on(22, 7)),  # late, where nobody sent at seven
    (Mail.DAILY, on(22, 9), NEVER_QUIET, on(22, 7, 1), None),  # once a day
    (Mail.DAILY, on(22, 7), (time(22), time(8)), on(21, 8), None),
    (Mail.DAILY, on(22, 8), (time(22), time(8)), on(21, 8), on(22, 7)),
]


@pytest.mark.parametrize(("mail", "now", "quiet", "mailed_at", "expected"), SENT)
def test_when_mail_is_sent(
    mail: Mail,
    now: datetime,
    quiet: tuple[time | None, time | None],
    mailed_at: datetime | None,
    expected: datetime | None,
) -> None:
    found = mailable_until(mail, now, ZONE, quiet_from=quiet[0], quiet_until=quiet[1], mailed_at=mailed_at)
    assert found == expected
