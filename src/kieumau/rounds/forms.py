"""Is what was typed on the pages of rounds and dossiers well formed?"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from kieumau.assessments.rules import Outcome
from kieumau.criteria.rules import CriterionDefinition
from kieumau.documents.models import Document
from kieumau.rounds.actions import Count
from kieumau.rounds.dossier_page import Line
from kieumau.rounds.dressing import dress, offer
from kieumau.rounds.models import StageFinding
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import SAID, Said

OUTCOMES = {
    Outcome.MET: _("Met"),
    Outcome.NOT_MET: _("Not met"),
    Outcome.NOT_DUE: _("Not yet due"),
    Outcome.NOT_APPLICABLE: _("Not applicable"),
}


class Answer(forms.Form):
    """What somebody finds of a criterion. `seen` is the version he saw; empty: there was none.

    `at_stage` is the stage in which he answered: meanwhile the dossier may have moved on.
    """

    outcome = forms.TypedChoiceField(
        label=_("Result"),
        coerce=lambda value: Outcome(int(value)),
        choices=[(int(outcome), OUTCOMES[outcome]) for outcome in SAID],
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
    at_stage = forms.TypedChoiceField(
        required=False,
        choices=Stage.choices(),
        coerce=lambda value: Stage(int(value)),
        empty_value=None,
        widget=forms.HiddenInput,
    )

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
    def stage(self) -> Stage | None:
        """In which stage it was answered, where the page said so."""
        stage: Stage | None = self.cleaned_data.get("at_stage")
        return stage

    @property
    def said(self) -> Said:
        """What was said, once it is well formed."""
        data = self.cleaned_data
        return Said(data["outcome"], data.get("points"), data["remark"].replace("\x00", "").strip())


def filled(line: Line, stage: Stage, most_points: Decimal | None) -> Answer:
    """The form with what stands at this stage; else what figures said before, and otherwise nothing.

    Whoever verifies or appraises says himself what he finds: the answer of others is shown, not chosen.
    """
    own = line.found.get(stage)
    before: StageFinding | None = own
    if own is None and stage > Stage.SELF and line.is_measured:
        before = line.latest
    initial: dict[str, Any] = {"seen": own.version if own else None, "at_stage": int(stage)}
    if before is not None:
        initial["outcome"] = before.outcome
        initial["points"] = "" if before.points is None else f"{before.points.normalize():f}"
    if own is not None:
        initial["remark"] = own.remark
    return Answer(initial=initial, most_points=most_points)


class SendingBack(forms.Form):
    """Why a dossier is sent back, until when, and which criteria; none: the whole of it."""

    reason = forms.CharField(
        label=_("Why it is sent back"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why the dossier is sent back.")},
    )
    until = forms.DateField(
        label=_("To be done again until"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    criteria = forms.MultipleChoiceField(
        label=_("Which criteria (none chosen: the whole dossier)"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, criteria: Sequence[CriterionDefinition], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "back-%s", **kwargs})
        speaks = get_language() or "vi"
        offer(
            self, "criteria", [(one.code, f"{one.code}. {one.title.text().in_(speaks)}") for one in criteria]
        )
        dress(self)


class DocumentChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable when run
    """A document by its number and summary."""

    def label_from_instance(self, obj: Any) -> str:
        """As people name it."""
        return f"{obj.reference} {obj.summary}".strip()


class Voting(forms.Form):
    """How a council voted on a dossier, with its minutes from the shelf; why, where a vote is corrected."""

    council = forms.CharField(
        label=_("Council"), max_length=200, widget=forms.TextInput(attrs={"list": "councils"})
    )
    held_on = forms.DateField(
        label=_("Day of the session"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    members = forms.IntegerField(label=_("Members present"), min_value=1, max_value=1000)
    in_favor = forms.IntegerField(label=_("For"), min_value=0, max_value=1000)
    against = forms.IntegerField(label=_("Against"), min_value=0, max_value=1000, initial=0)
    minutes = DocumentChoice(
        label=_("Minutes (a document of the shelf)"),
        queryset=Document.objects.none(),
        required=False,
        empty_label="–",
    )
    reason = forms.CharField(
        label=_("Reason for the correction"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, documents: QuerySet[Document], is_correction: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not is_correction:
            del self.fields["reason"]
        minutes = self.fields["minutes"]
        assert isinstance(minutes, forms.ModelChoiceField)
        minutes.queryset = documents
        dress(self)

    @property
    def count(self) -> Count:
        """The votes; only of a valid form."""
        data = self.cleaned_data
        return Count(data["members"], data["in_favor"], data["against"])
