"""Is a day that somebody typed well formed?"""

from django import forms
from django.utils.translation import gettext_lazy as _

OFF, WORKED, PLAIN = "off", "worked", "plain"


class DayForm(forms.Form):
    """One day: off, worked instead of another, or like any weekday again."""

    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(OFF, _("off")), (WORKED, _("worked")), (PLAIN, _("like any weekday"))]
    )
    name_vi = forms.CharField(label=_("Name in Vietnamese"), max_length=200, required=False)
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    source = forms.CharField(label=_("Source"), max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
