"""Is what was typed on the pages of a dossier well formed?"""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kieumau.assessments.rules import Outcome
from kieumau.rounds.dossier_page import Line
from kieumau.rounds.models import StageFinding
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import SAID, Said

_LABELS = {
    Outcome.MET: _("Met"),
    Outcome.NOT_MET: _("Not met"),
    Outcome.NOT_DUE: _("Not yet due"),
    Outcome.NOT_APPLICABLE: _("Not applicable"),
}


class Answer(forms.Form):
    """What somebody finds of a criterion. `seen` is the version he saw; empty: there was none."""

    outcome = forms.TypedChoiceField(
        label=_("Result"),
        coerce=lambda value: Outcome(int(value)),
        choices=[(int(outcome), _LABELS[outcome]) for outcome in SAID],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a result."), "invalid_choice": _("Choose a result.")},
    )
    points = forms.CharField(label=_("Points"), required=False, max_length=12)
    remark = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    seen = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, most_points: Decimal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if most_points is None:
            del self.fields["points"]
        else:
            self.fields["points"].help_text = gettext("From 0 to %(most)s.") % {"most": f"{most_points:f}"}
            self.fields["points"].widget.attrs["inputmode"] = "decimal"
        for name in ("points", "remark"):
            if name in self.fields:
                self.fields[name].widget.attrs["class"] = "form-control"

    def clean_points(self) -> Decimal | None:
        """An exact number with comma or point; empty is none."""
        text = self.cleaned_data["points"].strip().replace(",", ".")
        if not text:
            return None
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise forms.ValidationError(gettext("Enter a number, such as 2,5.")) from None
        if not value.is_finite():
            raise forms.ValidationError(gettext("Enter a number, such as 2,5."))
        return value

    @property
    def said(self) -> Said:
        """What was said, once it is well formed."""
        data = self.cleaned_data
        return Said(data["outcome"], data.get("points"), data["remark"].replace("\x00", "").strip())


def filled(line: Line, stage: Stage, most_points: Decimal | None) -> Answer:
    """The form with what stands at this stage; else with what was found at the stage before."""
    own = line.found.get(stage)
    before: StageFinding | None = own
    if own is None and stage > Stage.SELF:
        before = line.latest
    initial: dict[str, Any] = {"seen": own.version if own else None}
    if before is not None:
        initial["outcome"] = before.outcome
        initial["points"] = "" if before.points is None else f"{before.points.normalize():f}"
    if own is not None:
        initial["remark"] = own.remark
    return Answer(initial=initial, most_points=most_points)
