"""`kieumau audit …` from a person's side."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from typer.testing import CliRunner

from kieumau.audit.actions import record
from kieumau.audit.tests.words import ISSUED
from kieumau.cli.app import app

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 20, tzinfo=UTC)  # the 23rd in Vietnam


@pytest.fixture(autouse=True)
def _log() -> None:
    for number in (1, 2):
        record(actor="an", verb=ISSUED, object=("set", number), name=f"bộ {number}", now=NOW, why="mới")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def ran(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["audit", *words])
    assert result.exit_code == code, result.output
    return result.output


def test_the_log_is_read_by_object_person_and_day() -> None:
    shown = ran("show", "--object", "set:2", "--actor", "an", "--since", "2026-11-23", "--lang", "en")
    assert "an issued bộ 2" in shown
    assert "bộ 1" not in shown
    assert "2026-11-23 03:00" in shown
    assert json.loads(ran("show", "--object", "set", "--until", "2026-11-22", "--json")) == []
    [latest, _] = json.loads(ran("show", "--object", "set", "--json"))
    assert (latest["object_id"], latest["why"]) == ("2", "mới")


def test_a_log_that_holds_says_so_and_one_that_does_not_fails(tmp_path: Path) -> None:
    copy = tmp_path / "anchors.txt"
    copy.write_text(ran("anchors"), encoding="utf-8")
    assert "The log holds" in ran("verify", "--against", str(copy), "--lang", "en")
    copy.write_text("2026-01-01 1:" + "00" * 32, encoding="utf-8")
    assert "anchor of 2026-01-01" in ran("verify", "--against", str(copy), "--lang", "en", code=1)
    [fault] = json.loads(ran("verify", "--against", str(copy), "--json", code=1))["faults"]
    assert fault["kind"] == "anchor"


def test_a_copy_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    assert "không đọc được" in ran("verify", "--against", str(tmp_path), code=1).casefold()
