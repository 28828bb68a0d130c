"""Saying why figures that are stored are right, although a check does not hold."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from kieumau.calendars.library import calendar, decode
from kieumau.indicators import verbs
from kieumau.indicators.actions.logging import log_figures
from kieumau.indicators.actions.remarks import Said, store_remarks
from kieumau.indicators.actions.source import open_source
from kieumau.indicators.checks.queries import CheckOutcome, checks_of
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.text import nearest
from kieumau.units.actions import Actor
from kieumau.units.queries import unit


class NothingToExplain(Refused):
    """A check that holds, that is hard, or that there is none of."""


@transaction.atomic
def explain_figures(
    unit_id: int, period_id: int, remarks: Mapping[str, str], *, actor: Actor, now: datetime
) -> tuple[str, ...]:
    """Keep remarks on the figures of one unit and period as they stand; the codes of the checks answered.

    For soft checks that do not hold now, by their codes: an earlier month was corrected, the check is newer
    than the figures, or the first remark was wrong. No figure changes; of several remarks the latest counts.
    Empty remarks are left aside. Raises `NothingToExplain`, and then keeps none. Six queries.
    """
    said = {code: text.strip() for code, text in remarks.items() if text.strip()}
    if not said:
        return ()
    outcomes = {one.check.code: one for one in checks_of(unit_id, period_id)}
    wrong = [_nothing(code, list(outcomes)) for code in said if not _may_be(outcomes.get(code))]
    if wrong:
        raise NothingToExplain(wrong)
    window = decode(period_id)
    own = calendar(window.calendar)
    place = unit(unit_id, own.last_day(window))
    name = f"Ghi chú: {place.full_name('vi')}, {own.label(window).vi}"
    source = open_source(name=name, actor=actor, recorded_at=now)
    store_remarks([Said(unit_id, period_id, code, text) for code, text in said.items()], source=source)
    log_figures(verbs.EXPLAIN_FIGURES, source, actor=actor, unit_id=unit_id, new={"checks": list(said)})
    return tuple(said)


def _may_be(outcome: CheckOutcome | None) -> bool:
    """Is it a soft check that does not hold?"""
    return outcome is not None and outcome.holds is False and not outcome.check.is_hard


def _nothing(code: str, known: list[str]) -> Problem:
    if code not in known:
        near = nearest(code, known)
        hint = Text(vi=f"Có phải “{near[0]}”?", en=f"Did you mean “{near[0]}”?") if near else None
        reason = Text(vi=f"Không có phép kiểm tra “{code}”.", en=f"There is no check “{code}”.")
        return Problem("unknown-check", reason, hint)
    reason = Text(
        vi=f"Phép kiểm tra “{code}” không cần giải trình: số liệu phù hợp, hoặc phải sửa số liệu.",
        en=f"The check “{code}” needs no explanation: it holds, or the figures must be put right.",
    )
    return Problem("nothing-to-explain", reason)
