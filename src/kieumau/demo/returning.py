"""Returns of the demo: days off, forms, the latest periods open, and most communes' returns submitted.

What a made-up month lacks is answered with 0; where it lacks more than a dozen figures nobody has answered
and the return stays a draft. Made by the real actions, so that the pages show what they would show.
"""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from kieumau.accounts.models import User
from kieumau.calendars.days_off import load_days_off
from kieumau.returns.actions import Typed, accept, enter, load_form, open_periods, send_back, submit
from kieumau.returns.files import shipped_forms
from kieumau.returns.models import Return, Step
from kieumau.returns.queries import unanswered
from kieumau.units.models import Level

ACTOR = "kieumau demo"
FORM = "vn-commune-month"
UNIT = "cong-an-xa"  # nobody signs in with it
MOST_MADE_UP = 12
MOST_RETURNS = 110  # a province; the whole country's would take minutes


def open_returns(now: datetime | None = None) -> int:
    """Open what has ended and let the communes report; how many returns were submitted. Again: none."""
    now = now or timezone.now()
    load_days_off(range(now.year - 2, now.year + 2), actor=ACTOR, now=now)
    for name in shipped_forms():
        load_form(name, actor=ACTOR, now=now)
    open_periods(actor=ACTOR, now=now)
    if Step.objects.exists():
        return 0
    unit, office = (User.objects.get_or_create(username=name)[0] for name in (UNIT, "van-phong"))
    rows = Return.objects.filter(form_code=FORM, deadline__obligation__level=Level.COMMUNE, locks_at__gt=now)
    reports = rows.select_related("deadline").order_by("-period__ends_before", "path")[:MOST_RETURNS]
    return sum(_report(report, number, unit, office, now) for number, report in enumerate(reports))


def _sent(report: Return) -> datetime:
    """When the last of its figures came, corrections apart: nobody submits what is not there yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT max(s.recorded_at) FROM figure f JOIN figure_source s ON s.id = f.source
            WHERE f.period = %s AND f.unit = %s AND s.is_synthetic AND NOT starts_with(s.name, 'Đính chính')
            """,
            [report.period_id, report.unit_id],
        )
        row: tuple[datetime | None] = cursor.fetchone()
    return row[0] or report.deadline.opens_at


def _report(report: Return, number: int, unit: User, office: User, now: datetime) -> bool:
    """One commune: one in eight does not report, some do late, one in thirty is sent back."""
    at = report.deadline.opens_at + timedelta(hours=13 + number % 9, minutes=7 * (number % 8))
    if number % 11 == 5:
        at = report.deadline.due_at + timedelta(hours=9, minutes=number)
    at = max(at, _sent(report) + timedelta(hours=1 + number % 5, minutes=number % 60))
    missing = [code for code, _ in unanswered(report)]
    if number % 8 == 3 or len(missing) > MOST_MADE_UP or at + timedelta(hours=3) > now:
        return False
    entered = enter(report.pk, {code: Typed("0") for code in missing}, actor=unit, now=at)
    if entered.problems:
        return False
    submit(report.pk, actor=unit, now=at)
    if number % 30 == 7:
        reason = "Đề nghị kiểm tra lại số vụ điều tra làm rõ."
        send_back(report.pk, actor=office, now=at + timedelta(hours=2), reason=reason)
    elif number % 2:
        accept(report.pk, actor=office, now=at + timedelta(hours=1), looked=True)
    return True
