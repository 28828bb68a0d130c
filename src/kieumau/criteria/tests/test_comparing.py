"""What a new version of a set changes, as a reader of both files would say it."""

import pytest

from kieumau.criteria.comparing import Changed, Changes, compare
from kieumau.criteria.rules import Definition
from kieumau.criteria.tests.sets import MEASURED, SMALL
from kieumau.kernel.yamlfile import read_text

NOTHING = Changes((), (), (), (), are_reordered=False)
JUDGED = SMALL[SMALL.index('  - code: "3"') :]
FOURTH = JUDGED.replace('"3"', '"4"')


def definition(text: str) -> Definition:
    return read_text(text, Definition, "small.yaml")


@pytest.mark.parametrize(
    ("newer", "changes"),
    [
        (SMALL, NOTHING),
        ("# a comment\n" + SMALL, NOTHING),
        (SMALL + FOURTH, Changes(("4",), (), (), (), are_reordered=False)),
        (SMALL.replace(MEASURED, ""), Changes((), ("2",), (), (), are_reordered=False)),
        (
            SMALL.replace("70%", "80%"),
            Changes((), (), (Changed("2", ("formula",)),), (), are_reordered=False),
        ),
        (
            SMALL.replace("kind: all", "kind: at_least, k: 2"),
            Changes((), (), (), ("rule",), are_reordered=False),
        ),
        (
            SMALL.replace(MEASURED, "") + MEASURED,
            Changes((), (), (), (), are_reordered=True),
        ),
        (
            SMALL.replace(MEASURED, MEASURED.replace('"2"', '"5"')).replace("2022-01-01", "2023-01-01"),
            Changes(("5",), ("2",), (), ("effective",), are_reordered=False),
        ),
    ],
)
def test_changes(newer: str, changes: Changes) -> None:
    found = compare(definition(SMALL), definition(newer))
    assert found == changes
    assert bool(found) is (changes != NOTHING)
