"""How somebody wants to be told."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kieumau.notices.actions import Choice
from kieumau.notices.kinds import known
from kieumau.notices.models import Preference
from kieumau.notices.rules import Mail


class Wishes(forms.Form):
    """Mail or none, in which language, when not, and of which kinds."""

    mail = forms.ChoiceField(
        label=_("Mail"),
        choices=[
            (Mail.DAILY.value, _("once a day, at seven in the morning")),
            (Mail.AT_ONCE.value, _("within a few minutes")),
            (Mail.NEVER.value, _("never; the inbox is enough")),
        ],
    )
    language = forms.ChoiceField(
        label=_("Language of the mail"), choices=[("vi", "Tiếng Việt"), ("en", "English")]
    )
    quiet_from = forms.TimeField(
        label=_("Quiet from"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    quiet_until = forms.TimeField(
        label=_("Quiet until"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=_("In these hours no mail is sent; it comes afterwards. Leave both empty for none."),
    )
    told = forms.MultipleChoiceField(
        label=_("By mail too"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, typed: Any, *, wish: Preference | None) -> None:
        wish = wish or Preference()
        codes = [(one.code, one.name.in_(get_language() or "vi")) for one in known().values()]
        initial = {
            "mail": wish.mail,
            "language": wish.language,
            "quiet_from": wish.quiet_from,
            "quiet_until": wish.quiet_until,
            "told": [code for code, _name in codes if code not in wish.muted],
        }
        super().__init__(typed, initial=initial)
        field = self.fields["told"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = codes

    def clean(self) -> dict[str, Any]:
        """Quiet hours have two ends."""
        data = super().clean() or self.cleaned_data
        if (data.get("quiet_from") is None) != (data.get("quiet_until") is None):
            self.add_error("quiet_until", _("Give both times, or none."))
        return data

    @property
    def choice(self) -> Choice:
        """What was chosen; only of a valid form."""
        data = self.cleaned_data
        return Choice(
            mail=Mail(data["mail"]),
            language=data["language"],
            quiet_from=data["quiet_from"],
            quiet_until=data["quiet_until"],
            muted=tuple(code for code in known() if code not in data["told"]),
        )
