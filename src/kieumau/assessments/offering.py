"""What a version's page says of judging by it."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from kieumau.assessments.models import Assessment
from kieumau.assessments.past_periods import in_force_in, latest_ended, past_periods
from kieumau.assessments.period_choice import label_of
from kieumau.assessments.setting import period_id
from kieumau.criteria.access import may_issue
from kieumau.criteria.models import CriteriaSet


def judging_offer(request: HttpRequest, version: CriteriaSet) -> str:
    """Judging by a version, offered to whoever may while its latest ended period has no verdicts by it."""
    if not may_issue(request.user):
        return ""
    today = timezone.localdate()
    latest = latest_ended(in_force_in(version, past_periods(version, today)), today)
    if latest is None:
        return ""
    if Assessment.objects.filter(criteria_set=version, period=period_id(version, latest)).exists():
        return ""
    offer = {"version": version, "period": label_of(latest)}
    return render_to_string("assessments/_judging_offer.html", offer, request)
