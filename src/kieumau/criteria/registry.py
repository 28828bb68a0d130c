"""Where higher packages leave word: which version units were judged by last, what its page offers."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString

from kieumau.criteria.models import CriteriaSet

# Each gives the id of the version that was used last to judge a unit, or None.
judged_last: list[Callable[[], int | None]] = []
# Each gives a notice for the page of a version, for whoever looks at it; empty where it has none.
offers: list[Callable[[HttpRequest, CriteriaSet], SafeString | str]] = []
