"""Verdicts in words."""

from fractions import Fraction

import pytest

from kieumau.assessments import rules
from kieumau.assessments.rules import Counts, Outcome, Result, Score
from kieumau.assessments.sentences import WORDS, counts_sentence, points_sentence
from kieumau.criteria.rules import Definition
from kieumau.criteria.tests.sets import SMALL
from kieumau.kernel.yamlfile import read_text


@pytest.mark.parametrize(
    ("counts", "vi", "en"),
    [
        (Counts(met=18, not_due=4), "Đạt 18/22 tiêu chí, 4 chưa đến hạn", "18 of 22 met, 4 not yet due"),
        (Counts(met=10), "Đạt 10/10 tiêu chí", "10 of 10 met"),
        (
            Counts(met=5, not_met=2, no_data=1, not_judged=1, not_applicable=1),
            "Đạt 5/10 tiêu chí, 2 chưa đạt, 1 thiếu số liệu, 1 chưa kết luận, 1 không áp dụng",
            "5 of 10 met, 2 not met, 1 no data, 1 not yet judged, 1 not applicable",
        ),
    ],
)
def test_counts(counts: Counts, vi: str, en: str) -> None:
    assert counts_sentence(counts, "vi") == vi
    assert counts_sentence(counts, "en") == en


def test_every_outcome_has_its_word() -> None:
    assert set(WORDS) == set(Outcome)


POINTS = """{kind: points, meets_from: 4, classes: [
    {code: good, name: {vi: Khá, en: Good}, from: 4}, {code: fair, name: {vi: TB, en: Fair}, from: 2}]}"""


@pytest.mark.parametrize(
    ("score", "class_code", "vi", "en"),
    [
        (("4.5", "4.5"), "good", "4,5 điểm: Khá", "4.5 points: Good"),
        (("2", "6"), "", "2 điểm đến nay, có thể đạt 6", "2 points so far, 6 possible"),
        (("1.5", "1.5"), "", "1,5 điểm", "1.5 points"),
    ],
)
def test_points(score: tuple[str, str], class_code: str, vi: str, en: str) -> None:
    text = SMALL.replace("    kind: ", "    points: {max: 2}\n    kind: ").replace("{kind: all}", POINTS)
    definition = read_text(text, Definition, "small.yaml")
    result = Result(Outcome.MET, Counts(), Score(*map(Fraction, score)), class_code)
    assert points_sentence(definition, result, "vi") == vi
    assert points_sentence(definition, result, "en") == en


def test_points_just_below_a_threshold_are_not_told_as_that_threshold() -> None:
    text = SMALL.replace("    kind: ", "    points: {max: 2}\n    kind: ").replace("{kind: all}", POINTS)
    definition = read_text(text, Definition, "small.yaml")
    points = Fraction("3.9996")
    result = rules.result(definition.rule, [Outcome.NOT_MET], [rules.Score(points, points)])
    assert result.outcome is Outcome.NOT_MET
    assert points_sentence(definition, result, "en") == "3.999 points: Fair"


def test_no_points_no_sentence() -> None:
    definition = read_text(SMALL, Definition, "small.yaml")
    assert points_sentence(definition, Result(Outcome.MET, Counts()), "vi") == ""
