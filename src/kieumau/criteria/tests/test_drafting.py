"""Edits of a set's text: what is not named stays byte for byte as it was."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kieumau.criteria.drafting import edits
from kieumau.criteria.drafting.outline import CannotEdit
from kieumau.criteria.drafting.writing import document, flow, scalar
from kieumau.criteria.files import SHIPPED
from kieumau.kernel.tests.examples import examples

SETS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(SHIPPED.glob("*.yaml"))}
TEXT = """\
# Head
code: small   # the code
title: {vi: Bộ nhỏ, en: Small set}  # both
rule: {kind: all}
criteria:
  # About the first
  - code: "1"   # one
    title: {vi: Một, en: One}
    formula: a >= 1  # why
    # still the first

  # About the second
  - code: "2"
    title:
      vi: Hai
      en: Two
    formula: |
      a >= 2 and
      b >= 3
  - code: "3"
    title: {vi: Ba, en: Three}
    formula: c >= 1
  # The end of the list
# Notes follow
notes: {vi: Hết, en: End}
"""

# What is done → the lines that go, the lines that come. Everything else stays.
CHANGES: list[tuple[str, Any, list[str], list[str]]] = [
    (
        "a formula, its comment stays",
        lambda text: edits.put(text, ("criteria", 0, "formula"), "a >= 70%"),
        ["    formula: a >= 1  # why"],
        ["    formula: a >= 70%  # why"],
    ),
    (
        "a formula of several lines, its comment goes to the head",
        lambda text: edits.put(text, ("criteria", 0, "formula"), "a >= 1\nand b >= 2\n"),
        ["    formula: a >= 1  # why"],
        ["    formula: |  # why", "      a >= 1", "      and b >= 2"],
    ),
    (
        "several lines become one",
        lambda text: edits.put(text, ("criteria", 1, "formula"), "a >= 2"),
        ["    formula: |", "      a >= 2 and", "      b >= 3"],
        ["    formula: a >= 2"],
    ),
    (
        "a word inside braces",
        lambda text: edits.put(text, ("title", "en"), "Small, but ours"),
        ["title: {vi: Bộ nhỏ, en: Small set}  # both"],
        ['title: {vi: Bộ nhỏ, en: "Small, but ours"}  # both'],
    ),
    (
        "a word on a line of its own",
        lambda text: edits.put(text, ("criteria", 1, "title", "vi"), "Hai: thử"),
        ["      vi: Hai"],
        ['      vi: "Hai: thử"'],
    ),
    (
        "a key that was not there, in its place",
        lambda text: edits.put(text, ("criteria", 2, "due"), {"days_after_end": 10}, ("formula", "due")),
        [],
        ["    due: {days_after_end: 10}"],
    ),
    (
        "a key below one that was not there",
        lambda text: edits.put(text, ("basis", "document"), "Thông tư 1", ("title", "basis", "rule")),
        [],
        ["basis: {document: Thông tư 1}"],
    ),
    (
        "a whole value by another shape",
        lambda text: edits.put(text, ("rule",), {"kind": "at_least", "k": 2}),
        ["rule: {kind: all}"],
        ["rule: {kind: at_least, k: 2}"],
    ),
    (
        "a key taken out",
        lambda text: edits.drop(text, ("criteria", 1, "formula")),
        ["    formula: |", "      a >= 2 and", "      b >= 3"],
        [],
    ),
    ("a key that is not there", lambda text: edits.drop(text, ("criteria", 1, "due")), [], []),
    (
        "a criterion more",
        lambda text: edits.insert(text, ("criteria",), 3, {"code": "4", "kind": "judged"}),
        [],
        ['  - code: "4"', "    kind: judged"],
    ),
    (
        "the first criterion away, its comments with it",
        lambda text: edits.remove(text, ("criteria",), 0),
        [
            "  # About the first",
            '  - code: "1"   # one',
            "    title: {vi: Một, en: One}",
            "    formula: a >= 1  # why",
            "    # still the first",
        ],
        [],
    ),
]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("change", "gone", "come"), [one[1:] for one in CHANGES], ids=[one[0] for one in CHANGES]
)
def test_a_change_touches_its_own_lines_only(
    change: Any, gone: list[str], come: list[str], newline: str
) -> None:
    text = TEXT.replace("\n", newline)
    before, after = text.split(newline), change(text).split(newline)
    assert [line for line in before if line not in after] == gone
    assert [line for line in after if line not in before] == come
    assert [line for line in before if line in after] == [line for line in after if line in before]


def test_a_moved_criterion_takes_its_comments_along() -> None:
    moved = edits.move(TEXT, ("criteria",), 0, 2)
    start = moved.index("  # About the first")
    assert moved.index("  # About the second") < moved.index('code: "3"') < start
    assert moved[start:].startswith(
        '  # About the first\n  - code: "1"   # one\n    title: {vi: Một, en: One}\n'
        "    formula: a >= 1  # why\n    # still the first\n# Notes follow\n"
    )


@pytest.mark.parametrize("name", SETS)
def test_there_and_back_again_is_the_same_text(name: str) -> None:
    text = SETS[name]
    count = len(edits.content_of(text)["criteria"])
    for index in (0, 1, count // 2, count - 1):
        for to in (0, count - 1, count // 2):
            moved = edits.move(text, ("criteria",), index, to)
            assert sorted(moved.splitlines()) == sorted(text.splitlines())
            assert edits.move(moved, ("criteria",), to, index) == text
        more = edits.insert(
            text, ("criteria",), index, {"code": "new", "kind": "judged", "title": {"vi": "a"}}
        )
        assert edits.remove(more, ("criteria",), index) == text


@settings(deadline=None, max_examples=examples(20))
@given(data=st.data())
def test_an_edit_of_one_criterion_leaves_all_other_lines(data: st.DataObject) -> None:
    text = SETS[data.draw(st.sampled_from(sorted(SETS)))]
    criteria = edits.content_of(text)["criteria"]
    index = data.draw(st.integers(0, len(criteria) - 1))
    key = data.draw(st.sampled_from(["code", "title", "formula", "notes", "due", "group"]))
    words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60)
    value = data.draw(st.one_of(words, st.fixed_dictionaries({"vi": words, "en": words})))
    edited = edits.put(text, ("criteria", index, key), value)
    assert edits.content_of(edited)["criteria"][index][key] == value
    before, after = text.splitlines(), edited.splitlines()
    first = next(at for at, line in enumerate(before) if f'- code: "{criteria[index]["code"]}"' in line)
    assert after[:first] == before[:first]
    following = [at for at, line in enumerate(before) if at > first and line.lstrip().startswith('- code: "')]
    tail = len(before) - following[0] if following else 0
    assert after[len(after) - tail :] == before[len(before) - tail :]


@given(
    st.recursive(
        st.one_of(
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])), st.booleans(), st.none()
        ),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(st.from_regex("[a-z_]{1,8}", fullmatch=True), inner, max_size=4),
        ),
        max_leaves=12,
    )
)
def test_what_is_written_reads_back_the_same(value: Any) -> None:
    assert edits.content_of(document({"x": value}))["x"] == value
    assert edits.content_of(f"x: {flow(value)}\n")["x"] == value


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Kế hoạch", "Kế hoạch"),
        ("1", '"1"'),
        ("1.a", "1.a"),
        ("0.5", '"0.5"'),
        ("yes", '"yes"'),
        ("2024-01-01", '"2024-01-01"'),
        ("a: b", '"a: b"'),
        ("a >= 70%", "a >= 70%"),
        ("", '""'),
        (True, "true"),
        (3, "3"),
    ],
)
def test_quotes_stand_only_where_they_are_needed(value: Any, written: str) -> None:
    assert scalar(value) == written


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words\n"])
def test_a_text_that_is_no_set_is_left_to_the_text_editor(text: str) -> None:
    with pytest.raises(CannotEdit):
        edits.put(text, ("code",), "x")


def test_the_first_criterion_of_an_empty_list() -> None:
    text = "code: a # c\ncriteria: [] # none\nnotes: x\n"
    assert edits.insert(text, ("criteria",), 0, {"code": "1", "kind": "judged"}) == (
        'code: a # c\ncriteria: # none\n  - code: "1"\n    kind: judged\nnotes: x\n'
    )
    assert edits.remove(edits.insert("code: a\n", ("criteria",), 0, {"code": "1"}), ("criteria",), 0) == (
        "code: a\ncriteria: []\n"
    )
