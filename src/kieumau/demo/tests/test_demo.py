"""The synthetic country: always the same, whole after an interruption, marked as made up."""

from random import Random

import pytest

from kieumau.assessments.models import Assessment
from kieumau.criteria.queries import indicators_used
from kieumau.demo import behaviour, vietnam
from kieumau.indicators.actions import check_totals
from kieumau.indicators.models import Figure, Indicator, Source
from kieumau.units.actions import load_vietnam
from kieumau.units.models import Unit

MONTHS = 2


def quietly(done: int, total: int) -> None:
    """A step that says nothing."""


class Interrupted(Exception):
    """Somebody pressed Ctrl-C."""


def interrupt(done: int, total: int) -> None:
    raise Interrupted


@pytest.mark.django_db
@pytest.mark.slow
def test_an_interrupted_load_goes_on_where_it_stopped_and_a_second_one_adds_nothing() -> None:
    scope = vietnam.Scope("test", ["92"], MONTHS)
    with pytest.raises(Interrupted):
        vietnam.load(scope, interrupt)
    first = Figure.objects.count()
    assert first
    assert not vietnam.is_loaded(scope)
    vietnam.load(scope, quietly)
    assert vietnam.is_loaded(scope)
    figures, sources = Figure.objects.count(), Source.objects.count()
    assert figures > first
    assert vietnam.load(scope, quietly) == 0
    assert (Figure.objects.count(), Source.objects.count()) == (figures, sources)
    assert not Source.objects.exclude(is_synthetic=True, register="vn").exists()
    assert Assessment.objects.filter(criteria_set__code="tt124-commune").count() == 103 * 2
    assert check_totals() == []
    raw = dict(Indicator.objects.filter(catalogue=vietnam.CATALOGUE, formula="").values_list("pk", "code"))
    reported = {raw[indicator] for indicator in Figure.objects.values_list("indicator", flat=True).distinct()}
    assert indicators_used(raw.values()) <= reported, "all that the set asks for"
    assert Unit.objects.filter(terms__code="31120").exists()
    load_vietnam(provinces=["12"], actor="tests")
    assert vietnam.is_loaded(scope), "another province changes nothing"
    assert vietnam.load(scope, quietly) == 0
    assert Assessment.objects.filter(criteria_set__code="tt124-commune").count() == 103 * 2


def test_figures_are_always_the_same() -> None:
    key = "vn/commune/31120@2025-07-01"
    one, two = (
        list(behaviour.month_figures(key, behaviour.size(key), behaviour.character(key), 2026, 3, 25))
        for _ in range(2)
    )
    assert one == two


def test_a_successor_has_what_its_predecessors_gave() -> None:
    a, b = behaviour.size("a"), behaviour.size("b")
    merged = behaviour.NOTHING.plus(a, 1).plus(b, 0.5)
    assert merged.people == a.people + b.people / 2
    assert merged.areas == a.areas + b.areas / 2


@pytest.mark.parametrize("mean", [0.0, 0.4, 5.0, 80.0])
def test_counts_have_their_mean(mean: float) -> None:
    random = Random("poisson")
    counts = [behaviour.poisson(random, mean) for _ in range(4_000)]
    assert min(counts) >= 0
    assert abs(sum(counts) / len(counts) - mean) <= 0.05 * mean + 0.05
