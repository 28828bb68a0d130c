"""Caps on a class: the rule as a table, and what is read of verdicts, by province."""

from datetime import date
from itertools import product
from pathlib import Path

import pytest

from kieumau.assessments.actions import assess_all
from kieumau.assessments.caps import Capped, cap_line, capped, caps
from kieumau.assessments.models import Assessment
from kieumau.assessments.tests.world import NOW, POINTS_RULE, QUARTER, World, set_text
from kieumau.criteria.classes import cap_sentence
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import Cap

CLASSES = ("excellent", "good", "done", "not-done")
GOOD, BOTH, ALL = ("good",), ("excellent", "good"), ()

# Share, of which classes, units in each class from the highest: how many may be excellent, how many too many.
VECTORS: list[tuple[str, tuple[str, ...], tuple[int, int, int, int], int, int]] = [
    # “At most 20 % of those rated good”, excellent ones not counted among them.
    ("20%", GOOD, (4, 20, 3, 1), 4, 0),
    ("20%", GOOD, (5, 25, 0, 0), 5, 0),
    ("20%", GOOD, (5, 24, 0, 0), 4, 1),
    # Ten of thirty: five fall into the class below, and 5 are 20 % of the 25 there are then.
    ("20%", GOOD, (10, 20, 0, 0), 5, 5),
    ("20%", GOOD, (3, 0, 0, 0), 0, 3),
    ("20%", GOOD, (0, 20, 0, 0), 3, 0),
    # The same counted among all that are good or better.
    ("20%", BOTH, (4, 16, 3, 1), 4, 0),
    ("20%", BOTH, (5, 19, 3, 1), 4, 1),
    ("20%", BOTH, (10, 20, 0, 0), 6, 4),
    ("20%", BOTH, (1, 3, 50, 0), 0, 1),
    # Among all that are rated.
    ("20%", ALL, (10, 20, 15, 5), 10, 0),
    ("20%", ALL, (11, 19, 15, 5), 10, 1),
    ("15%", ALL, (10, 20, 15, 5), 7, 3),
    ("33.333%", ALL, (3, 3, 3, 0), 2, 1),  # a third of nine is not quite allowed
    ("0%", ALL, (1, 1, 1, 1), 0, 1),
    ("100%", ALL, (4, 0, 0, 0), 4, 0),
    # Of those two classes down, and of none but itself.
    ("20%", ("done",), (10, 20, 25, 5), 5, 5),
    ("50%", ("excellent",), (10, 20, 0, 0), 0, 10),
    ("100%", ("excellent",), (10, 20, 0, 0), 30, 0),
    # No more than there are to rise: 50 may be by the share, but only two stand in the class below.
    ("50%", ("done",), (0, 2, 100, 0), 2, 0),
    ("100%", ALL, (0, 3, 50, 0), 3, 0),
    # Nobody is rated.
    ("20%", ALL, (0, 0, 0, 0), 0, 0),
]


def cap(share: str, of: tuple[str, ...]) -> Cap:
    """A cap on excellent units of a province."""
    return Cap.model_validate({"class": "excellent", "at_most": share, "of": of, "within": "province"})


@pytest.mark.parametrize(("share", "of", "units", "may_be", "excess"), VECTORS)
def test_how_many_may_be(
    share: str, of: tuple[str, ...], units: tuple[int, int, int, int], may_be: int, excess: int
) -> None:
    found = capped(cap(share, of), CLASSES, dict(zip(CLASSES, units, strict=True)))
    assert (found.are, found.may_be, found.excess) == (units[0], may_be, excess)
    assert found.counted == sum(
        count for code, count in zip(CLASSES, units, strict=True) if code in (of or CLASSES)
    )


@pytest.mark.parametrize("of", [GOOD, BOTH, ALL, ("done",), ("excellent",)])
@pytest.mark.parametrize("share", ["0%", "20%", "33.3%", "50%", "100%"])
def test_no_fewer_have_to_fall(share: str, of: tuple[str, ...]) -> None:
    """By trying: the least number of units that fall into the class below so that the cap is kept."""
    one = cap(share, of)
    for units in product(range(7), range(7), range(3)):
        counts = dict(zip(CLASSES, (*units, 0), strict=True))
        fallen = next(
            fall
            for fall in range(units[0] + 1)
            if _is_kept(one, counts | {"excellent": units[0] - fall, "good": units[1] + fall})
        )
        assert capped(one, CLASSES, counts).excess == fallen, counts


@pytest.mark.parametrize("of", [GOOD, BOTH, ALL, ("done",), ("excellent",)])
@pytest.mark.parametrize("share", ["0%", "20%", "33.3%", "50%", "100%"])
def test_no_more_can_rise(share: str, of: tuple[str, ...]) -> None:
    """By trying: units of the class below rise as long as the cap is kept."""
    one = cap(share, of)
    for units in product(range(7), range(7), range(3)):
        counts = dict(zip(CLASSES, (*units, 0), strict=True))
        if not _is_kept(one, counts):
            continue
        risen = max(
            rise
            for rise in range(units[1] + 1)
            if _is_kept(one, counts | {"excellent": units[0] + rise, "good": units[1] - rise})
        )
        assert capped(one, CLASSES, counts).may_be == units[0] + risen, counts


def _is_kept(one: Cap, counts: dict[str, int]) -> bool:
    base = sum(count for code, count in counts.items() if code in (one.of or CLASSES))
    return counts["excellent"] <= one.share * base


def test_open_units_are_told() -> None:
    found = capped(cap("20%", ALL), CLASSES, {"excellent": 1, "good": 4, "": 2})
    assert found == Capped(are=1, may_be=1, counted=5, open=2)
    assert not found.is_certain


CAPS = """\
caps:
  - {class: good, at_most: 50%, of: [good, fair], within: province}
  - {class: good, at_most: 20%, within: nation}
"""


@pytest.mark.django_db
def test_caps_of_a_set_by_province(tmp_path: Path) -> None:
    world = World(tmp_path)
    one = world.publish(set_text("capped", POINTS_RULE) + CAPS)
    assess_all(criteria_set=one, window=QUARTER, on=date(2026, 1, 20), now=NOW)
    classes = {"C11": "good", "C12": "good", "C13": "fair", "C14": "", "C21": "good", "C22": "fair"}
    for code, class_code in classes.items():
        kept = Assessment.objects.filter(unit=world.units[code])
        kept.update(class_code=class_code, points=40 if class_code else 10, points_possible=40)
    Assessment.objects.filter(unit__in=[world.units["C23"], world.units["C24"]]).update(
        class_code="", points=5, points_possible=5
    )
    found = [(one.name.vi, one.cap.within, one.found) for one in caps(one, QUARTER)]
    assert found == [
        ("Tỉnh P1", "province", Capped(are=2, may_be=1, counted=3, open=1)),
        ("Tỉnh P2", "province", Capped(are=1, may_be=1, counted=2, open=0)),
        ("N", "nation", Capped(are=3, may_be=1, counted=5, open=1)),
    ]
    [only] = caps(one, QUARTER, world.units["P1"])
    assert (
        cap_line(only).en == "P1 Province: 2 “Good”, at most 1 may be, 1 too many; 1 units have no class yet"
    )
    says = definition(one)
    assert says.caps is not None
    assert cap_sentence(says, says.caps[0]).vi == (
        "“Khá”: không quá 50 % số đơn vị xếp loại “Khá” hoặc “TB”, tính theo từng tỉnh, thành phố."
    )
