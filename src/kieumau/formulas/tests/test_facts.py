"""Other verdicts, classes of units and the units one level down: what they mean, and what is refused."""

from decimal import Decimal

import pytest

from kieumau.formulas.catalogue import Type
from kieumau.formulas.expanding import read
from kieumau.formulas.placing import facts_of, operands_of, place
from kieumau.formulas.scope import Scope
from kieumau.formulas.sentences import sentence
from kieumau.formulas.tests.both import Unit, traced
from kieumau.formulas.tests.civil import CATALOGUE, CIVIL, OCTOBER, operand, window
from kieumau.formulas.trace import Outcome, Trace
from kieumau.formulas.values import OperandValue
from kieumau.formulas.windows import Fact
from kieumau.kernel.messages import Refused

SCOPE = Scope(
    ("rural", "urban", "1", "2"),
    ("4", "4.10", "7-b"),
    {"tt124-commune": False, "movement-510": True, "new": None},
)
LAST_YEAR = window("2024-10")


def judged(text: str, *children: Unit, **known: object) -> Trace:
    """The outcome for a unit with 300 people, some facts (`c` its class, `four` criterion 4, `other` and
    `ago` the result of another set now and a year ago, `points`), and some units below."""
    names = {
        "c": Fact("unit", "class"),
        "four": Fact("criterion", "4"),
        "other": Fact("result", "tt124-commune", OCTOBER),
        "ago": Fact("result", "tt124-commune", LAST_YEAR),
        "points": Fact("points", "movement-510", OCTOBER),
    }
    facts = {
        names[name]: Decimal(str(value)) if name == "points" else str(value) for name, value in known.items()
    }
    tree = place(read(text, CATALOGUE, scope=SCOPE).tree, OCTOBER, CIVIL)
    return traced(tree, Unit({operand("population"): OperandValue.of(300)}, facts, children))


def crimes(count: int | None, result: str = "") -> Unit:
    """A unit below with so many crimes, None where nobody knows."""
    values = {} if count is None else {operand("crime.total"): OperandValue.of(count)}
    return Unit(values, {Fact("result", "tt124-commune", OCTOBER): result} if result else {})


VERDICTS = [
    # what criterion 4 came out as, what is asked, the answer
    ("met", "criterion(4) = met", True),
    ("not_met", "criterion(4) = met", False),
    ("not_applicable", "criterion(4) = met", False),
    ("not_due", "criterion(4) = met", None),
    ("no_data", "criterion(4) = met", None),
    ("not_judged", "criterion(4) = met", None),
    ("not_due", "criterion(4) = not_due", True),
    ("not_due", "criterion(4) = no_data", False),
    ("met", "criterion(4) = not_due", False),
    ("met", "criterion(4) != met", False),
    ("not_met", "criterion(4) != met", True),
    ("no_data", "criterion(4) != met", None),
    ("no_data", "criterion(4) != not_due", True),
    ("met", "met = criterion(4)", True),
    ("not_due", "criterion(4) = met or criterion(4) = not_due", True),
]


@pytest.mark.parametrize(("found", "text", "expected"), VERDICTS)
def test_an_open_verdict_is_not_yet_another(found: str, text: str, expected: bool | None) -> None:
    assert judged(text, four=found).outcome is expected


FACTS = [
    ("criterion(4) = met", {}, None),
    ("result(tt124-commune) = met and criterion(4) = met", {"four": "met", "other": "met"}, True),
    ("year_ago(result(tt124-commune)) = met", {"ago": "met"}, True),
    ("year_ago(result(tt124-commune) = met)", {"other": "met"}, None),
    ("points(movement-510) >= 90", {"points": "89.999"}, False),
    ("points(movement-510) >= 90", {}, None),
    ("if(population >= by(unit.class, rural: 350, urban: 250), 4, 3)", {"c": "rural"}, 3),
    ("if(population >= by(unit.class, rural: 350, urban: 250), 4, 3)", {"c": "urban"}, 4),
    ("by(unit.class, 1: 70%, 2: 60%)", {"c": "2"}, Decimal("0.6")),
    ("by(unit.class, 1: 70%, 2: 60%)", {"c": "rural"}, None),
    ("by(unit.class, 1: 70%, else: 50%)", {"c": "rural"}, Decimal("0.5")),
    ("by(unit.class, 1: 70%, else: 50%)", {}, None),
    ("unit.class = rural", {"c": "rural"}, True),
    ("unit.class != rural", {"c": "urban"}, True),
    ("unit.class = rural", {}, None),
]


@pytest.mark.parametrize(("text", "known", "expected"), FACTS)
def test_facts(text: str, known: dict[str, object], expected: Outcome) -> None:
    assert judged(text, **known).outcome == expected


