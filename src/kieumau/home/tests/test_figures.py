"""The main figures of a page, number by number."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from kieumau.assessments.tests.cast import TODAY, figure
from kieumau.formulas.values import State
from kieumau.home.figures import MainFigure, main_figures
from kieumau.home.places import place
from kieumau.home.tests.pages import PagesOfTheCast
from kieumau.home.viewing import view
from kieumau.indicators.actions import open_source, record_figures
from kieumau.indicators.queries import catalogue


class MainFigures(PagesOfTheCast):
    """Of the small country."""

    def figures(self, name: str, until: date | None = None) -> dict[str, MainFigure]:
        stands = place(self.cast.unit(name), TODAY)
        assert stands is not None
        return {
            one.indicator.code: one
            for one in main_figures(stands, view({}, today=TODAY, is_there_today=True), until)
        }

    def test_a_commune_shows_its_own_figure_beside_last_years(self) -> None:
        accidents = self.figures("Cái Khế")["traffic.accidents"]
        now, before = figure("Cái Khế", "x", (2026, 11))[1], figure("Cái Khế", "x", (2025, 11))[1]
        assert (accidents.now.value, accidents.before.value) == (now, before) == (Decimal(6), Decimal(7))
        assert accidents.change == Fraction(-1, 7)
        assert accidents.period.en == "November 2026"

    def test_what_is_derived_is_worked_out_for_every_period(self) -> None:
        crimes = self.figures("Cái Khế")["crime.total"]
        assert crimes.now.value == 30
        assert len(crimes.series.values) == 13
        assert crimes.series.values[-1] == 30

    def test_a_month_that_was_not_sent_is_missing_and_no_older_one_takes_its_place(self) -> None:
        crimes = self.figures("An Bình")["crime.total"]
        assert crimes.period.en == "November 2026"
        assert (crimes.now.value, crimes.now.state) == (None, State.MISSING)
        assert crimes.change is None

    def test_the_reasons_for_having_no_figure_are_kept_apart(self) -> None:
        fires = self.figures("Cái Khế")["fire.count"]
        assert fires.now.state is State.NOT_APPLICABLE
        assert self.figures("Cái Khế", date(2026, 3, 31))["fire.count"].now.state is State.REFUSED

    def test_a_province_adds_up_its_communes_and_says_how_many(self) -> None:
        population = self.figures("Cần Thơ")["population"]
        assert (population.now.value, population.now.reported, population.now.expected) == (6, 1, 2)
        assert (population.before.value, population.before.reported) == (14, 2)
        assert population.is_rough

    def test_a_nation_adds_up_its_provinces(self) -> None:
        population = self.figures("Việt Nam")["population"]
        assert (population.now.value, population.now.reported, population.now.expected) == (12, 2, 3)

    def test_a_province_that_has_everything_is_not_rough(self) -> None:
        population = self.figures("Hồ Chí Minh")["population"]
        assert not population.is_rough
        assert population.change == Fraction(-1, 7)

    def test_what_a_province_reported_itself_stands_beside_the_roll_up(self) -> None:
        accidents = catalogue()["traffic.accidents"]
        source = open_source(name="Báo cáo tỉnh")
        rows = [(2_126_111, self.cast.unit("Hồ Chí Minh"), accidents.id, State.VALUE, Decimal(9))]
        record_figures(rows, source=source)
        shown = self.figures("Hồ Chí Minh")["traffic.accidents"]
        assert shown.own is not None
        assert (shown.now.value, shown.own.value, shown.difference) == (6, 9, 3)

    def test_figures_are_those_of_the_end_of_the_period_looked_at(self) -> None:
        assert self.figures("Cái Khế", date(2026, 1, 31))["crime.total"].period.en == "January 2026"

    def test_a_unit_without_figures_shows_none(self) -> None:
        stands = place(self.cast.ended, TODAY)
        assert stands is not None
        assert main_figures(stands, view({}, today=TODAY, is_there_today=False)) == []

    def test_a_month_that_is_still_coming_in_is_not_drawn_as_a_fall(self) -> None:
        series = self.figures("Cần Thơ")["population"].series
        assert series.values[-1] is None
        assert series.values[-2] is not None
        assert self.figures("Hồ Chí Minh")["population"].series.values[-1] is not None

    def test_nothing_is_called_better_on_a_rough_comparison(self) -> None:
        assert self.figures("Cần Thơ")["traffic.accidents"].polarity == 0
        assert self.figures("Hồ Chí Minh")["traffic.accidents"].polarity == -1
