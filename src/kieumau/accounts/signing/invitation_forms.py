"""Whom to invite, and what the invited types."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kieumau.accounts.offering import Offer
from kieumau.accounts.registry import programme_choices
from kieumau.accounts.role_forms import AloneForm, offer_programmes
from kieumau.accounts.roles import roles
from kieumau.accounts.signing.forms import TwicePassword, new_password, new_password_again
from kieumau.accounts.signing.invitations import MOST_DAYS


class Invite(AloneForm):
    """Somebody to be invited to a unit."""

    name = forms.CharField(
        label=_("Name to sign in with"),
        max_length=150,
        help_text=_(
            "Letters, digits and @ . + - _; a post rather than a person, for example thuong-truc.an-hung."
        ),
    )
    email = forms.EmailField(label=_("Mail address"), required=False, max_length=254)
    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple, choices=[])
    alone = AloneForm.tick()
    programme = forms.ChoiceField(
        label=_("Programme"), required=False, help_text=_("The roles count in this one only.")
    )
    roles_until = forms.DateField(
        label=_("Roles until"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("The last day included. Leave empty for no end."),
    )
    days = forms.IntegerField(
        label=_("Days until the invitation ends"), min_value=1, max_value=MOST_DAYS, initial=7
    )

    def __init__(self, *args: Any, offered: Offer, mail_is_sent: bool, **kwargs: Any) -> None:
        super().__init__(*args, offered=offered, **kwargs)
        language, known = get_language() or "vi", roles()
        field = self.fields["roles"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(code, known[code].name.text().in_(language)) for code in offered.roles]
        of_these = [one for one in programme_choices(language) if one[0] in offered.programmes]
        offer_programmes(self.fields["programme"], of_these, all_too=offered.in_all)
        if not mail_is_sent:
            del self.fields["email"]

    def chosen(self) -> list[str]:
        """The roles that were ticked."""
        return list(self.cleaned_data.get("roles", []))


class Accept(TwicePassword):
    """The first password of somebody invited. `user` is an account that does not exist yet."""

    password1 = new_password()
    password2 = new_password_again()

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
