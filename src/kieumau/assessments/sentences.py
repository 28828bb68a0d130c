"""Verdicts in words, in both languages. Plain Python: the command line and documents use them too."""

from kieumau.assessments.rules import Counts, Outcome, Result
from kieumau.criteria.rules import Definition, Points
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
