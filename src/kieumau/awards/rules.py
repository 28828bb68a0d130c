"""How long a title lasts, when it is to be renewed, on which grounds it is withdrawn. Plain Python."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from enum import StrEnum

from kieumau.kernel.messages import Problem, Text

YEARS_AHEAD = 10  # a title that begins later than that after its decision is a slip of the hand
RENEWAL_DAYS = 90  # so long before it ends a title is shown as due for re-recognition


class Ground(StrEnum):
    """Căn cứ thu hồi: the four of Law 06/2022/QH15, Art. 93 (as domain facts section 10 has them)."""

    FALSE_DECLARATION = "false_declaration"
    FORGED_DOSSIER = "forged_dossier"
    UNLAWFUL_APPRAISAL = "unlawful_appraisal"
    STANDARD_NOT_MET = "standard_not_met"


class Standing(StrEnum):
    """Tình trạng danh hiệu: not yet begun, in force, to be renewed soon, run out, withdrawn."""

    TO_COME = "to_come"
    IN_FORCE = "in_force"
    RENEWAL_DUE = "renewal_due"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


def ends_before(starts_on: date, months: int) -> date:
    """The first day on which a title that lasts so many months is no longer held.

    One month from 31 January ends with February: the day is the last of a shorter month. The last day that
    there is where it would be later (`refusals` does not let it begin then).
    """
    month = starts_on.month - 1 + months
    year, month = starts_on.year + month // 12, month % 12 + 1
    if year > MAXYEAR:
        return date.max
    return date(year, month, min(starts_on.day, monthrange(year, month)[1]))


def is_of_dossier(decided_on: date, opened_on: date, period_ends: date, months: int) -> bool:
    """Was a decision of that day to be taken on a dossier: of a round opened then, for a period that ends so?

    From the day the round is opened, or its period is over where that is earlier, until a title given at the
    later of the two has run out. What was decided before or later is of another time.
    """
    first, last = sorted((opened_on, period_ends))
    return first <= decided_on < ends_before(last, months)


def standing(
    starts_on: date, end: date, withdrawn_on: date | None, on: date, *, is_renewed: bool = False
) -> Standing:
    """How a title stands on a day; a withdrawn one is held no more from that day on.

    One that `is_renewed`, by a later title without a gap, is not due for re-recognition.
    """
    if withdrawn_on is not None and on >= withdrawn_on:
        return Standing.WITHDRAWN
    if on < starts_on:
        return Standing.TO_COME
    if on >= end:
        return Standing.EXPIRED
    is_soon = end - on <= timedelta(days=RENEWAL_DAYS)
    return Standing.RENEWAL_DUE if is_soon and not is_renewed else Standing.IN_FORCE


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as it is typed: number and sign, day, issuer."""

    reference: str
    decided_on: date
    issuer: str


@dataclass(frozen=True, slots=True)
class Particulars:
    """What of a title can be put right: its decision, the days it is held, what was handed over."""

    decision: Decision
    starts_on: date
    ends_before: date
    certificate: str = ""
    ceremony_on: date | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """A document by its number and day: that which corrected a decision."""

    reference: str
    issued_on: date


def refusals(decision: Decision, starts_on: date, end: date, today: date) -> Iterator[Problem]:
    """What is wrong with a decision and the time its title is given for."""
    if not decision.reference.strip() or not decision.issuer.strip():
        yield _problem(
            "no-decision",
            "Ghi số ký hiệu và cơ quan ban hành quyết định.",
            "Give the number of the decision and who issued it.",
        )
    if decision.decided_on > today:
        yield _problem(
            "decided-in-the-future",
            "Ngày quyết định ở tương lai.",
            "The day of the decision lies in the future.",
        )
    if starts_on.year > decision.decided_on.year + YEARS_AHEAD:
        yield _problem(
            "begins-too-late",
            f"Danh hiệu bắt đầu hơn {YEARS_AHEAD} năm sau quyết định.",
            f"The title begins more than {YEARS_AHEAD} years after the decision.",
        )
    if end <= starts_on:
        yield _problem(
            "ends-before-it-begins",
            "Danh hiệu hết hiệu lực trước khi bắt đầu.",
            "The title ends before it begins.",
        )


def ceremony_problems(ceremony_on: date | None, decided_on: date) -> Iterator[Problem]:
    """What is wrong with the day on which a certificate is handed over: never before the decision."""
    if ceremony_on is not None and ceremony_on < decided_on:
        yield _problem(
            "ceremony-before-the-decision",
            "Ngày trao trước ngày quyết định.",
            "The ceremony lies before the decision.",
        )


def corrected_by_problems(by: Issued | None, decided_on: date, today: date) -> Iterator[Problem]:
    """What is wrong with the document that corrected a decision: it has a number, and a day from the decision
    until today."""
    if by is None:
        return
    if not by.reference.strip():
        yield _problem(
            "no-correcting-number",
            "Ghi số ký hiệu của văn bản đính chính.",
            "Give the number of the correcting document.",
        )
    if by.issued_on > today:
        yield _problem(
            "corrected-in-the-future",
            "Ngày văn bản đính chính ở tương lai.",
            "The day of the correcting document lies in the future.",
        )
    if by.issued_on < decided_on:
        yield _problem(
            "corrected-before-the-decision",
            "Văn bản đính chính đề ngày trước quyết định.",
            "The correcting document is dated before the decision.",
        )


def _problem(code: str, vi: str, en: str) -> Problem:
    return Problem(code, Text(vi=vi, en=en))
