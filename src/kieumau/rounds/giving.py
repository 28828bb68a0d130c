"""What both pages on which assignments are given read of what was typed: by whom, and until when."""

from datetime import date

from django.http import HttpRequest
from django.utils.dateparse import parse_date

from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.numbers import whole_number

MOST_LETTERS = 4000


def giver_of(request: HttpRequest) -> int:
    """The id of the unit that gives; 0 where what came is none."""
    return whole_number(request.POST.get("giver")) or 0


def due_day(request: HttpRequest) -> date:
    """Until when. Raises `Refused` where no day came, or none that can be read."""
    try:
        found = parse_date(request.POST.get("due", ""))
    except ValueError:
        found = None
    if found is None:
        raise Refused([Problem("no-day", Text(vi="Ghi hạn thực hiện.", en="Give the due day."))])
    return found
