"""Reads: how the checks of one unit and period come out."""

from dataclasses import dataclass

from kieumau.calendars.library import decode
from kieumau.indicators.catalogue import CheckDefinition
from kieumau.indicators.checks.alone import evaluated
from kieumau.indicators.checks.failing import told
from kieumau.indicators.checks.in_force import checks_with_catalogue
from kieumau.indicators.checks.touching import Touch
from kieumau.indicators.models import Remark
from kieumau.kernel.messages import Text


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """One check of one unit and period.

    `holds` is None while figures are missing. `sentence` has the numbers, `codes` are the reported
    indicators it reads. `remark` is the latest one, also where the check holds again.
    """

    check: CheckDefinition
    holds: bool | None
    sentence: Text
    codes: tuple[str, ...]
    remark: Remark | None

    @property
    def is_open(self) -> bool:
        """Does it not hold, and nobody has said why?"""
        return self.holds is False and (self.check.is_hard or self.remark is None)


def checks_of(unit_id: int, period_id: int) -> list[CheckOutcome]:
    """Every check in force made for this kind of period, in the order of the catalogues.

    For a unit at any level by its own figures. Three queries. Raises ValueError for a number that is the
    id of no period.
    """
    at = decode(period_id)
    checks, known = checks_with_catalogue()
    touches = [Touch(check, at, {}) for check in checks if check.rhythm == (at.calendar, at.kind)]
    remarks = {row.check_code: row for row in Remark.objects.filter(unit=unit_id, period=period_id)}
    return [
        CheckOutcome(
            check := one.touch.check.definition,
            None if one.trace.outcome is None else bool(one.trace.outcome),
            told(one.trace, known),
            one.touch.check.codes,
            remarks.get(check.code),
        )
        for one in evaluated(unit_id, touches)
    ]
