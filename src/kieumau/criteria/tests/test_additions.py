"""Provincial additions: what they make, that they stay as they were loaded, and what is refused."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from kieumau.criteria.actions import copy_version, load_set
from kieumau.criteria.additions import own_part
from kieumau.criteria.applying import for_unit, in_force
from kieumau.criteria.drafting.edits import content_of
from kieumau.criteria.drafting.originals import text_of_version
from kieumau.criteria.drafting.writing import document
from kieumau.criteria.drafts import draft_of
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.criteria.tests.sets import MEASURED, SMALL
from kieumau.indicators.tests.cast import Country
from kieumau.kernel.messages import Refused
from kieumau.units.actions import load_rows

NOW = datetime(2026, 1, 2, tzinfo=UTC)
NATIONAL = SMALL.replace(
    MEASURED, MEASURED.replace("areas.recognised / areas.total", "crime.clearance")
).replace("verification: unverified", "verification: verified\nbasis: {document: Thông tư 1}")
ADDITION = """\
code: small-p1
extends: small
title: {vi: Bộ nhỏ của Bình Minh, en: Small set of Bình Minh}
summary: {vi: Thêm một tiêu chí., en: One criterion more.}
verification: unverified
effective: {from: 2025-01-01}
applies_to: {within: ["m:P1"]}
groups:
  - {code: own, title: {vi: Của tỉnh, en: The province's}}
criteria:
  - code: p1.1
    group: own
    kind: measured
    title: {vi: Cứ bốn người, en: By people}
    basis: {document: Quyết định 2}
    formula: people > 4 and criterion(2) = met
"""

Load = Callable[[str], CriteriaSet]


@pytest.fixture
def country(kept_country: Country) -> Country:
    """A small country with its catalogue."""
    return kept_country


@pytest.fixture
def load(country: Country, tmp_path: Path) -> Load:
    """Publish a text."""

    def publish(text: str) -> CriteriaSet:
        path = tmp_path / "set.yaml"
        path.write_text(text, encoding="utf-8")
        return load_set(path, actor="test", now=NOW)

    return publish


def refused(load: Load, text: str) -> list[tuple[str, int | None]]:
    """Codes and lines of what is said against a text, in both languages."""
    with pytest.raises(Refused) as found:
        load(text)
    for problem in found.value.problems:
        assert problem.in_("vi") != problem.in_("en")
    return [(problem.code, problem.place.row) for problem in found.value.problems]


def line_of(text: str, piece: str) -> int:
    """The one-based line on which a piece stands first."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if piece in line)


def test_an_addition_is_the_national_criteria_and_its_own(load: Load) -> None:
    load(NATIONAL)
    made = definition(load(ADDITION))
    assert [one.code for one in made.criteria] == ["1", "2", "3", "p1.1"]
    assert [group.code for group in made.groups] == ["a", "own"]
    assert made.base is not None
    assert (made.base.code, made.base.version) == ("small", 1)
    owners = [owner.en if (owner := made.owner_of(one)) else "" for one in made.criteria]
    assert owners == ["Small set"] * 3 + ["Small set of Bình Minh"]
    documents = [basis.document if (basis := made.basis_of(one)) else "" for one in made.criteria]
    assert documents == ["Thông tư 1"] * 3 + ["Quyết định 2"]
    assert [made.verification_of(one) for one in made.criteria] == ["verified"] * 3 + ["unverified"]
    assert made.applies_to.within == ("m:P1",)
    assert (made.period, made.rule.kind) == (definition(CriteriaSet.objects.get(code="small")).period, "all")


def test_a_new_national_version_changes_nothing_until_the_addition_is_loaded_again(load: Load) -> None:
    load(NATIONAL)
    first = load(ADDITION)
    load(NATIONAL.replace(">= 70%", ">= 90%"))
    assert CriteriaSet.objects.get(pk=first.pk).definition == first.definition
    again = load(ADDITION)
    assert again.version == 2
    says = definition(again)
    assert says.base is not None
    assert says.base.version == 2
    assert "90%" in again.definition["criteria"][1]["formula"]


def test_a_certain_version_can_be_named(load: Load) -> None:
    load(NATIONAL)
    load(NATIONAL.replace(">= 70%", ">= 90%"))
    made = load(ADDITION.replace("extends: small", "extends: small\nextends_version: 1"))
    assert made.definition["base"]["version"] == 1


def test_the_base_keeps_the_formulas_it_was_published_with(load: Load, tmp_path: Path) -> None:
    """A catalogue may say clearance differently later; what is added to rests on the older words."""
    national = load(NATIONAL)
    assert load(ADDITION).derived == national.derived == {"crime.clearance": "crime.solved / crime.occurred"}


FULL_BASE = f"""{NATIONAL}left_out:
  - {{vi: Bỏ một, en: One is left out}}
unit_classes: {{rural: {{kinds: [xa]}}}}
""".replace("criteria:\n", "  - code: unused\n    title: {vi: Chưa dùng, en: Not used yet}\ncriteria:\n", 1)
FULL_ADDITION = f"""{ADDITION}left_out:
  - {{vi: Bỏ hai, en: Another is left out}}
unit_classes: {{urban: {{kinds: [phuong]}}}}
notes: {{vi: Ghi chú, en: A note}}
"""


@pytest.mark.parametrize(
    ("national", "text"),
    [
        (NATIONAL, ADDITION),
        (FULL_BASE, FULL_ADDITION),
        (FULL_BASE, f"{ADDITION}rule: {{kind: at_least, k: 2}}\n"),
    ],
)
def test_its_own_part_makes_it_again(load: Load, national: str, text: str) -> None:
    load(national)
    made = definition(load(text))
    says = definition(CriteriaSet.objects.get(code="small"))
    part = own_part(made, says)
    said = content_of(text)
    for key in ("groups", "criteria", "left_out", "unit_classes", "notes", "rule", "applies_to"):
        assert content_of(document(part)).get(key) == said.get(key), key
    assert (part["extends"], part["extends_version"]) == ("small", 1)
    assert definition(draft_of(document(part), "copy")) == made


def test_a_copy_of_a_version_is_the_text_it_was_loaded_from(load: Load, tmp_path: Path) -> None:
    written = f"\ufeff# Ghi chú của tôi\r\n{NATIONAL}".replace("\n", "\r\n").replace("\r\r", "\r").encode()
    path = tmp_path / "mine.yaml"
    path.write_bytes(written)
    version = load_set(path, actor="test", now=NOW)
    assert text_of_version(version).encode() == written
    copied = copy_version(criteria_set=version, actor="test", now=NOW)
    assert copied.text.encode() == written
    with pytest.raises(DatabaseError), transaction.atomic():
        CriteriaSet.objects.filter(pk=version.pk).update(text="other")
    addition = load(f"# Của tỉnh\n{ADDITION}")
    assert text_of_version(addition).startswith("# Của tỉnh\n")


def test_drafts_may_be_additions(load: Load) -> None:
    load(NATIONAL)
    draft = draft_of(ADDITION, "draft")
    assert draft._state.adding
    assert (draft.version, len(draft.definition["criteria"])) == (1, 4)


# What is written instead of what, the code of the problem, and the line on which it is found.
MISTAKES = [
    ("extends: small", "extends: smal", "no-such-base", "extends:"),
    ("extends: small", "extends: small\nextends_version: 3", "no-such-base", "extends_version:"),
    ("from: 2025-01-01", "from: 2021-01-01", "base-not-in-force", "extends:"),
    ("code: small-p1", "code: small", "code-of-the-base", "code:"),
    ("- code: p1.1", '- code: "2"', "code-of-the-base", '- code: "2"'),
    ("{code: own,", "{code: a,", "code-of-the-base", "{code: a,"),
    ('["m:P1"]', '["m:P7"]', "unknown-unit", "applies_to:"),
    ('["m:P1"]', "[]", "wrong-value", "applies_to:"),
    ('["m:P1"]', '["P1"]', "wrong-value", "applies_to:"),
    ("people > 4", "peeple > 4", "unknown-indicator", "formula:"),
    ("group: own", "group: others", "unknown-group", "group: others"),
    ("criterion(2)", "criterion(9)", "unknown-criterion", "formula:"),
    ("extends: small\n", "extends: small\nperiod: {calendar: civil, kind: year}\n", "unknown-key", "period:"),
]


@pytest.mark.parametrize(("old", "new", "code", "piece"), MISTAKES)
def test_what_does_not_fit_is_refused_with_its_line(
    load: Load, old: str, new: str, code: str, piece: str
) -> None:
    load(NATIONAL)
    assert ADDITION.count(old) >= 1
    text = ADDITION.replace(old, new, 1)
    assert (code, line_of(text, piece)) in refused(load, text)


def test_a_base_must_be_published_and_may_not_be_an_addition(load: Load) -> None:
    assert refused(load, ADDITION) == [("no-such-base", 2)]
    load(NATIONAL)
    load(ADDITION)
    text = ADDITION.replace("extends: small", "extends: small-p1").replace("code: small-p1", "code: more")
    text = (
        text.replace("p1.1", "p1.2").replace("code: own", "code: other").replace("group: own", "group: other")
    )
    assert refused(load, text) == [("base-is-an-addition", 2)]


def test_where_not_all_are_asked_for_an_addition_needs_a_rule_of_its_own(load: Load) -> None:
    load(NATIONAL.replace("{kind: all}", "{kind: at_least, k: 2}"))
    assert refused(load, ADDITION) == [("rule-missing", line_of(ADDITION, "criteria:"))]
    made = definition(load(ADDITION + "rule: {kind: at_least, k: 3}\n"))
    assert made.rule.kind == "at_least"


def test_nobody_writes_the_base(load: Load) -> None:
    text = NATIONAL + "base: {code: x, version: 1, title: {vi: X, en: X}, criteria: []}\n"
    assert [code for code, _ in refused(load, text)] == ["base-is-written"]


# Which sets apply: day, unit, sets in force that apply to it.
APPLYING = [
    (date(2021, 6, 1), "C11", []),
    (date(2024, 6, 1), "C11", ["small"]),
    (date(2025, 6, 1), "C11", ["small", "small-p1"]),
    (date(2025, 8, 1), "C11", ["small", "small-p1"]),  # the district above it has gone
    (date(2025, 8, 1), "C15", ["small", "small-p1"]),
    (date(2025, 8, 1), "C21", ["small"]),
    (date(2025, 8, 1), "P1", []),
]


def test_which_sets_apply_to_a_unit_on_a_day(load: Load, country: Country) -> None:
    load(NATIONAL)
    load(ADDITION)
    for day, unit, codes in APPLYING:
        assert [one.code for one in for_unit(country.units[unit], day)] == codes, (day, unit)


def test_in_force_is_the_highest_version_that_holds_the_day(load: Load) -> None:
    load(NATIONAL)
    load(NATIONAL.replace("from: 2022-01-01", "from: 2026-01-01"))
    table = [(date(2021, 1, 1), []), (date(2025, 1, 1), [1]), (date(2026, 1, 1), [2])]
    for day, versions in table:
        assert [one.version for one in in_force(day)] == versions


# Whom a set applies to, and to which of C11 (phuong in P1) and C21 (xa in P2) it does.
WHOM = [
    ("{level: commune}", ["C11", "C21"]),
    ("{level: commune, kinds: [phuong]}", ["C11"]),
    ("{level: commune, registers: [vn]}", []),
    ('{level: commune, within: ["m:P2"]}', ["C21"]),
    ('{level: commune, within: ["m:P2", "m:C11"]}', ["C11", "C21"]),
    ("{level: province}", []),
]


@pytest.mark.parametrize(("whom", "units"), WHOM)
def test_level_kind_register_and_area(load: Load, country: Country, whom: str, units: list[str]) -> None:
    load(NATIONAL.replace("{level: commune}", whom))
    day = date(2025, 8, 1)
    assert [code for code in ("C11", "C21") if for_unit(country.units[code], day)] == units


@pytest.mark.django_db
def test_the_example_of_the_docs_is_sound() -> None:
    page = (Path(__file__).parents[4] / "docs/how-to/write-a-criteria-set.md").read_text(encoding="utf-8")
    [example] = [block for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if "extends:" in block]
    units = [("N", "Việt Nam", "quoc-gia", ""), ("92", "Cần Thơ", "thanh-pho", "N")]
    columns = ("code", "name", "kind", "parent")
    listed = [dict(zip(columns, one, strict=True)) | {"valid_from": "2025-07-01"} for one in units]
    load_rows(listed, actor=None, register="vn")
    load_set("tt124-commune", actor="test", now=NOW)
    made = definition(draft_of(example, "example"))
    assert [one.code for one in made.criteria][-2:] == ["4.3", "ct.1"]


def test_the_whole_is_bounded_like_any_set(load: Load) -> None:
    """500 criteria are the most: what is published must be readable again."""
    load(NATIONAL)
    start, own = ADDITION.split("  - code: p1.1")
    own = "  - code: p1.1" + own
    many = "".join(own.replace("p1.1", f"p1.{number}") for number in range(498))
    assert refused(load, start + many) == [("too-many-criteria", line_of(start + many, "criteria:"))]
    fitting = start + many[: many.index("  - code: p1.497")]
    made = load(fitting)
    assert len(definition(CriteriaSet.objects.get(pk=made.pk)).criteria) == 500
