"""The table of shapes in the docs: every place it names is there and holds what it promises."""

import re
from pathlib import Path

import pytest

from kieumau.criteria.files import path_of, shipped
from kieumau.criteria.rules import Definition
from kieumau.kernel.yamlfile import read

ROOT = Path(__file__).parents[4]
TABLE = ROOT / "docs" / "how-to" / "shapes-of-rules.md"
VECTORS = ROOT / "src" / "kieumau" / "formulas" / "tests"
NORMS = ROOT / "src" / "kieumau" / "library" / "norms"
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| shape", "|---"))
]


def test_there_is_a_row_for_every_shape() -> None:
    assert len(ROWS) >= 19
    assert all(len(row) == 3 for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_every_place_is_there(row: list[str]) -> None:
    places = re.findall(r"`([^`]+)`", row[2])
    assert places
    for place in places:
        name, _, criterion = place.partition(": ")
        if name.startswith("vectors/"):
            assert (VECTORS / name).is_file()
        elif name in shipped():
            codes = [one.code for one in read(path_of(name), Definition).criteria]
            assert not criterion or criterion in codes
        else:
            assert (NORMS / f"{name}.yaml").is_file()