UNITS_BELOW = [
    ([1, 2, 3], "all_children(crime.total < 5)", True),
    ([1, 2, 9], "all_children(crime.total < 5)", False),
    ([1, None, 9], "all_children(crime.total < 5)", False),
    ([1, None, 3], "all_children(crime.total < 5)", None),
    ([], "all_children(crime.total < 5)", None),
    ([1, 9], "share_of_children(crime.total < 5) >= 50%", True),
    ([1, 9, 9], "share_of_children(crime.total < 5) >= 50%", False),
    ([1, 1, None], "share_of_children(crime.total < 5) >= 50%", True),
    ([1, 9, None], "share_of_children(crime.total < 5) >= 50%", None),
    ([9, 9, None], "share_of_children(crime.total < 5) >= 50%", False),
    ([1, 9, None], "share_of_children(crime.total < 5) != 100%", True),
    ([], "share_of_children(crime.total < 5) >= 0", None),
    ([1, 9, 9], "share_of_children(crime.total < 5) * 3", 1),
    ([1, 9, None], "coalesce(share_of_children(crime.total < 5), 7)", 7),
]


@pytest.mark.parametrize(("below", "text", "expected"), UNITS_BELOW)
def test_units_below(below: list[int | None], text: str, expected: Outcome) -> None:
    assert judged(text, *map(crimes, below)).outcome == expected


def test_the_results_of_the_units_below_can_be_counted() -> None:
    below = [crimes(1, "met"), crimes(9, "met"), crimes(1, "not_met"), crimes(1, "not_due")]
    share = "share_of_children(result(tt124-commune) = met and crime.total < 5)"
    assert judged(f"{share} >= 25%", *below).outcome is True
    assert judged(f"{share} >= 50%", *below).outcome is None
    assert judged(f"{share} > 50%", *below).outcome is False


def test_figures_of_the_units_below_are_not_those_of_the_unit() -> None:
    text = "population > 1 and all_children(fires = 0) and year_ago(result(new)) = met"
    placed = place(read(text, CATALOGUE, scope=SCOPE).tree, OCTOBER, CIVIL)
    assert [one.key for one in operands_of(placed)] == [operand("population").key]
    facts = facts_of(placed)
    assert [fact.key for fact in facts] == [
        "children(fires = 0)@civil:month:2025-10..2025-10",
        "result(new)@civil:month:2024-10..2024-10",
    ]
    assert [Fact.from_key(fact.key) for fact in facts] == list(facts)
    assert Fact.from_key("unit(class)") == Fact("unit", "class")
    for text in (operand("population").key, "", "unit", "unit(class)@civil"):
        with pytest.raises(ValueError, match="not the key"):
            Fact.from_key(text)


TYPES = [
    ("criterion(4.10) = met", Type.CONDITION),
    ("points( movement-510 )", Type.NUMBER),
    ("by(unit.class, rural: 70%, urban: 0)", Type.SHARE),
    ("by(unit.class, rural: fires > 1, else: fires > 2)", Type.CONDITION),
    ("all_children(fires > 1)", Type.CONDITION),
    ("share_of_children(fires > 1)", Type.SHARE),
]


@pytest.mark.parametrize(("text", "expected"), TYPES)
def test_types(text: str, expected: Type) -> None:
    assert read(text, CATALOGUE, scope=SCOPE).type is expected


MISTAKES = [
    ("criterion(5) = met", "unknown-criterion",
     'line 1, column 1: this set has no criterion "5"; there are: 4, 4.10, 7-b.'),
    ("result(tt124) = met", "unknown-set",
     'line 1, column 1: there is no criteria set "tt124"; there are: tt124-commune, movement-510, new.'),
    ("criterion(4) = mett", "unknown-word",
     'line 1, column 16: there is no word "mett" here; did you mean met?'),
    ("unit.class = rurl", "unknown-word",
     'line 1, column 14: there is no word "rurl" here; did you mean rural?'),
    ("by(unit.class, rurl: 1, else: 2)", "unknown-word", None),
    ("by(unit.class, rural: 1, rural: 2)", "wrong-arguments", None),
    ("by(unit.class, else: 2)", "wrong-arguments", "line 1, column 1: no class is named. "
     "Write it as by(unit.class, rural: 350, urban: 500, else: 400)"),
    ("by(fires, rural: 2)", "wrong-arguments", None),
    ("by(unit.class, rural: fires, urban: 70%)", "types-differ", None),
    ("criterion(4) >= met", "word-compared", None),
    ("criterion(4) = fires + 1", "word-compared", None),
    ("criterion(4) = criterion(7-b)", "word-compared", None),
    ("criterion(4) + 1", "word-compared",
     'line 1, column 1: "criterion(4)" is a word, no number and no condition. '
     "Compare it with a word, by = or !=."),
    ("criterion(4) and fires > 1", "word-compared", None),
    ("criterion(fires + 1) = met", "wrong-arguments",
     'line 1, column 1: "criterion" wants one name in its brackets. Write it as criterion(4)'),
    ("year_ago(criterion(4)) = met", "criterion-elsewhere", None),
    ("all_children(criterion(4) = met)", "criterion-elsewhere",
     "line 1, column 14: criterion(…) is of the very unit and period judged; it cannot stand in "
     "all_children. Use result(set) = met."),
    ("points(tt124-commune) > 1", "set-without-points", None),
    ("all_children(all_children(fires > 1))", "children-of-children", None),
    ("all_children(fires)", "not-a-condition", None),
    ("share_of_children(fires > 1) >= 70", "share-against-number", None),
    ("points(movement-510) > 70%", "types-differ", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "words"), MISTAKES, ids=[case[0] for case in MISTAKES])
