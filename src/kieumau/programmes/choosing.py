"""Is what was typed about units to be chosen well formed?"""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kieumau.documents.models import Document
from kieumau.kernel.numbers import whole_number
from kieumau.programmes import words
from kieumau.programmes.rules import MemberFacts

LONGEST_PASTE = 200_000


class Choosing(forms.Form):
    """Which units, how they take part and from when. Ticked ones come as `unit`, as many as there are."""

    phase = forms.ChoiceField(label=_("Phase"), choices=list(words.PHASES.items()))
    starts_on = forms.DateField(
        label=_("Takes part from"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Empty: until further notice."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    document = forms.ModelChoiceField(
        label=_("Document on the shelf"), queryset=Document.objects.none(), required=False, empty_label="–"
    )
    pasted = forms.CharField(
        label=_("Codes or names, one in each line"),
        required=False,
        max_length=LONGEST_PASTE,
        strip=False,
        help_text=_("As copied from a sheet or a letter: code, name, province; any of them in a line."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    everything = forms.BooleanField(required=False)

    def __init__(self, *args: Any, documents: QuerySet[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["document"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = documents

    @property
    def ticked(self) -> list[int]:
        """The ids of the units that were ticked; what is no id is left out."""
        sent = self.data.getlist("unit") if hasattr(self.data, "getlist") else []
        return [found for one in sent if (found := whole_number(one)) is not None]

    @property
    def facts(self) -> MemberFacts:
        """How they take part; only of a valid form."""
        data = self.cleaned_data
        document = data["document"]
        return MemberFacts(
            data["phase"], data["starts_on"], data["last_day"], document.pk if document else None
        )
