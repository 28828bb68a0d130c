"""Is what was typed about a programme or one of its rows well formed? Nothing here saves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kieumau.criteria.models import CriteriaSet
from kieumau.documents.models import Document
from kieumau.kernel.messages import Refused
from kieumau.kernel.numbers import format_number, parse_number
from kieumau.kernel.text import tidy
from kieumau.programmes import rules, words
from kieumau.programmes.actions.rows import Row, facts_of
from kieumau.programmes.models import Programme
from kieumau.programmes.money import parse_money
from kieumau.units.models import Term
from kieumau.units.naming import units_named

if TYPE_CHECKING:  # the stubs make fields generic, Django itself does not
    _ChoiceOfSets = forms.ModelChoiceField[CriteriaSet]
else:
    _ChoiceOfSets = forms.ModelChoiceField
CODE_OF_MONEY = r"[A-Z]{3}"


@dataclass(frozen=True, slots=True)
class Around:
    """What a form is filled in for: its programme, the areas and documents that may be chosen, the day.

    `units` are those that the row names already, `reach` the areas within which others may be named.
    """

    programme: Programme
    areas: Sequence[Term]
    documents: QuerySet[Document]
    on: date
    units: dict[int, Term]
    reach: Sequence[Term]

    @property
    def path(self) -> str | None:
        """Within which units are named."""
        return self.reach[0].path if self.reach else None


class Tidy(forms.CharField):
    """A line with its letters composed and its spaces made one."""

    def to_python(self, value: Any) -> str:
        """What was typed, tidy."""
        return tidy((super().to_python(value) or "").replace("\x00", ""))


class Money(forms.CharField):
    """An amount in words or digits; empty is nothing said, never zero."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=60, **kwargs)

    def clean(self, value: Any) -> Decimal | None:
        """The exact amount."""
        try:
            return parse_money(super().clean(value))
        except Refused as refused:
            raise forms.ValidationError(refused.problems[0].in_(_language())) from None


class Percent(forms.CharField):
    """A share written in per cent: `30`, `33,3 %`."""

    def clean(self, value: Any) -> Decimal:
        """The exact share."""
        try:
            return parse_number(super().clean(value).replace("%", "").strip()) / 100
        except Refused as refused:
            raise forms.ValidationError(refused.problems[0].in_(_language())) from None


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)


def _year(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=rules.FIRST_YEAR, max_value=rules.LAST_YEAR)


def _language() -> str:
    return get_language() or "vi"


