"""Is what somebody typed about a role well formed? Nothing here saves."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kieumau.accounts.registry import programme_choices
from kieumau.accounts.roles import permissions, roles


class GiveForm(forms.Form):
    """A role to be given over the unit of the page."""

    person = forms.CharField(label=_("Person"), max_length=150, help_text=_("The name to sign in with."))
    role = forms.ChoiceField(label=_("Role"))
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Empty: until somebody ends it."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "vi"
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–")] + [
            (code, f"{role.name.text().in_(language)}: {role.does.text().in_(language)}")
            for code, role in roles().items()
        ]
        offer_programmes(self.fields["programme"], list(programme_choices(language)))


def offer_programmes(field: forms.Field, offered: list[tuple[str, str]], *, all_too: bool = True) -> None:
    """Fill the list from which the programme is chosen in which a role counts; the first: in all."""
    assert isinstance(field, forms.ChoiceField)
    field.choices = [*([("", _("all programmes"))] if all_too else []), *offered]


class EndForm(forms.Form):
    """Why a role ends."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class WhyForm(forms.Form):
    """Who wants to do what, where."""

    what = forms.ChoiceField(label=_("What is to be done"))
    unit = forms.CharField(label=_("Unit"), max_length=100, help_text=_("Code or name."))
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    person = forms.CharField(
        label=_("Person"), max_length=150, required=False, help_text=_("Empty: you yourself.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "vi"
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        said = sorted((text.in_(language), code) for code, text in permissions().items())
        field.choices = [("", "–"), *((code, text) for text, code in said)]
        offer_programmes(self.fields["programme"], list(programme_choices(language)))
