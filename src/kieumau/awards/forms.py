"""Is what was typed about a decision well formed?"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import Case, QuerySet, Value, When
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kieumau.awards.models import ONE_DAY
from kieumau.awards.rules import Decision, Ground, Issued, Particulars
from kieumau.awards.words import GROUNDS, PAPERS
from kieumau.documents.kinds import kinds
from kieumau.documents.models import Document
from kieumau.documents.rules import GENERAL
from kieumau.kernel.messages import Text
from kieumau.programmes.models import Programme
from kieumau.rounds.models import Evidence
from kieumau.units.naming import units_named

DECISION, CERTIFICATE = GENERAL["decision"], GENERAL["certificate"]


def _day(**attributes: Any) -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attributes})


class _Decided(forms.Form):
    """A decision: number, day, issuer."""

    reference = forms.CharField(
        label=_("Number of the decision"), max_length=100, help_text=_("For example 15/QD-BCA.")
    )
    decided_on = forms.DateField(label=_("Day of the decision"), widget=_day())
    issuer = forms.CharField(label=_("Issued by"), max_length=200)

    @property
    def decision(self) -> Decision:
        """What was typed; only of a valid form."""
        data = self.cleaned_data
        return Decision(data["reference"], data["decided_on"], data["issuer"])


class Paper(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable when run
    """A document of a shelf by its kind, number, day and issuer, and what it is about."""

    known: Mapping[str, Text] = {}

    def label_from_instance(self, obj: Any) -> str:
        """As people tell it from others."""
        kind = self.known[obj.kind].in_(get_language() or "vi") if obj.kind in self.known else obj.kind
        name = " ".join(filter(None, (kind, obj.reference)))
        return " · ".join(filter(None, (name, f"{obj.issued_on:%d/%m/%Y}", obj.issuer, obj.summary)))


def _first(there: QuerySet[Document], known: Mapping[str, Text], *asked: Text) -> QuerySet[Document]:
    """Those of kinds that begin with what is asked for stand above all others, the newest first."""
    names = tuple(one.vi for one in asked)
    fitting = [code for code, name in known.items() if name.vi.startswith(names)]
    newest = there.order_by("-issued_on", "-pk")
    if not fitting:  # a constant to sort by would be read as the number of a column
        return newest
    return newest.order_by(Case(When(kind__in=fitting, then=Value(0)), default=Value(1)), "-issued_on", "-pk")


class _ByDecision(_Decided):
    """A decision with its file on a shelf (`there`): decisions first, without what the dossier refused.

    `known` names the kinds that the dossier's criteria ask for; without it those of every set are read.
    """

    document = Paper(
        label=_("The decision on the shelf of the unit or of one above it"),
        queryset=Document.objects.none(),
        required=False,
        empty_label="–",
    )

    def __init__(
        self,
        *args: Any,
        there: QuerySet[Document],
        dossier_id: int | None = None,
        known: Mapping[str, Text] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["document"]
        assert isinstance(field, Paper)
        field.known = kinds() if known is None else {**GENERAL, **known}
        refused = Evidence.objects.filter(dossier=dossier_id, state=Evidence.State.REFUSED)
        fitting = there.exclude(pk__in=refused.values("document"))
        field.queryset = _first(fitting, field.known, DECISION)


class _OfDossier(_ByDecision):
    """A decision on a dossier; one that is dated before the dossier was concluded is asked why."""

    why_early = forms.CharField(
        label=_("Why the decision is dated before the dossier was concluded"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept with the decision."),
    )

    def __init__(self, *args: Any, concluded_on: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        try:
            typed = self.data if self.is_bound else self.initial
            day = self.fields["decided_on"].clean(typed.get("decided_on"))
        except forms.ValidationError:
            day = None
        if day is None or concluded_on is None or day >= concluded_on:
            del self.fields["why_early"]


class Recognize(_OfDossier):
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
    why = forms.CharField(
        label=_("Why it is recognized all the same"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept with the decision, and shown on the title to everybody."),
    )
    field_order = ("why", "why_early")  # below the sentence that asks for it

    def __init__(self, *args: Any, is_against: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_against:
            del self.fields["why"]


class Earlier(_Decided):
    """A title that was given before the product was there, perhaps to a unit that is no more."""

    unit = forms.CharField(
        label=_("Unit"),
        max_length=200,
        help_text=_("Its code or name as it was when the title began, also of one that was merged since."),
    )
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    name_vi = forms.CharField(
        label=_("Name of the title in Vietnamese"),
        max_length=200,
        required=False,
        help_text=_("Empty: as the programme calls it."),
    )
    name_en = forms.CharField(label=_("Name of the title in English"), max_length=200, required=False)
    starts_on = forms.DateField(label=_("Held from"), widget=_day())
    ends_before = forms.DateField(
        label=_("Held until before"),
        widget=_day(),
        required=False,
        help_text=_("Empty: as long as the programme says, or a year."),
    )
    certificate = forms.CharField(label=_("Number of the certificate"), max_length=100, required=False)
    ceremony_on = forms.DateField(label=_("Day of the ceremony"), widget=_day(), required=False)
    field_order = ("unit", "programme", "name_vi", "name_en", "reference", "decided_on", "issuer")

    def __init__(self, *args: Any, programmes: Sequence[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, english = self.fields["programme"], get_language() == "en"
        assert isinstance(field, forms.ChoiceField)
        named = [(one.code, one.name_en if english else one.name_vi) for one in programmes]
        field.choices = [("", _("none: a title of another kind")), *named]
        self.programmes = {one.code: one for one in programmes}

    def clean(self) -> dict[str, Any]:
        """The unit that was meant on the first day; a name where no programme gives one."""
        data = super().clean() or self.cleaned_data
        if data.get("starts_on") and data.get("unit"):
            named = units_named(data["unit"].splitlines()[0], data["starts_on"])
            for problem in named.problems:
                self.add_error("unit", problem.in_(get_language() or "vi"))
            data["unit_id"] = named.found[0].unit_id if named.found else None
        if not data.get("programme") and not (data.get("name_vi") and data.get("name_en")):
            self.add_error("name_vi", _("Without a programme the title needs its name in both languages."))
        return data

    @property
    def name(self) -> Text:
        """What the title is called: as typed, else as the programme says; only of a valid form."""
        data, programme = self.cleaned_data, self.of_programme
        if programme is None or data["name_vi"]:
            return Text(vi=data["name_vi"], en=data["name_en"])
        return Text(vi=programme.title_vi, en=programme.title_en)

    @property
    def of_programme(self) -> Programme | None:
        """The programme that was chosen; only of a valid form."""
        return self.programmes.get(self.cleaned_data["programme"])


class Attach(forms.Form):
    """A document of the shelf of the unit, or of one above it, that shows a title."""

    kind = forms.ChoiceField(label=_("What it is"), choices=list(PAPERS.items()))
    document = Paper(label=_("Document on the shelf"), queryset=Document.objects.none(), empty_label="–")

    def __init__(self, *args: Any, there: QuerySet[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["document"]
        assert isinstance(field, Paper)
        field.known = kinds()
        field.queryset = _first(there, field.known, DECISION, CERTIFICATE)


class PutRight(_Decided):
    """What of a title was put down wrong or is handed over later, said anew for a reason."""

    starts_on = forms.DateField(label=_("Held from"), widget=_day())
    last_day = forms.DateField(label=_("Last day"), widget=_day())
    certificate = forms.CharField(label=_("Number of the certificate"), max_length=100, required=False)
    ceremony_on = forms.DateField(label=_("Day of the ceremony"), widget=_day(), required=False)
    by_reference = forms.CharField(
        label=_("Number of the document that corrected the decision"),
        max_length=100,
        required=False,
        help_text=_("Empty where the decision itself is right and was only typed wrong here."),
    )
    by_issued_on = forms.DateField(label=_("Day of that document"), widget=_day(), required=False)
    reason = forms.CharField(
        label=_("Why it is added or corrected"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Shown on the title to everybody, with what stood there before; the log keeps both."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """A last day after the first; both or neither of the document that corrected the decision."""
        data = super().clean() or self.cleaned_data
        if bool(data.get("by_reference")) is not bool(data.get("by_issued_on")):
            missing = "by_issued_on" if data.get("by_reference") else "by_reference"
            if missing not in self.errors:
                self.add_error(missing, _("Give both the number and the day, or neither."))
        if data.get("last_day") == date.max:
            self.add_error("last_day", _("Give a day that will come."))
        return data

    @property
    def said(self) -> Particulars:
        """What was typed; only of a valid form."""
        data = self.cleaned_data
        ends_before = data["last_day"] + ONE_DAY
        return Particulars(
            self.decision, data["starts_on"], ends_before, data["certificate"], data["ceremony_on"]
        )

    @property
    def by(self) -> Issued | None:
        """The document that corrected the decision; only of a valid form."""
        data = self.cleaned_data
        return Issued(data["by_reference"], data["by_issued_on"]) if data["by_reference"] else None


class Decline(_OfDossier):
    """The title is not given, for a reason."""

    reason = forms.CharField(
        label=_("Why it is not recognized"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ("why_early",)


class Withdraw(_ByDecision):
    """The title is taken back on a ground of the law."""

    ground = forms.ChoiceField(  # nobody is accused by what happens to stand first
        label=_("Ground"), choices=[("", "–"), *((one.value, GROUNDS[one]) for one in Ground)]
    )
    reason = forms.CharField(
        label=_("What happened"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    compared = forms.BooleanField(
        label=_("I compared the number, the day and the ground with the decision"),
        help_text=_("A withdrawal is neither corrected nor taken back."),
    )
