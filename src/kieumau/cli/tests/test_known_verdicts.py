"""`explain --known-on` and `assess --known-on`: the results that were seen then."""

import json
from typing import Any

from typer.testing import CliRunner

from kieumau.cli.app import app
from kieumau.home.tests import test_known_verdicts


def got(*words: str) -> Any:
    result = CliRunner().invoke(app, [*words, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


class KnownThen(test_known_verdicts.Corrected):
    """Asked on the command line."""

    def test_verdicts_as_they_were_known(self) -> None:
        asked = ("model-ward", "2.3", "--unit", "26740", "--period", "2026")
        assert got("explain", *asked)["outcome"] == "met"
        assert got("explain", *asked, "--known-on", "2026-11-22")["outcome"] == "not_met"
        counted = ("assess", "model-ward", "--period", "2026", "--known-on", "2026-11-22")
        assert got(*counted)["units"] == {"not_met": 1, "no_data": 2}
        assert got(*counted, "--unit", "26740")["outcome"] == "not_met"
        assert got("explain", *asked)["outcome"] == "met"
