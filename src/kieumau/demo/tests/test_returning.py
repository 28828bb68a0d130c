"""The demo's returns: submitted by the real actions, most in time, and only once."""

from collections import Counter
from datetime import datetime

import pytest

from kieumau.assessments.tests.cast import load_world
from kieumau.calendars.working_days import ZONE
from kieumau.demo.returning import open_returns
from kieumau.returns.models import Return

pytestmark = pytest.mark.django_db


def test_communes_report_once() -> None:
    load_world(more=10)
    now = datetime(2026, 11, 24, 16, tzinfo=ZONE)  # the figures of the world came on the 22nd
    submitted = open_returns(now)
    states = Counter(Return.objects.filter(form_code="vn-commune-month").values_list("state", flat=True))
    assert submitted == sum(states.values()) - states["draft"] > 5
    assert states["draft"] >= 2  # the provinces, and communes that did not
    assert open_returns(now) == 0
