"""What the editor is told: where in the file a mistake is, which words there are, what a formula says."""

import json
import textwrap
from typing import Any

import pytest
import yaml
from django.test import Client
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.criteria.drafting.outline import Outline
from kieumau.criteria.live.meanings import ATOMS, FUNCTION_WORDS
from kieumau.criteria.live.views import MOST_BYTES
from kieumau.criteria.places import in_file, word_at
from kieumau.criteria.tests.sets import SMALL
from kieumau.formulas.functions import FUNCTIONS, REFERENCES

# How a formula may be written in a file; `?` stands where the mistake is, which the formula has in `row`.
WRITTEN = {
    "on the line of its key": ("formula: a.b + ?x", 1),
    "in single quotes": ("formula: 'a.b + ?x'", 1),
    "in double quotes": ('formula: "a.b + ?x"', 1),
    "with blanks before it": ("formula:    a.b + ?x", 1),
    "as a block": ("formula: |\n  a.b\n    + ?x\n", 2),
    "as a block that begins with a blank line": ("formula: |\n\n  a.b\n    + ?x\n", 2),
    "as a block with a comment": ("formula: |  # so\n  a.b + # first\n  ?x\n", 2),
    "with the line ends of Windows": ("formula: |\r\n  a.b +\r\n  ?x\r\n", 2),
    "as a folded block": ("formula: >\n  a.b\n  + ?x\n", 1),
    "over two lines without a block": ("formula: a.b\n  + ?x", 1),
    "below its key": ("formula:\n  a.b\n  + ?x", 1),
    "in braces": ("{code: '1', formula: a.b + ?x}", 1),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_place_in_a_formula_is_found_in_the_file(name: str) -> None:
    marked, row = WRITTEN[name]
    before, _, _ = marked.partition("?")
    text = marked.replace("?", "")
    part = Outline(text).part(("formula",))
    assert part is not None
    assert isinstance(part.node, yaml.ScalarNode)
    column = part.node.value.strip().split("\n")[row - 1].index("x") + 1
    wanted = (before.count("\n") + 1, len(before) - before.rfind("\n"))
    assert in_file(text, part.node, row, column) == wanted
    assert in_file(text, part.node, 9, 1) is None
    found = word_at(text, *wanted)
    assert found is not None
    assert text.split("\n")[found.row - 1][found.column - 1 : found.end - 1] == "x"


def test_every_word_has_a_meaning() -> None:
    assert set(FUNCTION_WORDS) == {*FUNCTIONS, *REFERENCES}
    assert "met" in ATOMS


@pytest.fixture
def author(client: Client, kept_shipped: None) -> Client:
    """Somebody who has signed in, in an installation with a catalogue."""
    an = User.objects.create_user("an")
    grant(an, "appraiser")
    client.force_login(an)
    return client


def asked(client: Client, question: object) -> Any:
    """What the server answers, as JSON values."""
    return client.post(reverse("criteria_check"), json.dumps(question), content_type="application/json")


def test_a_stranger_is_not_answered(client: Client, db: None) -> None:
    assert asked(client, {"formula": "1 > 0"}).status_code == 302


def test_a_sound_formula_is_read_in_words(author: Client) -> None:
    question = {"formula": "areas.recognised / areas.total >= 70%"}
    assert asked(author, question).json() == {
        "problems": [],
        "says": "Khu dân cư được công nhận / Khu dân cư: ít nhất 70 %",
    }
    author.cookies["django_language"] = "en"
    assert asked(author, question).json()["says"].endswith(": at least 70%")


def test_a_mistake_comes_with_its_place_and_a_hint(author: Client) -> None:
    [problem] = asked(author, {"formula": "areas.total > 0 and\nareas.recognized > 0"}).json()["problems"]
    assert (problem["row"], problem["column"], problem["end"]) == (2, 1, 17)
    assert problem["code"] == "unknown-indicator"
    assert problem["hint"] == "có phải là areas.recognised?"


def test_a_formula_knows_the_criteria_and_classes_around_it(author: Client) -> None:
    question = {"formula": "criterion(4) = met and fire.count <= by(unit.class, rural: 1, else: 2)"}
    codes = [one["code"] for one in asked(author, question).json()["problems"]]
    assert codes == ["unknown-criterion", "no-classes"]
    assert not asked(author, {**question, "criteria": ["4"], "classes": ["rural"]}).json()["problems"]


def test_points_want_a_number_and_criteria_a_condition(author: Client) -> None:
    question = {"formula": "fire.count"}
    assert asked(author, question).json()["problems"][0]["code"] == "not-a-condition"
    assert not asked(author, {**question, "gives": "number"}).json()["problems"]


def test_a_set_is_checked_as_a_whole_with_places_in_the_file(author: Client) -> None:
    sound = SMALL.replace("civil", "nd09")
    assert asked(author, {"text": sound}).json() == {"problems": [], "says": ""}
    [problem] = asked(author, {"text": sound.replace("areas.total", "areas.totl")}).json()["problems"]
    line = sound.split("\n")[problem["row"] - 1].replace("areas.total", "areas.totl")
    assert line[problem["column"] - 1 : problem["end"] - 1] == "areas.totl"
    [problem] = asked(author, {"text": sound.replace("rule:", "rulle:")}).json()["problems"][:1]
    assert problem["row"]


def test_what_is_no_yaml_has_a_place(author: Client) -> None:
    [problem] = asked(author, {"text": "code: [a\ntitle: b"}).json()["problems"]
    assert problem["code"] == "not-yaml"
    assert problem["row"] == 2


@pytest.mark.parametrize(
    "question",
    [
        [],
        "formula",
        {},
        {"formula": 1},
        {"formula": "1 > 0", "criteria": "4"},
        {"formula": "1 > 0", "criteria": [4]},
        {"formula": "\ud800"},
        {"text": None},
        {"text": "a" * MOST_BYTES},
    ],
)
def test_a_question_of_another_shape_is_refused_in_words(author: Client, question: object) -> None:
    answer = asked(author, question)
    assert answer.status_code == 400
    assert answer.json()["reason"]


def test_words_are_found_without_accents_in_either_language(author: Client) -> None:
    words = author.get(reverse("criteria_words")).json()
    [found] = [one for one in words["indicators"] if one["code"] == "areas.recognised"]
    assert found["name"] == "Khu dân cư được công nhận"
    assert "khu dan cu duoc cong nhan" in found["find"]
    assert "recognized" in found["find"]
    author.cookies["django_language"] = "en"
    assert author.get(reverse("criteria_words")).json()["atoms"][0] == {
        "code": "met",
        "name": "met",
        "note": "",
        "find": "met dat met",
    }


def test_texts_that_nobody_would_write_are_answered(author: Client) -> None:
    for text in (
        "\0",
        "a: !!python/object:x {}",
        "&a [*a]",
        "a: b: c",
        "- " * 500,
        textwrap.dedent(SMALL)[:200],
    ):
        assert asked(author, {"text": text}).json()["problems"], text
        assert asked(author, {"formula": text}).json()["problems"], text
