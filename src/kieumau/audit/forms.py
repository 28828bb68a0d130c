"""What the auditor looks for; a field that makes no sense is as if it were empty, and says so."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kieumau.audit.queries import Asked
from kieumau.audit.verbs import ACTOR, OBJECT, known

PLACES = ((ACTOR, "…"), (OBJECT, "…"))


def verb_choices() -> list[tuple[str, str]]:
    """Every verb by its sentence in the language of the page, who and what left open."""
    choices = []
    for verb in known():
        words = verb.sentence.in_(get_language() or "vi")
        for place, gap in PLACES:
            words = words.replace(place, gap)
        choices.append((verb.code, words.removeprefix("… ").removesuffix(".").removesuffix(" …").rstrip(":")))
    return [("", "—"), *sorted(choices, key=lambda choice: choice[1].casefold())]


class AskedForm(forms.Form):
    """The filters, by the names they have in the address."""

    nguoi = forms.CharField(label=_("Who"), max_length=150, required=False)
    viec = forms.ChoiceField(label=_("Action"), choices=verb_choices, required=False)
    tu = forms.DateField(
        label=_("From this day on"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    den = forms.DateField(
        label=_("Up to and including"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    # Filled by links: of one unit, of one object ("criteria_set:3").
    donvi = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    doituong = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def asked(self) -> Asked:
        """What is looked for."""
        self.is_valid()
        found: dict[str, Any] = self.cleaned_data
        kind, _, object_id = (found.get("doituong") or "").partition(":")
        return Asked(
            actor=(found.get("nguoi") or "").strip(),
            verb=found.get("viec") or "",
            unit_id=found.get("donvi"),
            object_kind=kind,
            object_id=object_id,
            first=found.get("tu"),
            last=found.get("den"),
        )
