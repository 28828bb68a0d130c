"""Around a form: which periods to ask it for, and to which returns its figures belong."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import prefetch_related_objects

from kieumau.calendars.library import calendar, decode
from kieumau.calendars.library import window as window_of
from kieumau.exports.forms.sheets import FormSheet
from kieumau.exports.periods import as_typed
from kieumau.kernel.messages import Refused, Text
from kieumau.returns.models import Form, Return
from kieumau.returns.page_queries import names
from kieumau.returns.rules import STATE_NAMES, State, shown_state, stage
from kieumau.units.models import Term

EXAMPLES, MOST_RETURNS, A_YEAR = 2, 20, 12
_NAMELESS = Text(vi="Đơn vị", en="The unit")  # not there on the period's last day


@dataclass(frozen=True, slots=True)
class Offered:
    """A form to choose, with the latest periods it is asked for, as one may type them, the latest first."""

    code: str
    title: Text
    periods: tuple[str, ...]


def offered(forms: Sequence[Form], today: date) -> list[Offered]:
    """Every form with its periods. One query."""
    rows = list(forms)
    prefetch_related_objects(rows, "obligations")
    return [Offered(one.code, Text(vi=one.title_vi, en=one.title_en), _periods(one, today)) for one in rows]


def _periods(form: Form, today: date) -> tuple[str, ...]:
    """Yearly figures are asked for with the months that their obligations name."""
    named = [set(one.numbers) for one in form.obligations.all()]
    numbers = set().union(*named) if all(named) else set()
    own = calendar(form.calendar)
    found: list[str] = []
    window = own.previous(own.containing(form.period_kind, today))
    for _ in range(A_YEAR):
        if window is None or len(found) == EXAMPLES:
            break
        if not numbers or window.first[1] in numbers:
            found.append(as_typed(own.period_code(window)))
        window = own.previous(window)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Belonging:
    """A return that figures of a form belong to: where it is, what it is called, how it stands."""

    return_id: int
    name: Text
    state: Text
    is_standing: bool


def returns_of(sheets: Iterable[FormSheet], now: datetime) -> list[Belonging]:
    """The returns that the figures of a form belong to, the first twenty. Two queries, and one a period."""
    asked = {
        (sheet.register, line.unit.strip(), line.period, line.indicator)
        for sheet in sheets
        for line in sheet.lines
        if not line.is_group
    }
    units = dict(
        Term.objects.filter(
            register__in={one[0] for one in asked}, code__in={one[1] for one in asked}
        ).values_list("code", "unit_id")
    )
    pairs = {
        (units[code], number) for _, code, period, _ in asked if code in units for number in _ids(period)
    }
    rows = (
        Return.objects.filter(
            unit_id__in={unit for unit, _ in pairs},
            period_id__in={period for _, period in pairs},
            form__items__indicator__code__in={one[3] for one in asked},
        )
        .select_related("deadline", "form")
        .distinct()
        .order_by("path", "period_id", "form_code")
    )
    here = [row for row in rows[:MOST_RETURNS] if (row.unit_id, row.period_id) in pairs]
    called: dict[int, dict[int, tuple[str, Text]]] = {}
    for row in here:
        if row.period_id not in called:
            called[row.period_id] = names([one.unit_id for one in here], row.deadline)
    return [_belonging(row, called[row.period_id].get(row.unit_id, ("", _NAMELESS))[1], now) for row in here]


def _ids(period: str) -> tuple[int, ...]:
    try:
        window = window_of(period)
    except Refused:
        return ()
    return tuple(calendar(window.calendar).period_ids(window))


def _belonging(row: Return, name: Text, now: datetime) -> Belonging:
    window = decode(row.period_id)
    label = calendar(window.calendar).label(window)
    called = Text(vi=f"{name.vi}, {label.vi}", en=f"{name.en}, {label.en}")
    state = shown_state(State(row.state), stage(row.deadline.opens_at, row.locks_at, now))
    is_open = state in {State.DRAFT, State.SENT_BACK}
    return Belonging(row.pk, called, STATE_NAMES[state], not is_open)
