"""The commands as somebody types them: a small town, from nothing to an explained verdict."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from typer.testing import CliRunner, Result

from kieumau.accounts.models import User
from kieumau.assessments.models import Assessment
from kieumau.cli.app import app
from kieumau.criteria.models import CriteriaSet
from kieumau.indicators.models import Figure
from kieumau.units.models import Term

pytestmark = pytest.mark.django_db

UNITS = """\
code,name,kind,parent,valid_from,valid_to,register
T,Phố Mẫu,city,,2020-01-01,,mau
B1,Cần Thơ Bắc,borough,T,2020-01-01,,mau
W1,An Hòa,ward,B1,2020-01-01,2025-07-01,mau
W2,Cái Khế,ward,B1,2020-01-01,2025-07-01,mau
W3,Cái Khế,ward,B1,2025-07-01,,mau
W4,Đông Hải,ward,B1,2020-01-01,,mau
"""
ACTS = """\
act,takes_effect_on,predecessor,successor,share,basis
nhap-1,2025-07-01,W1,W3,1,whole
nhap-1,2025-07-01,W2,W3,1,whole
"""
CATALOGUE = """\
code: mau
title: {vi: Danh mục mẫu, en: Sample catalogue}
defaults:
  measure: {vi: khu, en: areas}
  nature: stock
  polarity: good
  reported: {calendar: civil, kind: month}
indicators:
  - {code: areas.total, name: {vi: Khu dân cư, en: Areas}}
  - {code: areas.recognised, name: {vi: Khu được công nhận, en: Areas recognized}}
  - {code: areas.rate, name: {vi: Tỷ lệ công nhận, en: Share recognized}, share: true, decimals: 2,
     measure: {vi: "%", en: "%"}, formula: areas.recognised / areas.total}
"""
MAPPING = """\
title: {vi: Sổ, en: Register}
unit: {code: "{unit}", register: mau}
indicator: {code: "{@header}"}
period: {code: "{month}"}
values: {columns: rest}
"""
FIGURES = """\
unit,month,areas.total,areas.recognised
W3,2025-12,25,16
W4,2025-12,25,18
"""
SET = """\
code: mau-70
title: {vi: Bộ mẫu, en: Sample set}
summary: {vi: Một tiêu chí, en: One criterion}
verification: unverified
effective: {from: 2020-01-01}
period: {calendar: civil, kind: year}
applies_to: {level: commune, kinds: [ward]}
rule: {kind: all}
groups: [{code: a, title: {vi: Nhóm, en: Group}}]
criteria:
  - code: "1"
    group: a
    kind: measured
    title: {vi: Ít nhất 70 % khu được công nhận, en: At least 70% of areas recognized}
    formula: areas.recognised / areas.total >= 70%
