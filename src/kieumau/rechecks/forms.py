"""Is what was typed about a draw or a re-check well formed?"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from kieumau.assessments.rules import Outcome
from kieumau.rechecks.actions import Size
from kieumau.rounds.dressing import dress, offer
from kieumau.rounds.forms import OUTCOMES
from kieumau.rounds.saying import SAID
from kieumau.units.models import Term

USUAL = 5  # criteria of each unit, where nothing else is typed


class Drawing(forms.Form):
    """Of which area, how many units of each province, how many criteria of each unit; why once more."""

    area = forms.TypedChoiceField(label=_("Area"), coerce=int)
    per_province = forms.IntegerField(
        label=_("Units of each province"), min_value=1, max_value=500, initial=3
    )
    criteria_count = forms.IntegerField()
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Needed where that area was drawn over before, or while not all of its dossiers are through."
        ),
    )

    def __init__(self, *args: Any, areas: Sequence[Term], there_are: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "area", [(one.unit_id, one.full_name(get_language() or "vi")) for one in areas])
        self.fields["criteria_count"] = _count(there_are)
        dress(self)

    @property
    def size(self) -> Size:
        """How much is drawn; only of a valid form."""
        return Size(self.cleaned_data["per_province"], self.cleaned_data["criteria_count"])


def _count(there_are: int) -> forms.IntegerField:
    """How many criteria of each unit, of a set that has so many."""
    there = ngettext("The set has %(n)d criterion.", "The set has %(n)d criteria.", there_are)
    most = ngettext(
        "Draw %(n)d criterion of each unit at most.", "Draw %(n)d criteria of each unit at most.", there_are
    )
    return forms.IntegerField(
        label=_("Criteria of each unit"),
        min_value=1,
        max_value=there_are,
        initial=min(USUAL, there_are),
        help_text=there % {"n": there_are},
        error_messages={"max_value": most % {"n": there_are}},
    )


class Checking(forms.Form):
    """What was found when somebody else looked again, and on what that rests."""

    outcome = forms.TypedChoiceField(
        label=_("Result"),
        coerce=lambda value: Outcome(int(value)),
        choices=[(int(outcome), OUTCOMES[outcome]) for outcome in SAID],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a result."), "invalid_choice": _("Choose a result.")},
    )
    remark = forms.CharField(
        label=_("What the finding rests on (required)"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say what the finding rests on.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self)
