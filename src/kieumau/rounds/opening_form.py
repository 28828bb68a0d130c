"""Is what was typed about a new round well formed? It becomes a `Wish`, which the action judges."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from kieumau.assessments.setting import period_id
from kieumau.calendars import library
from kieumau.calendars.models import Period
from kieumau.calendars.rules import CODE, KINDS
from kieumau.criteria.models import CriteriaSet
from kieumau.kernel.messages import Refused
from kieumau.kernel.text import tidy
from kieumau.programmes.models import Member, Programme
from kieumau.programmes.rules import set_of_year
from kieumau.rounds import actions, words
from kieumau.rounds.actions import Wish
from kieumau.rounds.dressing import dress, offer
from kieumau.rounds.rules import Stage
from kieumau.units.models import Kind, Level, Term
from kieumau.units.naming import units_named

_SAMPLES = "2026, 2026-H1, 2026-Q3, 2026-11"
EVERY, PILOTS, MEMBERS, NAMED = "every", "pilots", "members", "named"
# Where offices of several levels work on the same stage.
BY_LEVEL = [
    (stage, level)
    for stage in (Stage.VERIFICATION, Stage.APPRAISAL)
    for level in (Level.PROVINCE, Level.NATION)
]
WHOM = [
    (EVERY, _("Every unit to which the set applies")),
    (PILOTS, _("The programme's pilots")),
    (MEMBERS, _("All units that take part in the programme")),
    (NAMED, _("The units named below")),
]


class ProgrammeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable when run
    """A programme by its name."""

    def label_from_instance(self, obj: Any) -> str:
        """The name in the language of the page."""
        return str(obj.name_en if get_language() == "en" else obj.name_vi)


class Opening(forms.Form):
    """What somebody wants to open. The areas offered are those in which he may."""

    programme = ProgrammeChoice(
        label=_("Programme"),
        queryset=Programme.objects.none(),
        required=False,
        empty_label="–",
        help_text=_("Its criteria set for the year is taken where none is chosen below."),
    )
    criteria_set = forms.ChoiceField(label=_("Criteria set"), required=False)
    period = forms.CharField(
        label=_("Period"), max_length=20, help_text=_("As the set is judged: 2026, 2026-H1, 2026-Q3.")
    )
    name = forms.CharField(label=_("Name of the round"), max_length=200)
    area = forms.TypedChoiceField(label=_("Area"), coerce=int)
    whom = forms.ChoiceField(label=_("Which units"), choices=WHOM, initial=EVERY, widget=forms.RadioSelect)
    named = forms.CharField(
        label=_("Codes or names, one in each line"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of unit (none chosen: all)"), required=False, widget=forms.CheckboxSelectMultiple
    )
    stages = forms.TypedMultipleChoiceField(
        label=_("Stages"),
        coerce=lambda value: Stage(int(value)),
        choices=[(int(stage), words.STAGES[stage]) for stage in Stage],
        initial=[int(Stage.SELF), int(Stage.VERIFICATION), int(Stage.APPRAISAL)],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("A round needs the stage of self-assessment.")},
    )

    def __init__(
        self, *args: Any, areas: Sequence[Term], sets: Sequence[CriteriaSet], on: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        speaks = get_language() or "vi"
        self.sets = {str(one.pk): one for one in sets}
        self.areas = {one.unit_id: one for one in areas}
        self.year = on.year
        programmes = self.fields["programme"]
        assert isinstance(programmes, forms.ModelChoiceField)
        programmes.queryset = Programme.objects.prefetch_related("sets").order_by("code")
        offer(self, "criteria_set", [("", _("The programme's for the year")), *map(_set, sets)])
        offer(self, "area", [(one.unit_id, one.full_name(speaks)) for one in areas])
        used = Term.objects.filter(valid__contains=on).values("kind")
        kinds = Kind.objects.filter(level__gt=Level.NATION, pk__in=used).order_by("-level", "code")
        offer(self, "kinds", [(one.code, one.name_en if speaks == "en" else one.name_vi) for one in kinds])
        for stage in Stage:
            self.fields[due(stage)] = forms.DateField(
                label=words.STAGES[stage],
                required=False,
                widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            )
        for stage, level in BY_LEVEL:
            self.fields[due(stage, level)] = forms.DateField(
                label=f"{words.STAGES[stage]}: {words.LEVELS[level]}",
                required=False,
                widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            )
        dress(self)

    @property
    def deadlines(self) -> list[Any]:
        """The fields of the last days, one for each stage."""
        return [self[due(stage)] for stage in Stage]

    @property
    def deadlines_by_level(self) -> list[Any]:
        """The fields of last days of single levels."""
        return [self[due(stage, level)] for stage, level in BY_LEVEL]

    def clean(self) -> dict[str, Any]:
        """Settles the set, its period and the units that are named."""
        data = super().clean() or {}
        chosen = data["set"] = self._set(data)
        if chosen is not None and "period" in data:
            data["asked"] = self._period(chosen, data["period"])
        elif chosen is None:
            self._without_a_set(data)
        if data.get("asked") is not None:
            data["only"] = self._only(data)
        return data

    def _set(self, data: Mapping[str, Any]) -> CriteriaSet | None:
        if data.get("criteria_set"):
            return self.sets[data["criteria_set"]]
        programme, year = data.get("programme"), _year(data)
        if programme is None or year is None:
            return None
        by_year = {one.from_year: one.criteria_set_id for one in programme.sets.all()}
        first = set_of_year(list(by_year), year)
        return None if first is None else self.sets.get(str(by_year[first]))

    def _without_a_set(self, data: Mapping[str, Any]) -> None:
        """Say of the right field why there is none: a period that is none is not the fault of the set."""
        programme, year = data.get("programme"), _year(data)
        has_sets = programme is not None and bool(programme.sets.all())
        if "period" in data and year is None:
            said = gettext("“%(period)s” is no period. Write it like %(samples)s.")
            self.add_error("period", said % {"period": data["period"], "samples": _SAMPLES})
        elif has_sets and year is not None:
            said = gettext("The programme has no criteria set for %(year)s: another period, or choose a set.")
            self.add_error("period", said % {"year": year})
        if not has_sets:
            self.add_error("criteria_set", _("Choose a set, or a programme that has one for the year."))

    def _period(self, chosen: CriteriaSet, text: str) -> Period | None:
        try:
            asked = period_id(chosen, library.window(tidy(text), chosen.calendar))
        except Refused:
            said = gettext(
                "“%(period)s” is no period of this set, which is judged %(by)s. Write it like %(sample)s."
            )
            sample = KINDS[chosen.period_kind][2].format(year=self.year, n=1)
            by = words.JUDGED_BY[chosen.period_kind]
            self.add_error("period", said % {"period": text, "by": by, "sample": sample})
            return None
        found = Period.objects.select_related("calendar").filter(pk=asked).first()
        if found is None:
            self.add_error("period", _("There is no such period."))
        return found

    def _only(self, data: Mapping[str, Any]) -> QuerySet[Any, Any] | None:
        """The units that alone are meant, as a sub-select of their ids; null where every one is."""
        whom, period, programme = data.get("whom", EVERY), data["asked"], data.get("programme")
        on = date.fromordinal(period.ends_before.toordinal() - 1)
        if whom == NAMED:
            area = self.areas.get(data.get("area", 0))
            found = units_named(data.get("named", ""), on, area.path if area else None)
            for problem in found.problems:
                self.add_error("named", problem.in_(get_language() or "vi"))
            if not found.found and not found.problems:
                self.add_error("named", _("Name at least one unit."))
            return actions.named(found.ids)
        if whom == EVERY:
            return None
        taking = Member.objects.filter(programme=programme, valid__contains=on)
        if whom == PILOTS:
            taking = taking.filter(Q(phase=Member.Phase.PILOT))
        if programme is None or not taking.exists():
            self.add_error("whom", _("No unit takes part in that way on the last day of the period."))
        return taking.order_by().values("unit_id")

    @property
    def wish(self) -> Wish:
        """What is wanted; only of a valid form."""
        data = self.cleaned_data
        return Wish(
            name=tidy(data["name"]),
            criteria_set=data["set"],
            period=data["asked"],
            area_id=data["area"],
            stages=tuple(data["stages"]),
            programme=data["programme"],
            kinds=tuple(data["kinds"]),
            only=data["only"],
            deadlines={stage: data[due(stage)] for stage in data["stages"] if data[due(stage)]},
            by_level={one: data[due(*one)] for one in BY_LEVEL if data[due(*one)]},
        )


def _year(data: Mapping[str, Any]) -> int | None:
    """The year of the period that was typed; None where that is no period."""
    found = CODE.match(tidy(str(data.get("period", ""))).upper().rpartition(":")[2])
    return int(found[1]) if found else None


def due(stage: Stage, level: Level | None = None) -> str:
    """The field of a stage's last day, for everybody or for those of one level."""
    return f"due_{stage.key}" if level is None else f"due_{stage.key}_{level.name.lower()}"


def _set(one: CriteriaSet) -> tuple[str, str]:
    title = one.title_en if get_language() == "en" else one.title_vi
    return str(one.pk), f"{title} ({gettext('version %(number)s') % {'number': one.version}})"