"""


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def town(tmp_path: Path) -> Path:
    for name, text in (
        ("units.csv", UNITS),
        ("acts.csv", ACTS),
        ("mau.yaml", CATALOGUE),
        ("so.yaml", MAPPING),
        ("figures.csv", FIGURES),
        ("set.yaml", SET),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    for words in (
        ("units", "load", tmp_path / "units.csv", "--acts", tmp_path / "acts.csv"),
        ("indicators", "load", tmp_path / "mau.yaml"),
        ("figures", "load", tmp_path / "figures.csv", "--mapping", tmp_path / "so.yaml"),
        ("criteria", "load", tmp_path / "set.yaml"),
    ):
        result = run(*words)
        assert result.exit_code == 0, (words, result.output)
    return tmp_path


def test_from_nothing_to_an_explained_verdict(town: Path) -> None:
    judged = json.loads(run("assess", "mau-70", "--period", "2025", "--on", "2026-01-15", "--json").stdout)
    assert judged["units"] == {"met": 1, "not_met": 1}
    vi = run("explain", "mau-70", "1", "--unit", "W3", "--period", "2025")
    assert "16 / 25" in vi.stdout
    assert "chưa đạt" in vi.stdout
    en = run("explain", "mau-70", "1", "--unit", "W3", "--period", "2025", "--lang", "en")
    assert re.search(r"not met.*64%", en.stdout)
    assert "cần thêm 2 khu được công nhận" in vi.stdout
    assert "2 more areas recognized are needed" in en.stdout
    told = json.loads(run("explain", "mau-70", "1", "--unit", "W4", "--period", "2025", "--json").stdout)
    assert (told["outcome"], told["version"]) == ("met", 1)


def test_one_unit_at_a_time(town: Path) -> None:
    result = run("assess", "mau-70", "--period", "2025", "--unit", "W4", "--on", "2026-01-15", "--lang", "en")
    assert result.exit_code == 0
    assert "1 of 1 met" in result.stdout


@pytest.mark.parametrize(
    ("unit", "indicator", "state", "value"),
    [
        ("W3", "areas.recognised", "value", "16"),
        ("W3", "areas.rate", "value", "0.64"),
        ("B1", "areas.recognised", "value", "34"),
        ("T", "areas.rate", "value", "0.68"),
    ],
)
def test_a_figure_of_any_level(town: Path, unit: str, indicator: str, state: str, value: str) -> None:
    words = ("figures", "get", "--unit", unit, "--indicator", indicator, "--period", "2025-12", "--json")
    found = json.loads(run(*words).stdout)
    assert (found["state"], found["value"]) == (state, value)


def test_a_dry_run_shows_old_and_new_and_stores_nothing(town: Path) -> None:
    (town / "later.csv").write_text(FIGURES.replace("W3,2025-12,25,16", "W3,2025-12,25,17"), encoding="utf-8")
    words = ("figures", "load", town / "later.csv", "--mapping", town / "so.yaml")
    tried = run(*words, "--dry-run")
    assert tried.exit_code == 0
    assert "16 → 17" in tried.stdout
    assert set(Figure.objects.filter(value__in=[16, 17]).values_list("value", flat=True)) == {16}
    stored = json.loads(run(*words, "--json").stdout)
    assert stored["figures"] == {"inserted": 0, "revised": 1, "unchanged": 3}


# what was typed wrong                                                          Vietnamese             English
MISTAKES = [
    (("explain", "mau-70", "9", "--unit", "W3", "--period", "2025"), "tiêu chí", "criterion"),
    (("explain", "mau-7", "1", "--unit", "W3", "--period", "2025"), "mau-70", "mau-70"),
    (("assess", "mau-70", "--period", "2025-13"), "không phải là kỳ", "not a period"),
    (("assess", "mau-70", "--period", "2025", "--on", "hôm nay"), "không phải là ngày", "not a date"),
    (("assess", "mau-70", "--period", "2025", "--unit", "W9"), "W9", "W9"),
    (
        ("figures", "get", "--unit", "W3", "--indicator", "areas.totl", "--period", "2025-12"),
        "có phải là areas.total",
        "did you mean areas.total",
    ),
    (("indicators", "load", "khong-co.yaml"), "khong-co.yaml", "khong-co.yaml"),
]


@pytest.mark.parametrize(("words", "vi", "en"), MISTAKES, ids=[" ".join(words) for words, _, _ in MISTAKES])
def test_a_mistake_ends_with_a_sentence_in_both_languages(
    town: Path, words: tuple[str, ...], vi: str, en: str
) -> None:
    for language, expected in (("vi", vi), ("en", en)):
        result = run(*words, "--lang", language)
        assert result.exit_code == 1
        assert expected in result.stderr


def test_a_file_with_a_fault_stores_nothing_unless_told_to_keep_the_good_rows(town: Path) -> None:
    faulty = town / "faulty.csv"
    faulty.write_text(
        "unit,month,areas.total\nW3,2025-11,25\nW9,2025-11,1\nW4,2025-11,mười\n", encoding="utf-8"
    )
    words = ("figures", "load", faulty, "--mapping", town / "so.yaml")
    result = run(*words, "--json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert len(report["problems"]) == 2
    assert Figure.objects.count() == 4
    assert run(*words, "--keep-good").exit_code == 0
    assert Figure.objects.count() == 5


def test_a_period_without_any_figure_is_not_judged_by_accident(town: Path) -> None:
    refused = run("assess", "mau-70", "--period", "2031", "--lang", "en")
    assert refused.exit_code == 1
    assert "no figure" in refused.stderr
    assert Assessment.objects.count() == 0
    assert run("assess", "mau-70", "--period", "2031", "--empty").exit_code == 0
    assert Assessment.objects.count() == 2


def test_a_set_can_be_checked_without_being_published(town: Path) -> None:
    (town / "next.yaml").write_text(SET.replace(">= 70%", ">= 75%"), encoding="utf-8")
    assert run("criteria", "load", town / "next.yaml", "--dry-run").exit_code == 0
    assert CriteriaSet.objects.count() == 1


def test_somebody_who_may_sign_in(town: Path) -> None:
    words = ("users", "add", "lan", "--password")
    assert run(*words, "123456").exit_code == 1
    assert run(*words, "một câu khá dài và khó đoán").exit_code == 0
    assert User.objects.get(username="lan").check_password("một câu khá dài và khó đoán")
    assert run(*words, "một câu khá dài và khó đoán").exit_code == 1
    assert not User.objects.get(username="lan").has_perm("criteria.issue_set")
    assert run("users", "add", "ha", "--office", "--password", "một câu khá dài và khó đoán").exit_code == 0
    assert User.objects.get(username="ha").has_perm("criteria.issue_set")


def test_a_role_is_given_listed_and_ended(town: Path) -> None:
    User.objects.create_user("lan")
    code = Term.objects.exclude(parent=None).order_by("code").values_list("code", flat=True)[0]
    assert run("users", "grant", "lan", "king", code).exit_code == 1
    assert run("users", "grant", "lan", "officer", "no-such").exit_code == 1
    assert run("users", "grant", "lan", "officer", code, "--until", "soon").exit_code == 1
    assert run("users", "grant", "lan", "officer", code, "--until", "2099-12-31").exit_code == 0
    assert run("users", "grant", "lan", "officer", code).exit_code == 1, "held already"
    [line] = json.loads(run("users", "list", "--unit", code, "--json").stdout)
    assert (line["user"], line["role"], line["ends_before"]) == ("lan", "officer", "2100-01-01")
    assert User.objects.get(username="lan").has_perm("returns.enter", line["unit_id"])
    assert run("users", "end", line["number"], "--reason", "chuyển công tác").exit_code == 0
    assert json.loads(run("users", "list", "--json").stdout) == []
    assert not User.objects.get(username="lan").has_perm("returns.enter")
    assert len(json.loads(run("users", "list", "--all", "--json").stdout)) == 1


def test_the_same_units_twice_change_nothing(town: Path) -> None:
    result = run("units", "load", town / "units.csv", "--acts", town / "acts.csv", "--json")
    assert result.exit_code == 0
    assert not any(value for name, value in json.loads(result.stdout).items() if isinstance(value, int)), (
        result.stdout
    )


def test_nightly_opens_reminds_and_checks() -> None:
    """An empty installation has nothing to do, and says so."""
    result = CliRunner().invoke(app, ["nightly", "--lang", "en"])
    assert result.exit_code == 0, result.output
    assert "Opened 0 returns, wrote 0 reminders, found 0 places." in result.output
    assert json.loads(CliRunner().invoke(app, ["nightly", "--json"]).output)["counts"]["negative-count"] == 0


# What is broken in the store, which part of the night cannot be done then.
BROKEN = [("django_session", "forget people"), ("quality_doubt", "check")]


@pytest.mark.parametrize(("table", "part"), BROKEN)
def test_what_fails_at_night_keeps_nothing_else_from_being_done(table: str, part: str) -> None:
    ended = timezone.now() - timedelta(days=400)
    closed = User.objects.create_user("lan", email="lan@b.vn", is_active=False)
    User.objects.filter(pk=closed.pk).update(closed_at=ended)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_gone")
    told = CliRunner().invoke(app, ["nightly", "--lang", "en"])
    assert told.exit_code == 1
    assert f"Nightly “{part}” failed" in told.output
    assert told.output.count("failed:") == 1
    closed.refresh_from_db()
    assert (closed.email == "") is (part != "forget people")
    as_json = CliRunner().invoke(app, ["nightly", "--json"])
    said = json.loads(as_json.stdout)
    assert as_json.exit_code == 1
    assert [one["code"] for one in said["problems"]] == ["nightly-failed"]
    assert ("negative-count" in said["counts"]) is (part != "check")