def test_mistakes(text: str, code: str, words: str | None) -> None:
    with pytest.raises(Refused) as refused:
        read(text, CATALOGUE, scope=SCOPE)
    assert refused.value.problems[0].code == code
    if words:
        assert refused.value.problems[0].in_("en") == words


def test_classes_must_be_declared() -> None:
    with pytest.raises(Refused, match="unit_classes"):
        read("by(unit.class, rural: 1)", CATALOGUE, scope=Scope())


SENTENCES = [
    ("criterion(4) = met", {"four": "met"}, "Tiêu chí 4: đạt, đúng yêu cầu (đạt)",
     "Criterion 4: met, as required (met)"),
    ("criterion(4) = met", {"four": "not_met"}, "Tiêu chí 4: chưa đạt, yêu cầu là đạt",
     "Criterion 4: not met, required: met"),
    ("not criterion(4) = not_met", {"four": "not_met"}, None, None),
    ("criterion(4) != not_met", {"four": "not_met"}, "Tiêu chí 4: chưa đạt, yêu cầu là khác “chưa đạt”",
     "Criterion 4: not met, required: other than “not met”"),
    ("criterion(4) = met", {"four": "not_due"}, "Chưa đủ số liệu: Tiêu chí 4: chưa đến hạn",
     "Not enough data: Criterion 4: not yet due"),
    ("result(tt124-commune) = met", {},
     "Chưa đủ số liệu: chưa có Kết quả theo tt124-commune (tháng 10 năm 2025)",
     "Not enough data: nothing known of Result under tt124-commune (October 2025)"),
    ("points(movement-510) >= 90", {"points": "92.5"}, "Điểm theo movement-510 92,5, đạt mức 90",
     "Points under movement-510 92.5, reaching 90"),
    ("population >= by(unit.class, rural: 350, urban: 250)", {"c": "rural"},
     "Dân số: 300 người, dưới mức 350 (loại đơn vị: rural)",
     "Population: 300 people, below 350 (class of the unit: rural)"),
    ("population >= by(unit.class, rural: 350)", {}, "Chưa đủ số liệu: chưa có Loại đơn vị",
     "Not enough data: nothing known of Class of the unit"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "known", "vi", "en"), SENTENCES)
def test_sentences(text: str, known: dict[str, object], vi: str | None, en: str | None) -> None:
    trace = judged(text, **known)
    said = sentence(trace, CATALOGUE, "vi"), sentence(trace, CATALOGUE, "en")
    assert all(said)
    if vi:
        assert said == (vi, en)
    assert trace.as_dict()


def test_sentences_about_the_units_below() -> None:
    said = [
        sentence(judged(text, *map(crimes, below)), CATALOGUE, "en")
        for text, below in (
            ("all_children(crime.total < 5)", [1, 2]),
            ("all_children(crime.total < 5)", [1, None, 9]),
            ("all_children(crime.total < 5)", [1, None]),
            ("all_children(crime.total < 5)", []),
            ("share_of_children(crime.total < 5) >= 50%", [1, 9]),
            ("share_of_children(crime.total < 5) >= 50%", [1, 1, None]),
            ("share_of_children(crime.total < 5) >= 50%", [1, 9, None]),
        )
    ]
    assert said == [
        "2 of 2 units below with (Crimes < 5)",
        "1 to 2 of 3 units below with (Crimes < 5)",
        "Not enough data: 1 units below not known",
        "Not enough data: there are no units below",
        "1 of 2 units below with (Crimes < 5) = 50%, reaching 50%",
        "2 to 3 of 3 units below with (Crimes < 5), reaching 50%",
        "Not enough data: 1 units below not known",
    ]
