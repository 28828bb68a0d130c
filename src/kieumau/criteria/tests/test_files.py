"""A criteria set with a mistake: what is said about it, and on which line."""

from dataclasses import replace
from datetime import date

import pytest

from kieumau.criteria.files import check_text, path_of, shipped
from kieumau.criteria.rules import Definition, due_on
from kieumau.criteria.tests.sets import MEASURED, SMALL, SURROUNDINGS
from kieumau.kernel.messages import Problem, Refused
from kieumau.kernel.yamlfile import read_text


def problems(text: str) -> list[Problem]:
    """What is wrong with a set; it must be something."""
    with pytest.raises(Refused) as refused:
        check_text(text, "small.yaml", SURROUNDINGS)
    for problem in refused.value.problems:
        assert problem.in_("vi") != problem.in_("en"), "every sentence comes in both languages"
    return refused.value.problems


def line_of(text: str, piece: str) -> int:
    """The one-based line on which a piece stands first."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if piece in line)


def test_the_small_set_is_sound() -> None:
    found = check_text(SMALL, "small.yaml", SURROUNDINGS)
    assert [criterion.code for criterion in found.definition.criteria] == ["1", "2", "3"]
    assert found.derived == {}


def formula(text: str) -> str:
    """The small set with another formula in criterion 2."""
    return SMALL.replace("areas.recognised / areas.total >= 70%", text)


# What is written instead of what, the code of the problem, the line on which it is found, and a word
# that its English sentence must hold.
MISTAKES = [
    ("summary:", "sumary:", "unknown-key", "sumary:", "summary"),
    ("    formula:", "    formule:", "unknown-key", "formule:", "formula"),
    ("verification: unverified", "verification: perhaps", "wrong-value", "perhaps", "perhaps"),
    ("code: small", "code: Small set", "wrong-value", "code: Small set", "Small set"),
    ("kind: judged", "kind: guessed", "wrong-value", 'code: "3"', "guessed"),
    ("{kind: all}", "{kind: at_least, k: 4}", "more-than-there-are", "rule:", "only 3"),
    ("{kind: all}", "{kind: at_least, k: 0}", "wrong-value", "rule:", "0"),
    ("group: a", "group: b", "unknown-group", "group: b", "b"),
    ('- code: "3"', '- code: "2"', "repeated-code", 'code: "2"\n    kind: judged', "twice"),
    ("calendar: civil", "calendar: civic", "unknown-calendar", "civic", "civil"),
    ("kind: year", "kind: decade", "unknown-period-kind", "decade", "month, quarter"),
    ("kind: year", "kind: half", "day-needs-a-year", "window:", "yearly"),
    ("level: commune", "level: commune, kinds: [wrad]", "unknown-kind", "wrad", "ward"),
    ("level: commune", "level: commune, kinds: [province]", "unknown-kind", "kinds", "province"),
    ("from: 2022-01-01", "from: 2022-01-01, to: 2021-12-31", "ends-before-it-starts", "effective:", "ends"),
    ("from: 2022-01-01", "from: January", "wrong-value", "effective:", "January"),
    ("month: 3, day: 31", "month: 2, day: 30", "no-such-day", "window:", "no day 30"),
    ("areas.recognised /", "areas.recognized /", "unknown-indicator", "formula:", "areas.recognised"),
    (">= 70%", "", "not-a-condition", "formula:", "condition"),
    ("areas.total >= 70%", "0 >= 70%", "division-by-zero", "formula:", "zero"),
    (
        "areas.recognised / areas.total",
        "crime.first / areas.total",
        "circular-definition",
        None,
        "crime.second",
    ),
    (">= 70%", ">= ((70%", "formula-syntax", "formula:", "never closed"),
]


@pytest.mark.parametrize(("right", "wrong", "code", "where", "word"), MISTAKES)
def test_mistakes(right: str, wrong: str, code: str, where: str | None, word: str) -> None:
    text = SMALL.replace(right, wrong, 1)
    assert text != SMALL
    found = problems(text)
    assert code in [problem.code for problem in found]
    problem = next(problem for problem in found if problem.code == code)
    assert word in problem.in_("en")
    if where is not None:
        first = text[: text.index(where)].count("\n") + 1
        assert (problem.place.file, problem.place.row) == ("small.yaml", first)


def test_every_mistake_is_said_in_one_pass() -> None:
    text = SMALL.replace("group: a", "group: b").replace("calendar: civil", "calendar: civic")
    text = text.replace("areas.total >=", "areas.totl >=")
    found = problems(text)
    assert [problem.code for problem in found] == ["unknown-calendar", "unknown-group", "unknown-indicator"]
    assert [problem.place.row for problem in found] == sorted(problem.place.row or 0 for problem in found)


def test_the_place_is_the_line_and_the_column_of_the_file() -> None:
    # How a formula is written: the mistake is on the line, and in the column, where it stands.
    for written in (
        "areas.recognised / areas.totl >= 70%",
        "|\n      areas.recognised > 0\n      and areas.totl > 0",
        ">\n      areas.recognised > 0\n      and\n      areas.totl > 0",
        "areas.recognised > 0\n      and areas.totl > 0",
        "'areas.recognised > 0\n      and areas.totl > 0'",
    ):
        text = formula(written)
        [problem] = problems(text)
        row = line_of(text, "areas.totl")
        column = text.splitlines()[row - 1].index("areas.totl") + 1
        assert (problem.place.row, problem.place.column) == (row, str(column)), written


def test_what_is_missing_at_the_end_of_a_formula_is_told_of_its_own_line() -> None:
    """Not of the line below, which is another criterion's."""
    for written in (
        "areas.total =",
        "|\n      areas.total\n        =\n",
        ">\n      areas.total =\n\n",
        "'areas.total ='",
    ):
        text = formula(written)
        [problem] = problems(text)
        row = next(
            number for number, line in enumerate(text.splitlines(), 1) if line.rstrip("'").endswith("=")
        )
        assert (problem.code, problem.place.row) == ("formula-syntax", row), written


