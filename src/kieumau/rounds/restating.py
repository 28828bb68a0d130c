"""What has changed beneath a dossier since it was frozen: its figures, and what is asked beside figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kieumau.assessments.models import Assessment
from kieumau.assessments.reading import facts_from, operands_from
from kieumau.assessments.sentences import WORDS
from kieumau.formulas.values import MISSING, OperandValue, Tally
from kieumau.formulas.windows import Fact, Operand
from kieumau.kernel.messages import Text
from kieumau.kernel.numbers import format_number
from kieumau.rounds.models import Dossier

Stored = Mapping[str, Sequence[Any]]
Known = str | Decimal | Tally | None  # as `facts_from` gives it; None where nothing was known
_WORDS = {outcome.key: said for outcome, said in WORDS.items()}


@dataclass(frozen=True, slots=True)
class Restated:
    """One figure that a frozen dossier rests on: what it was then, what it is now."""

    operand: Operand
    then: OperandValue
    now: OperandValue


@dataclass(frozen=True, slots=True)
class Altered:
    """One fact that it rests on beside figures: the verdict of another set, a class, the units below."""

    fact: Fact
    then: Known
    now: Known

    @property
    def said(self) -> tuple[Text, Text]:
        """What it was then and what it is now, in words."""
        return _said(self.then), _said(self.now)


@dataclass(frozen=True, slots=True)
class Since:
    """What differs from what was submitted. `is_judged` is false where the unit, judged then, is judged by
    that set for that period no more (the map has changed, say): then nothing can be compared."""

    figures: tuple[Restated, ...] = ()
    facts: tuple[Altered, ...] = ()
    is_judged: bool = True


def compared(then: Stored, now: Stored) -> Since:
    """What differs between two sets of stored operands, in the order of then."""
    before, after = operands_from(then), operands_from(now)
    figures = (Restated(one, value, after.get(one, MISSING)) for one, value in before.items())
    known, known_now = facts_from(then), facts_from(now)
    facts = (Altered(one, known.get(one), known_now.get(one)) for one in {**known, **known_now})
    return Since(
        tuple(one for one in figures if one.then != one.now),
        tuple(one for one in facts if _kept(one.then) != _kept(one.now)),
    )


def since(dossier: Dossier) -> Since:
    """What has changed since the dossier was submitted; nothing while it was not. One query."""
    if dossier.frozen is None:
        return Since()
    made = dossier.round
    found = Assessment.objects.filter(
        criteria_set=made.criteria_set_id, period=made.period_id, unit=dossier.unit_id
    )
    return since_in(dossier, found.values_list("operands", flat=True).first())


def since_in(dossier: Dossier, now: Stored | None) -> Since:
    """The same against what the verdict on its unit rests on now; None where there is none any more."""
    then = dossier.frozen["operands"] if dossier.frozen else {}
    if not then:
        return Since()
    return Since(is_judged=False) if now is None else compared(then, now)


def _kept(value: Known) -> Known:
    """A commune has no units below it: that is kept by some ways of judging, and left out by others."""
    return None if isinstance(value, Tally) and not value.total else value


def _said(value: Known) -> Text:
    if isinstance(value, Tally):
        return Text(
            vi=f"{len(value.met)} đạt, {len(value.failed)} chưa đạt, {len(value.open)} chưa rõ",
            en=f"{len(value.met)} met, {len(value.failed)} not met, {len(value.open)} unknown",
        )
    if isinstance(value, Decimal):
        return Text(vi=format_number(value, None, "vi"), en=format_number(value, None, "en"))
    if value is None:
        return Text(vi="chưa rõ", en="unknown")
    return _WORDS.get(value, Text(vi=value, en=value))
