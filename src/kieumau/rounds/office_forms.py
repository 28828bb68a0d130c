"""Is what an office typed about a round well formed: more time, a team, its closing?"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kieumau.accounts.models import User
from kieumau.calendars.working_days import ONE_DAY
from kieumau.criteria.queries import definition
from kieumau.kernel.messages import Text
from kieumau.rounds import words
from kieumau.rounds.dressing import dress, offer
from kieumau.rounds.models import Dossier, Round, Team
from kieumau.rounds.rules import Stage
from kieumau.rounds.teams import checkers
from kieumau.units.models import Term, Unit
from kieumau.units.naming import units_named


class Extending(forms.Form):
    """More time: for an area or single units, which stage, until when, why."""

    area = forms.TypedChoiceField(label=_("Area"), coerce=int)
    named = forms.CharField(
        label=_("Or only these units"),
        help_text=_("Codes or names, one in each line"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    stage = forms.TypedChoiceField(label=_("Stage"), coerce=lambda value: Stage(int(value)))
    due_on = forms.DateField(
        label=_("New last day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, areas: Sequence[Term], made: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.made = made
        offer(self, "area", [(one.unit_id, one.full_name(get_language() or "vi")) for one in areas])
        offer(self, "stage", [(one, words.STAGES[Stage(one)]) for one in made.stages])
        dress(self)

    def clean_named(self) -> list[int]:
        """The units that are named, each of which must be in the round."""
        return _named(self.made, self.cleaned_data["named"])

    @property
    def area_ids(self) -> list[int]:
        """For whom: the units that are named; the area where none is. Only of a valid form."""
        return self.cleaned_data["named"] or [self.cleaned_data["area"]]


def _named(made: Round, text: str) -> list[int]:
    """The ids of the round's units that lines name. Raises `ValidationError` with every line that is none."""
    among = Unit.objects.filter(pk__in=Dossier.objects.filter(round=made).order_by().values("unit_id"))
    found = units_named(text, made.period.ends_before - ONE_DAY, among=among)
    if found.problems:
        speaks = get_language() or "vi"
        raise forms.ValidationError([problem.in_(speaks) for problem in found.problems])
    return found.ids


class Assigning(forms.Form):
    """A team: its name and area, its people, the criteria it looks after."""

    name = forms.CharField(label=_("Name of the team"), max_length=200)
    area = forms.TypedChoiceField(label=_("Area"), coerce=int)
    named = forms.CharField(
        label=_("Or one unit alone"), help_text=_("Its code or name"), required=False, max_length=200
    )
    people = forms.ModelMultipleChoiceField(
        label=_("People"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Those who verify or appraise somewhere in the area of the round."),
    )
    criteria = forms.MultipleChoiceField(label=_("Criteria"), widget=forms.CheckboxSelectMultiple)

    seen = forms.IntegerField(required=False, min_value=1, max_value=10**9, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, areas: Sequence[Term], made: Round, team: Team | None = None, **kwargs: Any
    ) -> None:
        if team is not None:
            kwargs["initial"] = {
                "name": team.name,
                "people": list(team.people.all()),
                "criteria": [one.code for one in team.criteria.all()],
                "seen": team.version,
            }
        super().__init__(*args, **kwargs)
        self.made = made
        speaks = get_language() or "vi"
        offer(self, "area", [(one.unit_id, one.full_name(speaks)) for one in areas])
        said = definition(made.criteria_set).criteria
        titles = [(one.code, Text(vi=one.title.vi, en=one.title.en).in_(speaks)) for one in said]
        offer(self, "criteria", [(code, f"{code}. {title}") for code, title in titles])
        people = self.fields["people"]
        assert isinstance(people, forms.ModelMultipleChoiceField)
        people.queryset = checkers(made)
        if team is not None:
            del self.fields["area"], self.fields["named"]  # a team stays where it is
            there = Q(pk__in=checkers(made).order_by().values("pk")) | Q(pk__in=team.people.values("pk"))
            people.queryset = User.objects.filter(there).order_by("username")
        dress(self)

    def clean_named(self) -> list[int]:
        """The unit that is named, if one is."""
        return _named(self.made, self.cleaned_data["named"])

    @property
    def area_id(self) -> int:
        """Where a new team works; only of a valid form."""
        named: list[int] = self.cleaned_data["named"]
        return named[0] if named else int(self.cleaned_data["area"])


class Closing(forms.Form):
    """Why a round is closed."""

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)


class Ending(Closing):
    """Why a team ends, and which version of it was seen."""

    seen = forms.IntegerField(required=False, min_value=1, max_value=10**9, widget=forms.HiddenInput)
