"""Figures under the tree, the formulas and the notes that were recorded by a day."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from kieumau.audit.past import as_known, recording
from kieumau.calendars.library import window
from kieumau.indicators.actions import load_catalogue, open_source
from kieumau.indicators.facts import rolled_up
from kieumau.indicators.maps.queries import figure_on_map
from kieumau.indicators.maps.redefining import note_redefinition, redefinitions
from kieumau.indicators.maps.rules import Map
from kieumau.indicators.models import Redefinition
from kieumau.indicators.queries import catalogue, operand_values
from kieumau.indicators.runs import runs_of
from kieumau.indicators.tests.cast import CATALOGUE, Country, at, operand
from kieumau.kernel.messages import Text
from kieumau.units.actions import record_change, undo_change
from kieumau.units.models import Level
from kieumau.units.rules import Act, TermRow, even_shares

# C22 of the second province goes to the first on 1 August 2025; this is written down on 10 January 2026 and
# taken back on 20 January.
TRANSFER = Act(
    "transfer",
    date(2025, 8, 1),
    ends=("m/C22",),
    begins=(TermRow("m/C22", "m", "C22", "Ê Đê", "xa", "m/P1", date(2025, 8, 1)),),
    shares=even_shares("m/C22", ["m/C22"]),
)
SENT = {"C11": 100, "C12": 0, "C15": 0, "C21": 20, "C22": 7}
FIGURES = [("2025-08", code, "crime.occurred", value) for code, value in SENT.items()]
KNOWN = [
    # known on, first province, second
    (9, 100, 27),
    (11, 107, 20),
    (19, 107, 20),
    (21, 100, 27),
]


@pytest.mark.parametrize(("day", "first", "second"), KNOWN)
def test_a_province_as_known_has_the_communes_it_had_then(
    country: Country, day: int, first: int, second: int
) -> None:
    country.record(*FIGURES, source=open_source(name="form", recorded_at=at(2)))
    _transfer_and_back(country)
    asked = operand("crime.occurred", "2025-08")
    with as_known(at(day)):
        for code, expected in (("P1", first), ("P2", second), ("N", 127)):
            found = operand_values(country.units[code], [asked], as_known_at=at(day))[asked]
            assert found.value == expected, code


def test_a_nation_keeps_what_ended_units_gave(country: Country) -> None:
    """An act recorded late takes figures of units that had ended away; as known before it, they count."""
    country.record(*FIGURES, source=open_source(name="form", recorded_at=at(2)))
    gone = Act("gone", date(2025, 8, 1), ends=("m/C22",), begins=(), shares=())
    record_change(act=gone, actor=None, now=at(10))
    runs = list(runs_of([operand("crime.occurred", "2025-08")], catalogue()))
    key = runs[0].periods[0], runs[0].indicator_id
    with as_known(at(9)):
        assert rolled_up(country.units["N"], Level.NATION, runs, at(9)).parts[key].total == 127


@pytest.mark.parametrize(("day", "value"), [(9, Fraction(1, 2)), (11, Fraction(1, 4))])
def test_a_rate_is_worked_out_by_the_formula_of_the_day(
    country: Country, tmp_path: Path, day: int, value: Fraction
) -> None:
    country.record(("2025-08", "C11", "crime.occurred", 10), ("2025-08", "C11", "crime.solved", 5))
    changed = tmp_path / "mau.yaml"
    changed.write_text(
        CATALOGUE.replace("crime.solved / crime.occurred", "crime.solved / (crime.occurred * 2)"), "utf-8"
    )
    with recording(at(10)):
        load_catalogue(changed)
    with as_known(at(day)):
        month = window("2025-08", "civil")
        found = figure_on_map(country.units["C11"], "crime.clearance", month, Map(date(2025, 9, 1)))
        assert found.value == value
    assert "2" in catalogue()["crime.clearance"].formula


def test_redefinitions_are_those_noted_by_the_day(country: Country) -> None:
    for day, word in ((5, "một"), (15, "hai")):
        note = Text(vi=word, en=word)
        note_redefinition(indicator="people", since=date(2025, 6, 1), note=note, actor="", now=at(day))
    known = [(4, []), (6, ["một"]), (14, ["một"]), (16, ["hai"])]
    for day, words in known:
        with as_known(at(day)):
            assert [one.note.vi for one in redefinitions(["people"])["people"]] == words
            assert Redefinition.objects.count() == len(words)


def _transfer_and_back(country: Country) -> None:
    record_change(act=TRANSFER, actor=None, now=at(10))
    undo_change(key=TRANSFER.key, actor=None, now=at(20))
