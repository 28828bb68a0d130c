"""Why figures do not meet a criterion: value, threshold and period, as a dossier froze them, in words."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from kieumau.assessments.reading import facts_from, operands_from
from kieumau.assessments.rules import Outcome
from kieumau.assessments.sentences import because, day
from kieumau.calendars.library import calendar, decode
from kieumau.calendars.working_days import day_of
from kieumau.criteria.queries import definition, placed
from kieumau.criteria.rules import Measured, due_on
from kieumau.criteria.trees import FrozenCatalogue
from kieumau.formulas.evaluate import evaluate_placed
from kieumau.formulas.windows import Fact
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Text
from kieumau.rounds.models import Dossier, Round

LANGUAGES = ("vi", "en")
AT_ONCE = 200  # what dossiers froze is large


class Reasons:
    """Tells of the dossiers of one round; what they share is read once. Two queries."""

    def __init__(self, made: Round) -> None:
        self._window = decode(made.period_id)
        self._calendar = calendar(self._window.calendar)
        self._measured = {
            one.code: (one, trees)
            for one, trees in zip(
                definition(made.criteria_set).criteria,
                placed(made.criteria_set, self._window).trees,
                strict=True,
            )
            if isinstance(one, Measured)
        }
        self._catalogue = FrozenCatalogue(catalogue(), made.criteria_set.derived)

    def of(
        self, frozen: Mapping[str, Any] | None, submitted_at: datetime | None, codes: Collection[str]
    ) -> dict[str, Text]:
        """By code why figures do not meet it, of those codes that they do not meet; of others nothing.

        `frozen` and `submitted_at` are the dossier's; nothing is said while it was not submitted.
        """
        if frozen is None or submitted_at is None:
            return {}
        kept: Mapping[str, Any] = frozen["criteria"]
        failed = [code for code in codes if code in self._measured and _is_unmet(kept.get(code))]
        if not failed:
            return {}
        values = operands_from(frozen["operands"])
        verdicts = {Fact("criterion", code): one[0] for code, one in kept.items()}
        facts = {**facts_from(frozen["operands"]), **verdicts}
        lead = self._lead(day_of(submitted_at))
        return {code: self._said(code, values, facts, lead) for code in failed}

    def _said(self, code: str, values: Any, facts: Any, lead: Text) -> Text:
        criterion, trees = self._measured[code]
        bounds = self._calendar.bounds(self._window)
        trace, applies = (
            evaluate_placed(tree, values, facts) if tree else None
            for tree in (trees.formula, trees.applies_if)
        )
        vi, en = (
            because(
                criterion,
                Outcome.NOT_MET,
                due_on(criterion, *bounds),
                bounds,
                trace,
                applies,
                self._catalogue,
                language,
            )
            for language in LANGUAGES
        )
        return Text(vi=f"{lead.vi} {vi}", en=f"{lead.en} {en}")

    def _lead(self, frozen_on: date) -> Text:
        label, when = self._calendar.label(self._window), day(frozen_on)
        return Text(
            vi=f"Theo số liệu {label.vi}, chốt ngày {when.vi}:",
            en=f"By the figures of {label.en}, frozen on {when.en}:",
        )


def _is_unmet(kept: Any) -> bool:
    return bool(kept) and kept[0] == Outcome.NOT_MET.key


def of_each(made: Round, pairs: Iterable[tuple[int, str]]) -> Iterator[tuple[tuple[int, str], Text]]:
    """The same of many criteria of dossiers, each named by the dossier's id and its code, where there is one.

    A query for every `AT_ONCE` dossiers.
    """
    codes: dict[int, list[str]] = {}
    for dossier_id, code in pairs:
        codes.setdefault(dossier_id, []).append(code)
    reasons, ids = Reasons(made), sorted(codes)
    for start in range(0, len(ids), AT_ONCE):
        rows = Dossier.objects.filter(pk__in=ids[start : start + AT_ONCE])
        for pk, frozen, submitted_at in rows.values_list("pk", "frozen", "submitted_at"):
            for code, said in reasons.of(frozen, submitted_at, codes[pk]).items():
                yield (pk, code), said
