"""The mark of a figure, as a table; what is said about it; the map one asks for."""

from datetime import date
from fractions import Fraction

import pytest

from kieumau.formulas.values import State
from kieumau.indicators.maps.rules import (
    REPORTED,
    Amount,
    Judged,
    Map,
    Mark,
    Origin,
    map_of_today,
    mark_of_number,
    mark_of_reported,
    mark_of_shares,
    read_map,
    together,
)
from kieumau.kernel.messages import Refused, Text

HERE = 7


def origin(unit_id: int, name: str, share: str = "1", *bases: str) -> Origin:
    return Origin(unit_id, Text(vi=f"xã {name}", en=f"{name} Commune"), Fraction(share), (), bases)


SELF, MY_KHANH, AN_HOA = origin(HERE, "An Bình"), origin(1, "Mỹ Khánh"), origin(2, "An Hòa")
HALF, THIRD = origin(3, "Giai Xuân", "1/2", "even"), origin(4, "Tân Thới", "1/3", "people")


@pytest.mark.parametrize(
    ("origins", "mark", "vi", "en"),
    [
        ([SELF], Mark.SAME, "Cùng địa bàn.", "The same territory."),
        ([MY_KHANH], Mark.SAME, "Cùng địa bàn, trước đây là xã Mỹ Khánh.",
         "The same territory, formerly Mỹ Khánh Commune."),
        ([SELF, MY_KHANH], Mark.WHOLE, "Gồm trọn xã An Bình và xã Mỹ Khánh.",
         "Consists of all of An Bình Commune and Mỹ Khánh Commune."),
        ([SELF, MY_KHANH, AN_HOA], Mark.WHOLE, "Gồm trọn xã An Bình, xã Mỹ Khánh và xã An Hòa.",
         "Consists of all of An Bình Commune, Mỹ Khánh Commune and An Hòa Commune."),
        ([HALF], Mark.ESTIMATED, "Ước tính: gồm 50 % xã Giai Xuân (chia đều).",
         "Estimated: 50% of Giai Xuân Commune (in equal parts)."),
        ([MY_KHANH, HALF, THIRD], Mark.ESTIMATED,
         "Ước tính: gồm 50 % xã Giai Xuân (chia đều); 33,33 % xã Tân Thới (theo dân số), "
         "cùng trọn xã Mỹ Khánh.",
         "Estimated: 50% of Giai Xuân Commune (in equal parts); 33.33% of Tân Thới Commune (by people), "
         "with all of Mỹ Khánh Commune."),
        ([], Mark.NOT_COMPARABLE, "Bản đồ này chưa có số liệu của địa bàn.",
         "There is nothing of this territory on this map."),
    ],
)  # fmt: skip
def test_the_mark_of_a_number(origins: list[Origin], mark: Mark, vi: str, en: str) -> None:
    assert mark_of_number(HERE, origins) == Judged(mark, Text(vi=vi, en=en))


def test_of_many_units_six_are_named() -> None:
    said = mark_of_number(HERE, [origin(number, f"số {number}") for number in range(14)]).why
    assert said.vi.endswith("xã số 5 và 8 đơn vị khác.")
    assert said.en.endswith("số 5 Commune and 8 more units.")


@pytest.mark.parametrize(
    ("was", "mark", "vi"),
    [
        ([SELF], Mark.SAME, "Cùng địa bàn."),
        (
            [SELF, MY_KHANH],
            Mark.NOT_COMPARABLE,
            "Từ đó địa bàn đã nhận xã Mỹ Khánh; hãy xem trên bản đồ hiện nay.",
        ),
        ([MY_KHANH], Mark.NOT_COMPARABLE, "Khi đó địa bàn thuộc xã Mỹ Khánh; hãy xem trên bản đồ hiện nay."),
        ([origin(HERE, "An Bình", "0.6")], Mark.NOT_COMPARABLE, "Từ đó đơn vị đã giao một phần địa bàn."),
        ([], Mark.NOT_COMPARABLE, "Khi đó chưa có đơn vị này."),
    ],
)
def test_figures_as_reported_compare_only_within_one_territory(
    was: list[Origin], mark: Mark, vi: str
) -> None:
    judged = mark_of_reported(was, HERE)
    assert (judged.mark, judged.why.vi) == (mark, vi)


@pytest.mark.parametrize(
    ("amount", "state"),
    [
        (Amount(Fraction(1, 3), 2, expected=2), State.VALUE),
        (Amount(Fraction(0), 2, expected=2), State.VALUE),
        (Amount(Fraction(3), 1, expected=2), State.MISSING),
        (Amount(Fraction(3), 1, 0, 1, 2), State.REFUSED),
        (Amount(Fraction(3), 1, 1, 0, 2), State.VALUE),
        (Amount(Fraction(0), 0, 2, 0, 2), State.NOT_APPLICABLE),
        (Amount(), State.MISSING),
    ],
)
def test_the_state_is_that_of_every_roll_up(amount: Amount, state: State) -> None:
    assert amount.state is state
    assert amount.part(Fraction(1, 7)).state is state


WHY = Text(vi="Vì.", en="Because.")
ESTIMATED, WHOLE = Judged(Mark.ESTIMATED, WHY), Judged(Mark.WHOLE, Text(vi="Trọn.", en="Whole."))
SAME, FORMERLY = mark_of_number(HERE, [SELF]), mark_of_number(HERE, [MY_KHANH])


@pytest.mark.parametrize(
    ("found", "every"),
    [
        ([SAME, SAME], [SAME]),
        ([SAME, FORMERLY], [FORMERLY]),
        ([SAME, WHOLE], [WHOLE]),
        ([WHOLE, ESTIMATED, WHOLE], [ESTIMATED, WHOLE]),
        ([together([WHOLE, ESTIMATED]), SAME, WHOLE], [ESTIMATED, WHOLE]),
    ],
)
def test_every_mark_is_told_once_the_weakest_first(found: list[Judged], every: list[Judged]) -> None:
    assert list(together(found).every) == every
    assert together(found).told.vi == " ".join(one.why.vi for one in every)


@pytest.mark.parametrize(
    ("count", "is_whole", "mark"),
    [
        (0, True, Mark.NOT_COMPARABLE),
        (1, True, Mark.SAME),
        (3, True, Mark.WHOLE),
        (1, False, Mark.ESTIMATED),
        (3, False, Mark.ESTIMATED),
    ],
)
def test_one_rule_for_the_mark_of_a_territory(count: int, is_whole: bool, mark: Mark) -> None:
    assert mark_of_shares(count, is_whole=is_whole) is mark


def test_a_refusal_is_an_answer_but_no_figure() -> None:
    some = Amount(Fraction(3), 2, 1, 1, 5)
    assert (some.reported, some.answered, some.is_complete) == (3, 4, False)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("reported", REPORTED),
        ("", REPORTED),
        ("today", map_of_today(date(2026, 11, 22))),
        ("2025-06-30", Map(date(2025, 6, 30))),
    ],
)
def test_maps(text: str, found: Map) -> None:
    assert read_map(text, today=date(2026, 11, 22)) == found
    assert read_map(found.word, today=date(2026, 11, 22)) == found


def test_no_such_map() -> None:
    with pytest.raises(Refused):
        read_map("yesterday", today=date(2026, 11, 22))
