"""Is what somebody typed about a document well formed? Nothing here saves."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kieumau.documents.kinds import kinds
from kieumau.documents.models import Document
from kieumau.documents.rules import Facts
from kieumau.kernel.messages import Text
from kieumau.kernel.text import tidy


class _Tidy(forms.CharField):
    def to_python(self, value: Any) -> str:
        """The line with its letters composed and its spaces made one."""
        return tidy(super().to_python(value) or "")


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class Description(forms.Form):
    """What a document says of itself."""

    kind = forms.ChoiceField(label=_("Kind of document"))
    summary = _Tidy(label=_("What it is about"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    reference = _Tidy(
        label=_("Number and sign"), max_length=100, required=False, help_text=_("For example 15/KH-UBND.")
    )
    issuer = _Tidy(label=_("Issued by"), max_length=200, required=False)
    issued_on = forms.DateField(label=_("Dated"), widget=_day())
    proves_from = forms.DateField(label=_("Proves the time from"), widget=_day(), required=False)
    proves_until = forms.DateField(
        label=_("Proves the time until"),
        widget=_day(),
        required=False,
        help_text=_("The last day included. Leave both empty if the document stands for no stretch of time."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(
        self,
        *args: Any,
        document: Document | None = None,
        known: Mapping[str, Text] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "vi"
        offered = kinds() if known is None else known
        choices = [(code, name.in_(language)) for code, name in offered.items()]
        if document and document.kind not in dict(choices):
            choices.append((document.kind, document.kind))
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *choices]

    @property
    def facts(self) -> Facts:
        """What was typed; only of a valid form."""
        typed = dict(self.cleaned_data)
        typed.pop("version")
        return Facts(**typed)


def filled(document: Document) -> Description:
    """The form with what the document says now."""
    facts = document.facts
    initial = {name: getattr(facts, name) for name in Facts.__slots__} | {"version": document.version}
    return Description(initial=initial, document=document)
