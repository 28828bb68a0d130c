"""What is derived is made anew by one command, whatever became of it."""

from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kieumau.calendars.actions import load_calendars
from kieumau.cli.app import app
from kieumau.indicators.actions import check_totals
from kieumau.indicators.models import Total
from kieumau.indicators.tests.cast import load_country
from kieumau.units.models import Mapping


@pytest.mark.django_db
def test_totals_and_ways_between_maps_that_were_spoiled(tmp_path: Path) -> None:
    load_calendars()
    country = load_country(tmp_path)
    country.record(("2025-05", "C11", "people", 7), ("2025-05", "C21", "people", 8))
    ways = set(Mapping.objects.values_list("from_unit", "to_unit", "reported", "on_map"))
    Total.objects.filter(unit=country.units["P1"]).update(value=9)
    Mapping.objects.filter(from_unit=country.units["C11"]).delete()
    said = CliRunner().invoke(app, ["rebuild", "--lang", "en"])
    assert said.exit_code == 0, said.output
    assert "1 rows right that lead from map to map" in said.stdout
    assert "1 totals right" in said.stdout
    assert set(Mapping.objects.values_list("from_unit", "to_unit", "reported", "on_map")) == ways
    assert Total.objects.get(unit=country.units["P1"]).value == Decimal(7)
    assert check_totals() == []
    assert "Every total was right" in CliRunner().invoke(app, ["rebuild", "--lang", "en"]).stdout
