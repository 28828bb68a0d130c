"""Verdicts in words, in both languages. Plain Python: the command line and documents use them too."""

from datetime import date, timedelta

from kieumau.assessments.rules import Counts, Outcome, Result
from kieumau.criteria.rules import CriterionDefinition, Definition, Documented, Judged, Points
from kieumau.formulas.catalogue import Catalogue
from kieumau.formulas.phrases import MONTHS_EN
from kieumau.formulas.sentences import sentence
from kieumau.formulas.trace import Trace
from kieumau.kernel.messages import Text
from kieumau.kernel.numbers import format_number

WORDS = {
    Outcome.MET: Text(vi="đạt", en="met"),
    Outcome.NOT_MET: Text(vi="chưa đạt", en="not met"),
    Outcome.NOT_DUE: Text(vi="chưa đến hạn", en="not yet due"),
    Outcome.NOT_APPLICABLE: Text(vi="không áp dụng", en="not applicable"),
    Outcome.NO_DATA: Text(vi="thiếu số liệu", en="no data"),
    Outcome.NOT_JUDGED: Text(vi="chưa kết luận", en="not yet judged"),
}

# In the order in which they are told: what fails, what is open, what does not count.
TOLD = (
    Outcome.NOT_MET,
    Outcome.NOT_DUE,
    Outcome.NO_DATA,
    Outcome.NOT_JUDGED,
    Outcome.NOT_APPLICABLE,
)


def unverified_line(code: str, verification: str) -> Text | None:
    """“The set x is unverified.”, for whoever shows what it says; None where its wording was checked."""
    if verification != "unverified":
        return None
    return Text(vi=f"Bộ tiêu chí {code}: chưa kiểm chứng.", en=f"The set {code} is unverified.")


def outcome_word(outcome: Outcome, language: str) -> str:
    """“not yet due” · “chưa đến hạn”."""
    return WORDS[outcome].in_(language)


def counts_sentence(counts: Counts, language: str) -> str:
    """“18 of 22 met, 4 not yet due” · “Đạt 18/22 tiêu chí, 4 chưa đến hạn”."""
    total = counts.total
    if language.startswith("en"):
        first = f"{counts.met} of {total} met"
    else:
        first = f"Đạt {counts.met}/{total} tiêu chí"
    rest = [f"{counts[outcome]} {outcome_word(outcome, language)}" for outcome in TOLD if counts[outcome]]
    return ", ".join([first, *rest])


def points_sentence(definition: Definition, result: Result, language: str) -> str:
    """“72.5 points: Good” · “72,5 điểm: Khá”; says how many more are possible while some are open.

    Empty for sets that count no points.
    """
    if not isinstance(definition.rule, Points) or result.score is None:
        return ""
    english = language.startswith("en")
    text = f"{format_number(result.score.sure, None, language)} {'points' if english else 'điểm'}"
    if result.score.final is None:
        most = format_number(result.score.possible, None, language)
        text += f" so far, {most} possible" if english else f" đến nay, có thể đạt {most}"
    names = {item.code: item.name.text() for item in definition.rule.classes}
    if result.class_code:
        text += f": {names[result.class_code].in_(language)}"
    return text


def because(
    criterion: CriterionDefinition,
    outcome: Outcome,
    due_on: date,
    bounds: tuple[date, date],
    trace: Trace | None,
    applies: Trace | None,
    catalogue: Catalogue,
    language: str,
) -> str:
    """Why a criterion came out as it did, in one or two sentences.

    `bounds` are the first day of the period and the day before which it ends; `trace` and `applies`
    are those of its formula and its `applies_if`, where it has them.
    """
    if applies is not None and applies.outcome is not True:
        said = _whether_it_applies(applies, catalogue, language)
    elif trace is not None:
        said = _closed(sentence(trace, catalogue, language))
    else:
        said = _what_is_asked(criterion, bounds).in_(language)
    if outcome is Outcome.NOT_DUE:
        said += _due(due_on).in_(language)
    elif outcome is Outcome.NOT_JUDGED:
        said += Text(vi=" Chưa có người kết luận.", en=" Nobody has decided it yet.").in_(language)
    return said


def _whether_it_applies(applies: Trace, catalogue: Catalogue, language: str) -> str:
    if applies.outcome is False:
        lead = Text(vi="Không áp dụng: ", en="Not applicable: ")
    else:
        lead = Text(vi="Chưa rõ có áp dụng không: ", en="Whether it applies is not known: ")
    return _closed(lead.in_(language) + sentence(applies, catalogue, language))


def _what_is_asked(criterion: CriterionDefinition, bounds: tuple[date, date]) -> Text:
    if isinstance(criterion, Documented):
        first, last = bounds[0], bounds[1] - timedelta(days=1)
        if criterion.window:
            first, last = criterion.window.starts.within(*bounds), criterion.window.ends.within(*bounds)
        name = criterion.document.name
        return Text(
            vi=f"Cần có: {name.vi}, ký từ {day(first).vi} đến {day(last).vi}.",
            en=f"Needed: {name.en}, dated from {day(first).en} to {day(last).en}.",
        )
    if isinstance(criterion, Judged):
        return criterion.question.text()
    return criterion.title.text()


def _due(due_on: date) -> Text:
    when = day(due_on)
    return Text(vi=f" Hạn: {when.vi}.", en=f" Due on {when.en}.")


def day(value: date) -> Text:
    """31/03/2025 · 31 March 2025."""
    return Text(vi=f"{value:%d/%m/%Y}", en=f"{value.day} {MONTHS_EN[value.month - 1]} {value.year}")


def _closed(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
