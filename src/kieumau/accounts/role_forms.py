"""Is what somebody typed about a role well formed? Nothing here saves."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kieumau.accounts.offering import Offer
from kieumau.accounts.registry import programme_choices
from kieumau.accounts.roles import permissions, roles


class AloneForm(forms.Form):
    """Roles over a unit that has others below it: one that counts for it alone is asked about."""

    def __init__(self, *args: Any, offered: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        if not offered.alone:
            del self.fields["alone"]

    @staticmethod
    def tick() -> forms.BooleanField:
        """The field `alone`, to stand beside the roles."""
        return forms.BooleanField(
            label=_("For this very unit only"),
            required=False,
            help_text=_("Officers and approvers do not count for the units below."),
        )

    def chosen(self) -> list[str]:
        """The roles that were chosen."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        """Refuses a role that finds no work there, unless somebody says that it is meant so."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        why = self.offered.without_work(self.chosen())
        if why is not None and not data.get("alone"):
            self.add_error("alone", why.in_(get_language() or "vi"))
        return data


class GiveForm(AloneForm):
    """A role to be given over the unit of the page: one of those that the person may give there."""

    person = forms.CharField(label=_("Person"), max_length=150, help_text=_("The name to sign in with."))
    role = forms.ChoiceField(
        label=_("Role"),
        error_messages={"invalid_choice": _("Your own role does not give this one here.")},
    )
    alone = AloneForm.tick()
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Empty: until somebody ends it."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        help_text=_("May stay empty; it stands beside the role and in the log."),
    )

    def __init__(self, *args: Any, offered: Offer, **kwargs: Any) -> None:
        super().__init__(*args, offered=offered, **kwargs)
        language = get_language() or "vi"
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–")] + [
            (code, f"{role.name.text().in_(language)}: {role.does.text().in_(language)}")
            for code, role in roles().items()
            if code in offered.roles
        ]
        of_these = [one for one in programme_choices(language) if one[0] in offered.programmes]
        offer_programmes(self.fields["programme"], of_these, all_too=offered.in_all)

    def chosen(self) -> list[str]:
        """The one role."""
        return [self.cleaned_data.get("role", "")]


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