# What is written instead of what, and the code of what is said about it.
BOUNDS = [
    ("en: Small set}", "en: ''}", "wrong-value"),
    ("en: Small set}", "en: '  '}", "wrong-value"),
    ("{vi: Bộ nhỏ,", "{vi: ,", "wrong-value"),
    ("{vi: Bộ nhỏ,", f"{{vi: {'ộ' * 301},", "name-too-long"),
    ("{vi: Có kế hoạch,", f"{{vi: {'ộ' * 501},", "name-too-long"),
    ("from: 2022-01-01", "from: 2022-01-01, to: 9999-12-31", "wrong-value"),
    ("from: 2022-01-01", "from: 0001-01-01", "wrong-value"),
]


@pytest.mark.parametrize(("old", "new", "code"), BOUNDS)
def test_what_no_table_could_keep_is_refused_with_its_line(old: str, new: str, code: str) -> None:
    assert SMALL.count(old) == 1
    text = SMALL.replace(old, new)
    assert [(one.code, one.place.row) for one in problems(text)] == [(code, line_of(text, new))]


def test_as_much_as_there_is_room_for_is_taken() -> None:
    text = SMALL.replace("Bộ nhỏ", "ộ" * 300).replace("Có kế hoạch", "ộ" * 500)
    found = check_text(text.replace("2022-01-01", "2022-01-01, to: 2999-12-31"), "x", SURROUNDINGS)
    assert len(found.definition.title.vi) == 300


def test_a_catalogue_in_a_file_is_a_fault_of_a_text_from_the_browser() -> None:
    for named in ("mine.yaml", "../vn-commune", "a\\b"):
        text = f"{SMALL}catalogue: {named}\n"
        check_text(text, "x", SURROUNDINGS)
        with pytest.raises(Refused) as refused:
            check_text(text, "x", replace(SURROUNDINGS, opens_files=False))
        [problem] = refused.value.problems
        assert (problem.code, problem.place.row) == ("catalogue-is-a-file", line_of(text, "catalogue:"))


def test_ten_thousand_brackets() -> None:
    [problem] = problems(formula("(" * 10_000 + "1" + ")" * 10_000 + " > 0"))
    assert problem.code.startswith("formula-too")


def test_a_set_has_only_so_many_formulas() -> None:
    long = " + ".join(["areas.total"] * 230) + " > 0"
    one = "  - {code: '%d', kind: measured, title: {vi: Một, en: One}, formula: '%s'}\n"
    head = SMALL[: SMALL.index("criteria:")]
    text = head + "criteria:\n" + "".join(one % (number, long) for number in range(1, 101))
    [problem] = problems(text)
    assert problem.code == "set-too-large"
    assert problem.place.row is not None


def test_points_belong_to_sets_that_count_points() -> None:
    classes = "classes: [{code: good, name: {vi: Khá, en: Good}, from: 3}], meets_from: 3"
    rule = f"{{kind: points, {classes}}}"
    assert {"points-missing", "more-than-there-are"} <= {
        problem.code for problem in problems(SMALL.replace("{kind: all}", rule))
    }
    with_points = SMALL.replace("    kind: ", "    points: {max: 2}\n    kind: ")
    assert {problem.code for problem in problems(with_points)} == {"points-unused"}
    check_text(with_points.replace("{kind: all}", rule), "small.yaml", SURROUNDINGS)
    bands = with_points.replace("{kind: all}", rule).replace(
        "{max: 2}\n    kind: measured", "{max: 2, formula: crime.total > 0}\n    kind: measured"
    )
    assert [problem.code for problem in problems(bands)] == ["not-a-number"]