class RowForm(forms.Form):
    """A row: its fields make up facts. `version` is the one that was read."""

    kind: type[Any]
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args: Any, around: Around, row: Row | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.around, self.row = around, row
        if "area" in self.fields:
            self._choices("area", [(one.unit_id, one.full_name(_language())) for one in around.areas])
        if "document" in self.fields:
            field = self.fields["document"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = around.documents

    def _choices(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def facts(self) -> Any:
        """What was typed, of the kind of the form; only of a valid form."""
        data = dict(self.cleaned_data)
        data.pop("version")
        if "area" in data:
            data["area_id"] = int(data.pop("area"))
        if "document" in data:
            document = data.pop("document")
            data["document_id"] = document.pk if document else None
        return self.kind(**self.put(data))

    def put(self, data: dict[str, Any]) -> dict[str, Any]:
        """What was typed as facts name it."""
        return data

    @classmethod
    def read(cls, row: Row, around: Around) -> dict[str, Any]:
        """What a row says, as one would type it."""
        facts = facts_of(row)
        said = {name: getattr(facts, name) for name in facts.__slots__} | {"version": row.version}
        for name in ("area", "document"):
            said[name] = said.pop(f"{name}_id", None)
        return said

    def unit_named(self, name: str, kept: int | None) -> int | None:
        """The id of the one unit that a field names; `kept` where nobody touched it (it may have ended)."""
        text = self.cleaned_data[name]
        if not text:
            return None
        if kept is not None and text == called(self.around.units.get(kept)):
            return kept
        found = units_named(text, self.around.on, self.around.path)
        for problem in found.problems:
            self.add_error(name, problem.in_(_language()))
        return found.found[0].unit_id if found.found else None


def called(unit: Term | None) -> str:
    """A unit as one would type it: its code and its full name."""
    return f"{unit.code}, {unit.full_name(_language())}" if unit else ""


def _document() -> "forms.ModelChoiceField[Document]":
    return forms.ModelChoiceField(
        label=_("Document on the shelf"), queryset=Document.objects.none(), required=False, empty_label="–"
    )


class SetChoice(_ChoiceOfSets):
    """A version of a criteria set by its title."""

    def label_from_instance(self, obj: CriteriaSet) -> str:
        """The title, with code and version."""
        return f"{obj.title_en if _language().startswith('en') else obj.title_vi} ({obj})"


class SetForm(RowForm):
    """From a year on a version of a criteria set applies."""

    kind = rules.SetFacts
    criteria_set = SetChoice(label=_("Criteria set"), queryset=CriteriaSet.objects.none())
    from_year = _year(_("Applies from the year"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["criteria_set"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = CriteriaSet.objects.defer("definition", "derived", "text")

    def put(self, data: dict[str, Any]) -> dict[str, Any]:
        """The id of the set."""
        return {"criteria_set_id": data["criteria_set"].pk, "from_year": data["from_year"]}

    @classmethod
    def read(cls, row: Row, around: Around) -> dict[str, Any]:
        """What the row says."""
        said = super().read(row, around)
        return {**said, "criteria_set": said["criteria_set_id"]}


class SeatForm(RowForm):
    """A post in a body."""

    kind = rules.SeatFacts
    area = forms.ChoiceField(label=_("Body of"))
    body = forms.ChoiceField(label=_("Body"), choices=list(words.BODIES.items()))
    role = forms.ChoiceField(label=_("Role in the body"), choices=list(words.ROLES.items()))
    post = Tidy(
        label=_("Post"),
        max_length=200,
        help_text=_("An office, such as “Vice-chair of the People's Committee”; no name of a person."),
    )
    of_unit = Tidy(
        label=_("Post of which unit"), max_length=200, required=False, help_text=_("Its code or name.")
    )
    task = Tidy(label=_("Task"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    starts_on = _day(label=_("First day"))
    last_day = _day(label=_("Last day"), required=False, help_text=_("Empty: until further notice."))

    def clean(self) -> dict[str, Any]:
        """The unit that was named."""
        data = super().clean() or self.cleaned_data
        if "of_unit" in data:
            data["of_unit_id"] = self.unit_named("of_unit", getattr(self.row, "of_unit_id", None))
        return data

    def put(self, data: dict[str, Any]) -> dict[str, Any]:
        """Without what was typed for the unit."""
        return {name: value for name, value in data.items() if name != "of_unit"}

    @classmethod
    def read(cls, row: Row, around: Around) -> dict[str, Any]:
        """What the row says."""
        said = super().read(row, around)
        return {**said, "of_unit": called(around.units.get(said["of_unit_id"]))}


class StageForm(RowForm):
    """A step of a plan."""

    kind = rules.StageFacts
    area = forms.ChoiceField(label=_("Plan of"))
    name = Tidy(label=_("What is to be done"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    starts_on = _day(label=_("First day"))
    ends_on = _day(label=_("Until"))
    done_on = _day(label=_("Done on"), required=False, help_text=_("Empty: not done yet."))
    document = _document()


class TargetForm(RowForm):
    """The share that is to hold the title."""

    kind = rules.TargetFacts
    area = forms.ChoiceField(label=_("Target of"))
    year = _year(_("By the end of the year"))
    share = Percent(label=_("Share of units that hold the title, in per cent"), max_length=20)

    @classmethod
    def read(cls, row: Row, around: Around) -> dict[str, Any]:
        """What the row says, in per cent."""
        said = super().read(row, around)
        return {**said, "share": format_number(said["share"] * 100, None, _language())}


class MemberForm(RowForm):
    """How a unit takes part."""

    kind = rules.MemberFacts
    phase = forms.ChoiceField(label=_("Phase"), choices=list(words.PHASES.items()))
    starts_on = _day(label=_("Takes part from"))
    last_day = _day(label=_("Last day"), required=False, help_text=_("Empty: until further notice."))
    document = _document()


class LineForm(RowForm):
    """Money for one purpose."""

    kind = rules.LineFacts
    unit = Tidy(label=_("Unit"), max_length=200, help_text=_("Its code or name."))
    year = _year(_("Year"))
    purpose = Tidy(label=_("What the money is for"), max_length=300)
    source = Tidy(label=_("Source of the money"), max_length=200, required=False)
    currency = forms.RegexField(CODE_OF_MONEY, label=_("Currency"), initial="VND", max_length=3, strip=True)
    planned = Money(
        label=_("Planned"), help_text=_("For example 4.6 billion. Empty: not known, which is not zero.")
    )
    approved = Money(label=_("Approved"))
    spent = Money(label=_("Spent"))
    document = _document()

    def clean(self) -> dict[str, Any]:
        """The unit that was named."""
        data = super().clean() or self.cleaned_data
        if "unit" in data:
            data["unit_id"] = self.unit_named("unit", getattr(self.row, "unit_id", None))
        return data

    def put(self, data: dict[str, Any]) -> dict[str, Any]:
        """Without what was typed for the unit."""
        return {name: value for name, value in data.items() if name != "unit"}

    @classmethod
    def read(cls, row: Row, around: Around) -> dict[str, Any]:
        """What the row says, every digit."""
        said = super().read(row, around)
        for name in ("planned", "approved", "spent"):
            value = said[name]
            said[name] = "" if value is None else format_number(value, None, _language())
        return {**said, "unit": called(around.units.get(said["unit_id"]))}
