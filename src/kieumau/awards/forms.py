"""Is what was typed about a decision well formed?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kieumau.awards.rules import Decision, Ground
from kieumau.awards.words import GROUNDS
from kieumau.documents.models import Document


def _day(**attributes: Any) -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attributes})


class _ByDecision(forms.Form):
    """A decision: number, day, issuer, and its file on the unit's shelf."""

    reference = forms.CharField(
        label=_("Number of the decision"), max_length=100, help_text=_("For example 15/QD-BCA.")
    )
    decided_on = forms.DateField(label=_("Day of the decision"), widget=_day())
    issuer = forms.CharField(label=_("Issued by"), max_length=200)
    document = forms.ModelChoiceField(
        label=_("The decision on the shelf of the unit"),
        queryset=Document.objects.none(),
        required=False,
        empty_label="–",
    )

    def __init__(self, *args: Any, unit_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["document"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Document.objects.filter(unit=unit_id).order_by("-issued_on", "-pk")

    @property
    def decision(self) -> Decision:
        """What was typed; only of a valid form."""
        data = self.cleaned_data
        return Decision(data["reference"], data["decided_on"], data["issuer"])


class Recognize(_ByDecision):
    """The title is given from a day on, until before another (empty: as long as the programme says)."""

    starts_on = forms.DateField(label=_("Held from"), widget=_day())
    ends_before = forms.DateField(
        label=_("Held until before"),
        widget=_day(),
        required=False,
        help_text=_("Empty: as long as the programme says."),
    )
    certificate = forms.CharField(label=_("Number of the certificate"), max_length=100, required=False)
    ceremony_on = forms.DateField(label=_("Day of the ceremony"), widget=_day(), required=False)


class Decline(_ByDecision):
    """The title is not given, for a reason."""

    reason = forms.CharField(
        label=_("Why it is not recognized"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class Withdraw(_ByDecision):
    """The title is taken back on a ground of the law."""

    ground = forms.ChoiceField(label=_("Ground"), choices=[(one.value, GROUNDS[one]) for one in Ground])
    reason = forms.CharField(
        label=_("What happened"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
