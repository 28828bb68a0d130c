"""Entering figures by hand: refused, asked for a remark, kept with one, told of a later period."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kieumau.formulas.values import State
from kieumau.indicators.actions import (
    BadEntry,
    Entered,
    Implausible,
    NeedsRemark,
    NothingToExplain,
    enter_figures,
    explain_figures,
    load_catalogue,
)
from kieumau.indicators.actions.references import NotRecorded
from kieumau.indicators.checks.queries import checks_of
from kieumau.indicators.checks.tests.test_load import check, write
from kieumau.indicators.models import Figure, Remark, Source
from kieumau.indicators.tests.cast import Country, at

CHECKS = (
    check("part", "crime.solved <= crime.occurred + 20"),
    check("flow", "crime.solved <= crime.occurred + previous(crime.occurred)", "soft"),
    check("jump", "abs(people - previous(people)) <= 5", "soft"),
)


@pytest.fixture
def checked(country: Country, tmp_path: Path) -> Country:
    load_catalogue(write(tmp_path, *CHECKS))
    country.record(("2025-02", "C11", "crime.occurred", 3))
    return country


def enter(
    country: Country,
    values: Mapping[str, object],
    remarks: Mapping[str, str] | None = None,
    period: str = "2025-03",
) -> Entered:
    period_id, unit_id, _ = country.key(period, "C11", "crime.solved")
    figures = {code: one if isinstance(one, State) else Decimal(str(one)) for code, one in values.items()}
    return enter_figures(unit_id, period_id, figures, remarks or {}, actor="lan", now=at(2))


def outcomes(country: Country, period: str = "2025-03") -> dict[str, tuple[bool | None, str]]:
    period_id, unit_id, _ = country.key(period, "C11", "crime.solved")
    return {
        one.check.code: (one.holds, one.remark.text if one.remark else "")
        for one in checks_of(unit_id, period_id)
    }


def test_sound_figures_are_kept(checked: Country) -> None:
    entered = enter(checked, {"crime.solved": 5, "crime.occurred": 4, "people": State.REFUSED})
    assert (entered.recorded.inserted, entered.remarked, entered.notices) == (3, (), ())
    source = Source.objects.get(id=entered.source_id or 0)
    assert (source.recorded_by, source.recorded_at) == ("lan", at(2))
    assert outcomes(checked) == {"part": (True, ""), "flow": (True, ""), "jump": (None, "")}


def test_a_hard_check_refuses_and_names_the_fields(checked: Country) -> None:
    with pytest.raises(Implausible) as refused:
        enter(checked, {"crime.solved": 40, "crime.occurred": 4, "people": 7})
    mark = refused.value.marks[0]
    assert (mark.check_code, mark.codes) == ("part", ("crime.solved", "crime.occurred"))
    assert "40" in mark.sentence.vi
    assert [one.check_code for one in refused.value.needing_remarks] == ["flow"]
    assert [problem.code for problem in refused.value.problems] == ["implausible", "needs-remark"]
    assert Figure.objects.count() == 1


def test_a_soft_check_asks_for_a_remark_and_keeps_it(checked: Country) -> None:
    figures = {"crime.solved": 12, "crime.occurred": 4}
    with pytest.raises(NeedsRemark) as asked:
        enter(checked, figures)
    assert [one.check_code for one in asked.value.marks] == ["flow"]
    with pytest.raises(NeedsRemark):
        enter(checked, figures, {"flow": "  "})
    entered = enter(checked, figures, {"flow": "án cũ", "part": "not needed"})
    assert entered.remarked == ("flow",)
    remark = Remark.objects.get()
    assert (remark.text, remark.source, remark.written_by) == ("án cũ", entered.source_id, "lan")
    assert outcomes(checked)["flow"] == (False, "án cũ")


def test_the_same_figures_again_ask_for_nothing(checked: Country) -> None:
    figures = {"crime.solved": 12, "crime.occurred": 4}
    enter(checked, figures, {"flow": "án cũ"})
    again = enter(checked, figures)
    assert (again.recorded.unchanged, again.source_id) == (2, None)
    enter(checked, {**figures, "people": 9})  # another field is nothing to the check
    with pytest.raises(NeedsRemark):
        enter(checked, {"crime.solved": 13})


def test_a_later_period_is_told_of(checked: Country) -> None:
    enter(checked, {"people": 100}, period="2025-04")
    entered = enter(checked, {"people": 50})
    assert [notice.code for notice in entered.notices] == ["later-period"]
    assert "tháng 4 năm 2025" in entered.notices[0].in_("vi")
    assert outcomes(checked, "2025-04")["jump"] == (False, "")


def test_figures_that_stand_may_be_explained_later(checked: Country) -> None:
    """An earlier month was corrected, and the month after it has become doubtful."""
    enter(checked, {"people": 100}, period="2025-04")
    enter(checked, {"people": 50})
    period_id, unit_id, _ = checked.key("2025-04", "C11", "people")
    assert explain_figures(unit_id, period_id, {"jump": " "}, actor="lan", now=at(3)) == ()
    assert explain_figures(unit_id, period_id, {"jump": "nhập lại"}, actor="lan", now=at(3)) == ("jump",)
    assert explain_figures(unit_id, period_id, {"jump": "khu mới"}, actor="lan", now=at(4)) == ("jump",)
    assert outcomes(checked, "2025-04")["jump"] == (False, "khu mới")
    assert Figure.objects.filter(period=period_id, unit=unit_id).count() == 1


@pytest.mark.parametrize(("code", "problem"), [("part", "nothing-to-explain"), ("jmp", "unknown-check")])
def test_what_needs_no_explanation(checked: Country, code: str, problem: str) -> None:
    enter(checked, {"crime.solved": 5, "crime.occurred": 4})
    period_id, unit_id, _ = checked.key("2025-03", "C11", "people")
    with pytest.raises(NothingToExplain) as refused:
        explain_figures(unit_id, period_id, {code: "vì"}, actor="lan", now=at(3))
    assert [one.code for one in refused.value.problems] == [problem]
    assert Remark.objects.count() == 0


WRONG = [
    ({"crime.solvd": 1}, {}, "unknown-indicator"),
    ({"crime.solved": "1.5"}, {}, "too-many-decimals"),
    ({"crime.solved": "NaN"}, {}, "too-many-decimals"),
    ({"crime.solved": 1}, {"flwo": "x"}, "unknown-check"),
]


@pytest.mark.parametrize(("values", "remarks", "code"), WRONG, ids=[wrong[2] for wrong in WRONG])
def test_what_is_wrong_in_itself(
    checked: Country, values: dict[str, object], remarks: dict[str, str], code: str
) -> None:
    with pytest.raises(BadEntry) as refused:
        enter(checked, values, remarks)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_derived_and_foreign_rhythms_are_refused_as_ever(checked: Country) -> None:
    for code in ("crime.clearance", "fires"):
        with pytest.raises(NotRecorded):
            enter(checked, {code: 1})


def test_an_entry_is_a_handful_of_queries(checked: Country) -> None:
    enter(checked, {"crime.solved": 1})
    with CaptureQueriesContext(
        connection,
    ) as queries:
        enter(checked, {"crime.solved": 2, "crime.occurred": 2})
    statements = [one for one in queries if "SAVEPOINT" not in one["sql"]]
    assert len(statements) <= 24
