"""What every form of rounds does to its fields."""

from collections.abc import Sequence
from typing import Any

from django import forms


def offer(form: forms.Form, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
    """Let these be chosen in a field."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def dress(form: forms.Form) -> None:
    """Every field but those to tick looks as the style sheet says."""
    for field in form.fields.values():
        if not isinstance(field.widget, (forms.RadioSelect, forms.CheckboxSelectMultiple, forms.HiddenInput)):
            is_select = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if is_select else "form-control"
