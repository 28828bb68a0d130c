"""More time for a stage, by command: for the whole round, or for single units."""

from datetime import timedelta

import pytest
from typer.testing import CliRunner

from kieumau.assessments.tests.cast import Cast
from kieumau.cli.app import app
from kieumau.rounds.models import Extension, Round
from kieumau.rounds.tests.cast import TODAY, open_round


@pytest.fixture
def world(kept_judged: Cast) -> Cast:
    return kept_judged


def test_extending_by_command(world: Cast) -> None:
    made = open_round(world)

    def extended(days: int, *more: str) -> tuple[int, str]:
        until = (TODAY + timedelta(days=days)).isoformat()
        words = ["rounds", "extend", str(made.pk), "--stage", "verification", "--until", until]
        result = CliRunner().invoke(app, [*words, "--reason", "Bão", "--lang", "en", *more])
        return result.exit_code, result.output

    assert extended(60, "--unit", "31150")[0] == 0
    code, said = extended(90)
    assert (code, " ".join(said.split())) == (
        0,
        f"Round {made.pk}: verification is extended until 20 Feb 2027. The new last day of verification, "
        "20 Feb 2027, lies after that of appraisal, 22 Dec 2026.",
    )
    code, said = extended(70, "--unit", "31135")
    assert code != 0
    assert "must lie after the old one, 20 Feb 2027" in " ".join(said.split())
    areas = Extension.objects.order_by("pk").values_list("area", "by")
    assert list(areas) == [
        (world.unit("An Bình"), "kieumau rounds"),
        (world.unit("Cần Thơ"), "kieumau rounds"),
    ]


def test_a_second_round_for_the_same_units_asks_for_again(world: Cast) -> None:
    made = open_round(world)
    words = ["rounds", "open", "model-ward", "--period", "2026", "--name", "Đợt hai", "--lang", "en"]
    refused = CliRunner().invoke(app, words)
    assert refused.exit_code != 0
    assert f"2 units have a dossier in round {made.pk} already" in " ".join(refused.output.split())
    assert "--again" in refused.output
    assert Round.objects.count() == 1
    assert CliRunner().invoke(app, [*words, "--again"]).exit_code == 0
    assert Round.objects.count() == 2
