"""Every mistake in a formula: where it is, what it is, what to write instead, in both languages."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kieumau.formulas.catalogue import Entry, Type
from kieumau.formulas.expanding import check_catalogue, read
from kieumau.formulas.parse import parse
from kieumau.formulas.tests import written
from kieumau.formulas.tests.civil import CATALOGUE
from kieumau.kernel.messages import Problem, Refused, Text

MISTAKES = [
    # formula, code, English, Vietnamese
    ("fires +\n  10 >  crime.totl", "unknown-indicator",
     'line 2, column 9: "crime.totl" is not an indicator; did you mean crime.total?',
     'dòng 2, cột 9: "crime.totl" không phải là chỉ tiêu; có phải là crime.total?'),
    ("fires-land > 0", "unknown-indicator",
     'line 1, column 1: "fires-land" is not an indicator; for a subtraction write fires - land',
     'dòng 1, cột 1: "fires-land" không phải là chỉ tiêu; phép trừ thì viết fires - land'),
    ("areas.total >= 70%", "types-differ",
     'line 1, column 1: "areas.total" is a number but "70%" is a share. '
     "Divide it by the whole to get a share: areas.total / …?",
     'dòng 1, cột 1: "areas.total" là một số còn "70%" là một tỷ lệ. '
     "Chia cho tổng để thành tỷ lệ: areas.total / …?"),
    ("change(fires) <= -5", "share-against-number",
     'line 1, column 18: a share is compared with "-5", which is -500%; did you mean -5%?',
     'dòng 1, cột 18: tỷ lệ được so với "-5", tức là -500 %; có phải là -5%?'),
    ("fires and land > 1", "not-a-condition",
     'line 1, column 1: "fires" is a number; a condition is needed here. Compare it with something: x > 0.',
     'dòng 1, cột 1: "fires" là một số; ở đây cần một điều kiện. So sánh nó với một mức: x > 0.'),
    ("(fires > 1) + 2", "not-a-number-here",
     'line 1, column 2: "fires > 1" is a condition; a number is needed here. '
     "To count conditions, use count(…).",
     'dòng 1, cột 2: "fires > 1" là một điều kiện; ở đây cần một số. Để đếm điều kiện, dùng count(…).'),
    ("fires / 0", "division-by-zero",
     "line 1, column 9: this is a division by zero.",
     'dòng 1, cột 9: phép chia cho "0" là chia cho 0.'),
    ("fires / (2 - 2)", "division-by-zero",
     "line 1, column 10: this is a division by zero.",
     'dòng 1, cột 10: phép chia cho "2 - 2" là chia cho 0.'),
    ("avg(fires) > 1", "unknown-function", None, None),
    ("rund(fires) > 1", "unknown-function",
     'line 1, column 1: there is no function "rund"; did you mean round?',
     'dòng 1, cột 1: không có hàm "rund"; có phải là round?'),
    ("total(fires) > 1", "wrong-arguments",
     "line 1, column 1: last: … is missing. Write it as total(x, last: 3)",
     "dòng 1, cột 1: thiếu last: …. Cách viết: total(x, last: 3)"),
    ("abs(fires, 2) > 1", "wrong-arguments",
     'line 1, column 1: "abs" has the wrong number of arguments. Write it as abs(x)',
     'dòng 1, cột 1: số tham số của "abs" không đúng. Cách viết: abs(x)'),
    ("abs(fires, last: 2) > 1", "wrong-arguments", None, None),
    ("total(fires, last: 2.5) > 1", "not-a-whole-number",
     'line 1, column 1: "2.5" must be a whole number from 1 to 120.',
     'dòng 1, cột 1: "2.5" phải là số nguyên từ 1 đến 120.'),
    ("at_least(3, fires > 1, land > 1)", "not-a-whole-number",
     'line 1, column 1: "3" must be a whole number from 1 to 2.',
     'dòng 1, cột 1: "3" phải là số nguyên từ 1 đến 2.'),
    ("round(fires, land)", "not-a-whole-number", None, None),
    ("bands(fires, 3: 1, 5: 2, else: 0)", "thresholds-must-fall", None, None),
    ("bands(fires, 3: 1, 3: 2, else: 0)", "thresholds-must-fall", None, None),
    ("bands(fires, land: 1, else: 0)", "wrong-arguments", None, None),
    ("bands(fires, land + 1: 1, else: 0)", "threshold-not-literal", None, None),
    ("bands(fires, 3: 1)", "wrong-arguments", None, None),
    ("bands(clearance, 90: 1, else: 0)", "share-against-number", None, None),
    ("change(fires, since: 19) <= -5%", "not-a-whole-number",
     'line 1, column 1: "19" must be a whole number from 1900 to 2199.',
     'dòng 1, cột 1: "19" phải là số nguyên từ 1900 đến 2199.'),
    ("change(fires, from: 2019) <= -5%", "wrong-arguments",
     'line 1, column 15: "from: 2019" cannot be used here. Write it as change(x) / change(x, since: 2019)',
     'dòng 1, cột 15: "from: 2019" không dùng được ở đây. Cách viết: change(x) / change(x, since: 2019)'),
    ("in_year(fires) > 1", "wrong-arguments", None, None),
    ("in_year(fires, land) > 1", "not-a-whole-number", None, None),
    ("result(tt124-commune) = met", "only-in-a-set",
     'line 1, column 1: "result(tt124-commune)" can only be used in a criteria set.',
     'dòng 1, cột 1: "result(tt124-commune)" chỉ dùng được trong bộ tiêu chí.'),
    ("by(unit.class, rural: 350, urban: 500)", "only-in-a-set", None, None),
    ("all_children(fires > 1)", "only-in-a-set", None, None),
    ("fires + population", "measures-differ",
     'line 1, column 1: "fires" is measured in “fires” but "population" in “people”. '
     "Divide one by the other and compare the ratio.",
     'dòng 1, cột 1: "fires" tính bằng “vụ” còn "population" tính bằng “người”. '
     "Chia cho nhau rồi so sánh tỷ số."),
    ("change(fires) <= -1", "share-against-number", None, None),
    ("fires / year_ago(fires) >= 70", "per-cent-forgotten",
     'line 1, column 28: "fires / year_ago(fires)" is a share, and "70" is 7,000% of it. '
     "Did you mean 70%? If 70 times is meant: fires … 70 * year_ago(fires).",
     'dòng 1, cột 28: "fires / year_ago(fires)" là tỷ lệ, so với "70" tức là 7.000 %. '
     "Có phải là 70%? Nếu đúng là gấp 70 lần: fires … 70 * year_ago(fires)."),
    ("", "formula-empty", "line 1, column 1: the formula is empty.", "dòng 1, cột 1: công thức trống."),
    ("  # nothing but a remark", "formula-empty", None, None),
    ("fires >", "formula-syntax",
     "line 1, column 8: the formula ends too early.", "dòng 1, cột 8: công thức bị dừng giữa chừng."),
    ("1 < fires < 3", "formula-syntax",
     'line 1, column 11: "<" cannot stand here. Join two comparisons with and.',
     'dòng 1, cột 11: "<" không thể đứng ở đây. Nối hai phép so sánh bằng and.'),
    ("fires == 3", "formula-syntax",
     'line 1, column 8: "=" cannot stand here. Write =',
     'dòng 1, cột 8: "=" không thể đứng ở đây. Viết ='),
    ("fires => 3", "formula-syntax",
     'line 1, column 8: ">" cannot stand here. Write >=',
     'dòng 1, cột 8: ">" không thể đứng ở đây. Viết >='),
    ("fires <> 3", "formula-syntax",
     'line 1, column 8: ">" cannot stand here. Write !=',
     'dòng 1, cột 8: ">" không thể đứng ở đây. Viết !='),
    ("=fires > 3", "formula-syntax",
     'line 1, column 1: "=" cannot stand here. Leave out the = at the beginning.',
     'dòng 1, cột 1: "=" không thể đứng ở đây. Bỏ dấu = ở đầu công thức.'),
    ("fires : land > 3", "formula-syntax",
     'line 1, column 7: ":" cannot stand here. A division is written with /.',
     'dòng 1, cột 7: ":" không thể đứng ở đây. Phép chia viết bằng /.'),
    ("if(fires > 3; 1; 2) > 1", "formula-syntax",
     'line 1, column 13: the character ";" cannot be read. '
     "Parts in brackets are parted by commas: if(a, b, c).",
     'dòng 1, cột 13: không đọc được ký tự ";". Các phần trong ngoặc ngăn bằng dấu phẩy: if(a, b, c).'),
    ("AND(fires > 1, land > 1)", "unknown-function",
     'line 1, column 1: there is no function "AND"; write a and b',
     'dòng 1, cột 1: không có hàm "AND"; viết a and b'),
    ("IF(fires > 1, 1, 2) > 1", "unknown-function",
     'line 1, column 1: there is no function "IF"; write if',
     'dòng 1, cột 1: không có hàm "IF"; viết if'),
    ("IFERROR(fires, 0) > 1", "unknown-function",
     'line 1, column 1: there is no function "IFERROR"; write coalesce(x, 0)',
     'dòng 1, cột 1: không có hàm "IFERROR"; viết coalesce(x, 0)'),
    ("tỷ lệ > 3", "formula-syntax", None, None),
    ('unit.class = "rural"', "formula-syntax", None, None),
    ("fires >= 1.000", "number-ambiguous",
     'line 1, column 10: is "1.000" 1 or 1000? '
     "A point begins the decimals; thousands are written 1000 or 1_000.",
     'dòng 1, cột 10: "1.000" là 1 hay 1000? '
     "Dấu chấm là dấu thập phân; hàng nghìn viết 1000 hoặc 1_000."),
    ("fires ≥ 3", "formula-syntax",
     'line 1, column 7: the character "≥" cannot be read. Write >=.',
     'dòng 1, cột 7: không đọc được ký tự "≥". Viết >=.'),
    ("fires >= 1,5", "formula-syntax",
     'line 1, column 11: "," cannot stand here. Decimals are written with a point: 1.5; thousands: 3_000.',
     'dòng 1, cột 11: "," không thể đứng ở đây. Số thập phân viết bằng dấu chấm: 1.5; hàng nghìn: 3_000.'),
    ("fires > 1 AND land > 1", "formula-syntax",
     'line 1, column 11: "AND" cannot stand here. Write and.',
     'dòng 1, cột 11: "AND" không thể đứng ở đây. Viết and.'),
    ("fires land", "formula-syntax",
     'line 1, column 7: "land" cannot stand here. Is an operator missing before it?',
     'dòng 1, cột 7: "land" không thể đứng ở đây. Thiếu dấu phép tính ở trước?'),
    ("(fires > 1", "formula-syntax",
     "line 1, column 1: this ( is never closed.", "dòng 1, cột 1: dấu ( này không được đóng."),
    ("fires > 1)", "formula-syntax",
     "line 1, column 10: this ) closes nothing.", "dòng 1, cột 10: dấu ) không có dấu ( tương ứng."),
    ("max(else: 1, fires)", "formula-syntax",
     "line 1, column 14: arguments with a name come last.",
     "dòng 1, cột 14: tham số có tên phải đứng sau cùng."),
    ("9" * 31, "number-too-long",
     "line 1, column 1: a number has at most 30 digits.", "dòng 1, cột 1: số dài quá 30 chữ số."),
    ("(" * 10_000 + "1" + ")" * 10_000, "formula-too-long",
     "line 1, column 1: the formula has 20,001 characters; at most 4,000. "
     "Move a part of it into a derived indicator.",
     "dòng 1, cột 1: công thức có 20.001 ký tự, tối đa 4.000. "
     "Tách phần lặp lại thành một chỉ tiêu dẫn xuất."),
    ("(" * 1_900 + "1" + ")" * 1_900, "formula-too-nested", None, None),
    ("-" * 3_900 + "1", "formula-too-nested", None, None),
    ("not " * 900 + "fires > 1", "formula-too-nested", None, None),
    ("+".join(["fires"] * 600), "formula-too-large", None, None),
    ("change(" * 12 + "fires" + ")" * 12, "formula-too-large", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "code", "en", "vi"), MISTAKES, ids=[case[0][:30] for case in MISTAKES])
def test_a_mistake_is_shown_with_its_place_and_a_hint(
    formula: str, code: str, en: str | None, vi: str | None
) -> None:
    with pytest.raises(Refused) as refused:
        read(formula, CATALOGUE)
    problem = refused.value.problems[0]
    assert problem.code == code
    assert problem.in_("vi") != problem.in_("en")
    if en is not None:
        assert (problem.in_("en"), problem.in_("vi")) == (en, vi)


def test_every_mistake_is_found_in_one_pass_in_reading_order() -> None:
    with pytest.raises(Refused) as refused:
        read("fire > 1 and\nareas.total >= 70% and\nfires / 0 > 1 and foo(1)", CATALOGUE)
    assert [(problem.place.row, problem.code) for problem in refused.value.problems] == [
        (1, "unknown-indicator"),
        (2, "types-differ"),
        (3, "division-by-zero"),
        (3, "unknown-function"),
    ]


TYPES = [
    ("fires", Type.NUMBER),
    ("clearance", Type.SHARE),
    ("fires / land", Type.RATIO),
    ("fires / 1_000", Type.NUMBER),
    ("3", Type.RATIO),
    ("70%", Type.SHARE),
    ("70% * population", Type.NUMBER),
    ("70% * 50%", Type.SHARE),
    ("1 - fires / land", Type.RATIO),
    ("1 - clearance", Type.SHARE),
    ("clearance / satisfaction", Type.RATIO),
    ("change(fires)", Type.SHARE),
    ("count(fires > 1)", Type.NUMBER),
    ("max(0, fires)", Type.NUMBER),
    ("if(fires > 1, clearance, 0)", Type.SHARE),
    ("if(fires > 1, land > 1, land > 2)", Type.CONDITION),
    ("previous(fires > 1)", Type.CONDITION),
    ("bands(clearance, 90%: 1, else: 0)", Type.RATIO),
    ("fires / land >= 70%", Type.CONDITION),
    ("clearance >= 1", Type.CONDITION),
]


@pytest.mark.parametrize(("formula", "expected"), TYPES)
def test_types(formula: str, expected: Type) -> None:
    assert read(formula, CATALOGUE).type is expected


def _catalogue(**formulas: str) -> dict[str, Entry]:
    return {
        code: Entry(Type.NUMBER, Text(vi=code, en=code), formula=formula)
        for code, formula in formulas.items()
    }


def test_a_circle_of_derived_indicators_is_written_out() -> None:
    circle = _catalogue(a="b + 1", b="2 * c", c="a")
    with pytest.raises(Refused) as refused:
        check_catalogue(circle)
    [problem] = refused.value.problems
    assert problem.code == "circular-definition"
    assert problem.reason == Text(
        vi="định nghĩa vòng tròn: a → b → c → a.", en="circular definition: a → b → c → a."
    )
    with pytest.raises(Refused, match="x → x"):
        read("1 + x", _catalogue(x="x + 1"))


def test_the_owner_of_a_formula_is_named() -> None:
    with pytest.raises(Refused, match=r"^criterion 4, line 1, column 1: "):
        read("fire > 1", CATALOGUE, owner="criterion 4")


def test_a_derived_indicator_names_itself_in_its_mistakes() -> None:
    with pytest.raises(Refused) as refused:
        check_catalogue(_catalogue(a="", b="a + \n zz", c="a > 1"))
    assert [problem.in_("en") for problem in refused.value.problems] == [
        'b, line 2, column 2: "zz" is not an indicator; see the catalogue of indicators.',
        "c, line 1, column 1: the formula gives a condition, but the indicator is declared a number.",
    ]


def test_derived_indicators_cannot_blow_a_formula_up() -> None:
    doubling = _catalogue(a0="", **{f"a{n}": f"a{n - 1} + a{n - 1}" for n in range(1, 40)})
    chain = _catalogue(a0="", **{f"a{n}": f"a{n - 1} + 1" for n in range(1, 1_000)})
    for catalogue, last in ((doubling, "a39"), (chain, "a999")):
        with pytest.raises(Refused) as refused:
            read(last, catalogue)
        assert refused.value.problems[0].code == "formula-too-large"


def refusals(work: Callable[[], object]) -> list[Problem]:
    """The problems for which something is refused; never none of them. Nothing else may be raised."""
    try:
        work()
    except Refused as refused:
        return refused.problems or [Problem("silent-refusal", Text(vi="", en=""))]
    return []


@given(st.text(max_size=200) | st.text(alphabet="ab.(),:<>=!+-*/ %0123456789_#\n\tifnotandor", max_size=200))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    for problem in refusals(lambda: parse(text)):
        assert problem.in_("vi")


@given(written.formulas, st.data())
def test_a_broken_formula_is_parsed_or_refused(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    broken = text[:at] + data.draw(st.sampled_from("(),:<+-*% \x00é")) + text[at:]
    for problem in refusals(lambda: read(broken, written.CATALOGUE, scope=written.SCOPE)):
        assert problem.in_("vi")
