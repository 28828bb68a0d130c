"""Is what was typed about a programme itself well formed?"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kieumau.programmes import rules, words
from kieumau.programmes.actions.programme import facts_of_programme
from kieumau.programmes.forms import Tidy
from kieumau.programmes.models import Programme
from kieumau.programmes.queries import used_kinds
from kieumau.units.models import Term


class ProgrammeForm(forms.Form):
    """A programme: what it is, whose, for whom, on what it rests."""

    code = Tidy(
        label=_("Code"), max_length=40, help_text=_("Stands in addresses for good, such as model-ward.")
    )
    area = forms.ChoiceField(label=_("Programme of"))
    name_vi = Tidy(label=_("Name in Vietnamese"), max_length=200)
    name_en = Tidy(label=_("Name in English"), max_length=200)
    title_vi = Tidy(label=_("Title that is given, in Vietnamese"), max_length=200)
    title_en = Tidy(label=_("Title that is given, in English"), max_length=200)
    legal_basis = forms.CharField(
        label=_("Legal basis"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    level = forms.TypedChoiceField(
        label=_("For units of the level"),
        coerce=int,
        choices=[(one.value, label) for one, label in words.LEVELS.items()],
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of unit"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every kind of the level."),
    )
    first_year = forms.IntegerField(
        label=_("First year"), min_value=rules.FIRST_YEAR, max_value=rules.LAST_YEAR
    )
    last_year = forms.IntegerField(
        label=_("Last year"),
        required=False,
        min_value=rules.FIRST_YEAR,
        max_value=rules.LAST_YEAR,
        help_text=_("Empty: until further notice."),
    )
    lasts_months = forms.IntegerField(
        label=_("Months for which a title is held"), min_value=1, max_value=rules.LONGEST_TITLE, initial=12
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(
        self, *args: Any, areas: Sequence[Term], programme: Programme | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "vi"
        if programme is not None:
            del self.fields["code"]
        area, kinds = self.fields["area"], self.fields["kinds"]
        assert isinstance(area, forms.ChoiceField)
        assert isinstance(kinds, forms.MultipleChoiceField)
        area.choices = [(one.unit_id, one.full_name(language)) for one in areas]
        name = "name_en" if language.startswith("en") else "name_vi"
        kinds.choices = [(one.code, getattr(one, name)) for one in used_kinds().order_by("-level", "code")]

    def clean_legal_basis(self) -> str:
        """Lines are kept; what cannot be stored is not."""
        return str(self.cleaned_data["legal_basis"]).replace("\x00", "").strip()

    @property
    def facts(self) -> rules.ProgrammeFacts:
        """What was typed; only of a valid form."""
        data = {name: self.cleaned_data[name] for name in rules.ProgrammeFacts.__slots__ if name != "area_id"}
        return rules.ProgrammeFacts(
            **{**data, "area_id": int(self.cleaned_data["area"]), "kinds": tuple(data["kinds"])}
        )


def read(programme: Programme) -> dict[str, Any]:
    """What is said of a programme, as one would type it."""
    facts = facts_of_programme(programme)
    said = {name: getattr(facts, name) for name in facts.__slots__}
    return {**said, "area": said.pop("area_id"), "kinds": list(facts.kinds), "version": programme.version}