def test_classes_stand_from_most_to_fewest_points() -> None:
    rising = "[{code: a, name: {vi: A, en: A}, from: 1}, {code: b, name: {vi: B, en: B}, from: 2}]"
    rule = f"{{kind: points, classes: {rising}, meets_from: 1}}"
    text = SMALL.replace("    kind: ", "    points: {max: 2}\n    kind: ").replace("{kind: all}", rule)
    assert [problem.code for problem in problems(text)] == ["classes-not-falling"]


def test_figures_must_fit_the_period() -> None:
    """Months from the 15th do not add up to a calendar year; to within 17 days they would."""
    text = formula("crime.total <= 5")
    [problem] = problems(text)
    assert problem.code == "figures-do-not-fit"
    assert problem.place.row == line_of(text, "period:")
    near = text.replace("calendar: civil, kind: year}", "calendar: tt124-commune, kind: year}")
    [problem] = problems(near.replace("70%", "70% and crime.total > 1"))
    assert problem.reason.vi == (
        "Số liệu báo cáo từ ngày 15 đến ngày 14; kỳ đánh giá 16/11–15/11 lệch 1 ngày ở đầu và 1 ngày ở cuối."
    )
    assert problem.hint is not None
    assert problem.hint.vi == (
        "Cho phép lệch 1 ngày (ô “Cho phép số liệu lệch mấy ngày”), hoặc chọn kỳ 15/11–14/11."
    )
    check_text(near.replace("verification:", "figures_slack_days: 1\nverification:"), "x", SURROUNDINGS)


def test_a_wrong_shape_hides_no_formula() -> None:
    """A criterion without a title, one without a question, a head without a rule: all of it is said."""
    text = formula("areas.recognized / areas.total >= 70%")
    text = text.replace("    title: {vi: Công nhận khu dân cư, en: Areas recognized}\n", "")
    text = text.replace("    question: {vi: Tham mưu tốt không?, en: Does it advise well?}\n", "")
    text = text.replace("rule: {kind: all}\n", "").replace("group: a", "group: b")
    codes = sorted(problem.code for problem in problems(text))
    assert codes == [
        "missing-question",
        "missing-rule",
        "missing-title",
        "unknown-group",
        "unknown-indicator",
    ]


def test_a_set_without_criteria_is_only_begun() -> None:
    [problem] = problems(SMALL[: SMALL.index("criteria:")] + "criteria: []\n")
    assert problem.reason.vi == "Chưa có tiêu chí nào."


def test_the_derived_indicators_a_set_rests_on_are_kept() -> None:
    found = check_text(formula("areas.share >= 70%"), "small.yaml", SURROUNDINGS)
    assert found.derived == {"areas.share": "areas.recognised / areas.total"}


def test_the_digest_is_about_the_meaning() -> None:
    digest = check_text(SMALL, "small.yaml", SURROUNDINGS).digest()
    assert check_text("# a remark\n" + SMALL, "small.yaml", SURROUNDINGS).digest() == digest
    assert check_text(SMALL.replace("70%", "71%"), "small.yaml", SURROUNDINGS).digest() != digest


def test_a_definition_reads_back_from_its_json() -> None:
    definition = check_text(SMALL, "small.yaml", SURROUNDINGS).definition
    assert Definition.model_validate(definition.canonical()) == definition


def test_shipped_names() -> None:
    assert {"london-wards", "tt124-commune"} <= set(shipped())
    assert path_of("tt124-commune").is_file()
    with pytest.raises(Refused) as refused:
        path_of("tt124-comune")
    assert "tt124-commune" in refused.value.problems[0].in_("en")


YEAR = (date(2022, 11, 16), date(2023, 11, 16))


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        ("", date(2023, 11, 15)),  # the period's last day
        ("    due: {on: {month: 10, day: 31}}\n", date(2023, 10, 31)),
        ("    due: {on: {month: 12, day: 1}}\n", date(2022, 12, 1)),
        ("    due: {days_after_end: 5}\n", date(2023, 11, 20)),
    ],
)
def test_due_days(due: str, expected: date) -> None:
    text = SMALL.replace(MEASURED, MEASURED + due)
    definition = read_text(text, Definition, "small.yaml")
    assert due_on(definition.criteria[1], *YEAR) == expected


def test_a_document_is_due_when_its_window_closes() -> None:
    definition = read_text(SMALL, Definition, "small.yaml")
    assert due_on(definition.criteria[0], *YEAR) == date(2023, 3, 31)
    assert due_on(definition.criteria[2], *YEAR) == date(2023, 11, 15)
