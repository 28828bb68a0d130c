"""When mail may be sent, as tables."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from kieumau.notices.rules import Mail, is_quiet, may_mail

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


SENT = [
    # choice, now, last mailed, may it be sent?
    (Mail.NEVER, on(22, 9), None, False),
    (Mail.AT_ONCE, on(22, 9), on(22, 8, 59), True),
    (Mail.AT_ONCE, on(22, 23), None, False),  # quiet from 22 to 6
    (Mail.DAILY, on(22, 7), on(21, 7, 1), True),
    (Mail.DAILY, on(22, 6, 59), on(21, 7, 1), False),
    (Mail.DAILY, on(22, 9), on(22, 7, 1), False),
    (Mail.DAILY, on(22, 9), None, True),
    (Mail.DAILY, on(23, 3), on(22, 7, 1), False),
]


@pytest.mark.parametrize(("mail", "now", "mailed_at", "expected"), SENT)
def test_when_mail_is_sent(mail: Mail, now: datetime, mailed_at: datetime | None, expected: bool) -> None:
    found = may_mail(mail, now, ZONE, quiet_from=time(22), quiet_until=time(6), mailed_at=mailed_at)
    assert found is expected
