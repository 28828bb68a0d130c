"""What `doctor` says where all is well, and where something is missing."""

import json

import pytest
from django.db import connection
from typer.testing import CliRunner

from kieumau.cli.doctor import app


def test_a_database_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    result = CliRunner().invoke(app, ["--json"])
    assert result.exit_code == 1
    found = {check["name"]["en"]: check for check in json.loads(result.stdout)}
    assert not found["PostgreSQL"]["ok"]
    assert found["PostgreSQL"]["remedy"]["vi"] != found["PostgreSQL"]["remedy"]["en"]


@pytest.mark.django_db(transaction=True)
def test_an_empty_database_says_what_to_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", _address())
    result = CliRunner().invoke(app, ["--lang", "en"])
    assert result.exit_code == 1
    assert "✗ Units: 0" in result.stdout
    assert "kieumau units load-vietnam" in result.stdout


def _address() -> str:
    parts = connection.get_connection_params()
    names = {"user": "user", "dbname": "dbname", "host": "host", "port": "port", "password": "password"}
    return " ".join(f"{name}={parts[key]}" for name, key in names.items() if parts.get(key))
