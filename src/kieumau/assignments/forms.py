"""Is what was typed about assignments, visits and directives well formed? Nothing here saves."""

from typing import Any

from django import forms
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import Lower
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kieumau.assignments.frames import Choices
from kieumau.assignments.models import Assignment, Directive, Visit
from kieumau.assignments.reading import lines, pairs
from kieumau.assignments.rules import WHOLE
from kieumau.documents.models import Document
from kieumau.web.templatetags.kieumau import day

MOST_LETTERS = 4000
MOST_DOCUMENTS, MOST_NAMED = 60, 60
MOST_QUOTED = 60


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _rows(count: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": count})


def _called(document: Document) -> str:
    """What it is about, with its number and day."""
    number = f"{document.reference}, " if document.reference else ""
    return f"{document.summary} ({number}{day(document.issued_on)})"


class _Choosing(forms.Form):
    """Forms whose choices come with them; a choice of nothing but “none” is left out."""

    def _choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
        if choices == [("", "–")]:
            field.widget = forms.HiddenInput()

    def _documents(self, name: str, shelf: QuerySet[Document], kept: int | None = None) -> None:
        """Offer the newest of a shelf, and what is chosen already; one query.

        Older ones are asked for by name only where there are some.
        """
        self.shelf = shelf
        newest = shelf.order_by("-issued_on", "-pk").values("pk")[: MOST_DOCUMENTS + 1]
        is_new = ExpressionWrapper(Q(pk__in=newest), BooleanField())
        rows = Document.objects.filter(Q(pk__in=newest) | Q(pk=kept)).annotate(is_new=is_new)
        found = list(rows.order_by("-issued_on", "-pk"))
        new = [one.pk for one in found if vars(one)["is_new"]]
        too_old = set(new[MOST_DOCUMENTS:]) - {kept}
        shown = [one for one in found if one.pk not in too_old]
        if len(new) <= MOST_DOCUMENTS:
            self.fields["named"].widget = forms.HiddenInput()
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Document.objects.filter(pk__in=[one.pk for one in shown])
        none = [] if field.empty_label is None else [("", field.empty_label)]
        field.choices = [*none, *((one.pk, _called(one)) for one in shown)]

    def clean_named(self) -> list[Document]:
        """The documents of the shelf that are called so, old ones too. One query, none for none."""
        typed = [one.lower() for one in lines(self.cleaned_data["named"])[:MOST_NAMED]]
        if not typed:
            return []
        called = self.shelf.annotate(sign=Lower("reference"), about=Lower("summary"))
        found: list[Document] = list(called.filter(Q(sign__in=typed) | Q(about__in=typed)))
        for one in typed:
            count = sum(one in (each.reference.lower(), each.summary.lower()) for each in found)
            if count != 1:
                said = _("No document is called “%(typed)s”.")
                several = _("Several documents are called “%(typed)s”.")
                raise forms.ValidationError(several if count else said, params={"typed": one})
        return found

    def _one_document(self, data: dict[str, Any]) -> dict[str, Any]:
        """The document that was named, in the place of the one that was chosen."""
        named = data.pop("named", [])
        if len(named) > 1:
            self.add_error("named", _("Name one document."))
        elif named:
            data["document"] = named[0]
        return data


def _named(count: int) -> forms.CharField:
    return forms.CharField(
        label=_("An older document"),
        max_length=8000,
        required=False,
        widget=_rows(count),
        help_text=_(
            "The newest 60 stand above. Name others by their number or what they are about, one a line."
        ),
    )


def _refuse_lines(said: Any, wrong: list[str]) -> None:
    """Raises what is wrong with each line, which it quotes."""
    shown = [line if len(line) <= MOST_QUOTED else f"{line[:MOST_QUOTED]}…" for line in wrong]
    if shown:
        raise forms.ValidationError([forms.ValidationError(said, params={"line": line}) for line in shown])


class Give(_Choosing):
    """A new assignment, of one unit or of many."""

    text = forms.CharField(label=_("What is to be done"), max_length=MOST_LETTERS, widget=_rows(4))
    due_on = forms.DateField(label=_("Due on"), widget=_day(), help_text=_("The last day that is in time."))
    giver = forms.ChoiceField(label=_("Unit that gives it"))
    owners = forms.CharField(
        label=_("Units that are to do it"),
        max_length=20000,
        required=False,
        widget=_rows(3),
        help_text=_("One unit a line, by its name or code. Each gets an assignment of its own."),
    )
    communes = forms.BooleanField(
        label=_("Every commune and ward below the unit that gives it"), required=False
    )
    partners = forms.CharField(
        label=_("Partner units"),
        max_length=4000,
        required=False,
        widget=_rows(2),
        help_text=_("Units that help, one a line. They see the assignment."),
    )
    programme = forms.ChoiceField(label=_("Programme"), required=False)

    def __init__(self, *args: Any, givers: Choices, programmes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("giver", givers)
        self._choose("programme", programmes)

    def clean(self) -> dict[str, Any]:
        """Somebody must do it."""
        data = super().clean() or {}
        if not data.get("owners") and not data.get("communes") and "owners" in data:
            self.add_error("owners", _("Say which units are to do it."))
        return data


class Edit(forms.Form):
    """What is to be done and with whom, said otherwise."""

    text = forms.CharField(label=_("What is to be done"), max_length=MOST_LETTERS, widget=_rows(4))
    partners = forms.CharField(
        label=_("Partner units"),
        max_length=4000,
        required=False,
        widget=_rows(2),
        help_text=_("Units that help, one a line. They see the assignment."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class ReportForm(_Choosing):
    """What was done so far."""

    text = forms.CharField(label=_("What was done"), max_length=MOST_LETTERS, widget=_rows(5))
    percent = forms.IntegerField(
        label=_("Share done, per cent"),
        min_value=0,
        max_value=WHOLE,
        help_text=_("100 hands it to who gave it, to be closed. Less is progress."),
    )
    documents = forms.ModelMultipleChoiceField(
        label=_("Evidence from the shelf"),
        queryset=Document.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    named = _named(2)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, shelf: QuerySet[Document], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._documents("documents", shelf)

    def clean(self) -> dict[str, Any]:
        """What was named is evidence as what was chosen."""
        data = super().clean() or {}
        data["documents"] = {*data.get("documents", ()), *data.pop("named", ())}
        return data


class VisitForm(_Choosing):
    """A visit with who came, what was found and concluded."""

    unit = forms.CharField(label=_("Unit visited"), max_length=200, help_text=_("Its name or code."))
    leader = forms.ChoiceField(label=_("Led by"))
    starts_on = forms.DateField(label=_("First day"), widget=_day())
    ends_on = forms.DateField(
        label=_("Last day"),
        widget=_day(),
        help_text=_("A visit to come is put down with its days alone; what it found, once it is over."),
    )
    purpose = forms.CharField(label=_("What the visit was about"), max_length=300)
    participants = forms.CharField(
        label=_("Who took part, by post"),
        max_length=8000,
        required=False,
        widget=_rows(4),
        help_text=_("One a line: post, agency. No names: “Deputy head, Department V05”."),
    )
    observations = forms.CharField(
        label=_("What was found, by topic"),
        max_length=20000,
        required=False,
        widget=_rows(5),
        help_text=_("One a line: topic: what was found."),
    )
    conclusions = forms.CharField(
        label=_("Conclusions"),
        max_length=20000,
        required=False,
        widget=_rows(5),
        help_text=_("One a line, in their order. Each can become an assignment."),
    )
    document = forms.ModelChoiceField(
        label=_("The conclusion on the shelf"),
        queryset=Document.objects.none(),
        required=False,
        empty_label="–",
        help_text=_(
            "Of the unit that leads or was visited. One put there later is chosen when the visit is changed."
        ),
    )
    named = _named(1)
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(
        self,
        *args: Any,
        leaders: Choices,
        programmes: Choices,
        shelf: QuerySet[Document],
        kept: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._choose("leader", leaders)
        self._choose("programme", programmes)
        self._documents("document", shelf, kept)

    def clean(self) -> dict[str, Any]:
        """A document may be named instead of chosen; it ends when it began or later."""
        data = self._one_document(super().clean() or {})
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("It ends before it begins."))
        return data

    def clean_participants(self) -> tuple[tuple[str, str], ...]:
        """Post and agency of each line."""
        found = pairs(self.cleaned_data["participants"], ",")
        said = _("“%(line)s” needs a post, a comma and an agency.")
        _refuse_lines(said, [", ".join(filter(None, row)) for row in found if not all(row)])
        too_long = _("“%(line)s” is too long: 200 letters each at most.")
        _refuse_lines(too_long, [row[0] for row in found if any(len(one) > 200 for one in row)])
        return found

    def clean_observations(self) -> tuple[tuple[str, str], ...]:
        """Topic and finding of each line."""
        found = pairs(self.cleaned_data["observations"], ":")
        said = _("“%(line)s” needs a topic of 200 letters at most, a colon and what was found.")
        _refuse_lines(
            said, [": ".join(filter(None, row)) for row in found if not all(row) or len(row[0]) > 200]
        )
        return found

    def clean_conclusions(self) -> tuple[str, ...]:
        """Each line."""
        return tuple(lines(self.cleaned_data["conclusions"]))


class DirectiveForm(_Choosing):
    """What a conference concluded or a document ordered."""

    source = forms.ChoiceField(label=_("Kind"))
    issuer = forms.ChoiceField(label=_("Issued by"))
    reference = forms.CharField(
        label=_("Number and sign"), max_length=100, required=False, help_text=_("For example 15/KH-UBND.")
    )
    issued_on = forms.DateField(label=_("Dated"), widget=_day())
    title = forms.CharField(label=_("What it is about"), max_length=300)
    text = forms.CharField(label=_("What it orders"), max_length=20000, widget=_rows(6))
    document = forms.ModelChoiceField(
        label=_("The document on the shelf"),
        queryset=Document.objects.none(),
        required=False,
        empty_label="–",
    )
    named = _named(1)
    programme = forms.ChoiceField(label=_("Programme"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(
        self,
        *args: Any,
        sources: Choices,
        issuers: Choices,
        programmes: Choices,
        shelf: QuerySet[Document],
        kept: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._choose("source", sources)
        self._choose("issuer", issuers)
        self._choose("programme", programmes)
        self._documents("document", shelf, kept)

    def clean(self) -> dict[str, Any]:
        """A document may be named instead of chosen."""
        return self._one_document(super().clean() or {})


def see_anew(form: forms.Form, version: int) -> None:
    """Sent once more, what was typed goes over that version: a choice made knowingly."""
    assert isinstance(form.data, QueryDict)
    data = form.data.copy()
    data["seen"] = str(version)
    form.data = data


def directive_filled(one: Directive) -> dict[str, Any]:
    """What the form of a directive shows of it."""
    return {
        "source": one.source,
        "issuer": str(one.issuer_id),
        "reference": one.reference,
        "issued_on": one.issued_on,
        "title": one.title,
        "text": one.text,
        "document": one.document_id,
        "programme": one.programme,
        "seen": one.version,
    }


def visit_filled(visit: Visit, unit: str) -> dict[str, Any]:
    """What the form of a visit shows of it."""
    return {
        "unit": unit,
        "leader": str(visit.leader_id),
        "starts_on": visit.starts_on,
        "ends_on": visit.ends_on,
        "purpose": visit.purpose,
        "participants": "\n".join(str(one) for one in visit.participants.order_by("number")),
        "observations": "\n".join(
            f"{one.topic}: {one.text}" for one in visit.observations.order_by("number")
        ),
        "conclusions": "\n".join(one.text for one in visit.conclusions.order_by("number")),
        "document": visit.document_id,
        "programme": visit.programme,
        "seen": visit.version,
    }


def edit_filled(one: Assignment, partners: str) -> dict[str, Any]:
    """What the form of an assignment shows of it."""
    return {"text": one.text, "partners": partners, "seen": one.version}
