"""Fields of the builder's forms: lines, texts, numbers and choices that may be left empty.

Each says with `comparable` how it reads a value, so that what was only shown and sent back is no change.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from kieumau.criteria.drafting.fields import decimal_of
from kieumau.kernel.text import nfc, tidy

# Breaks that programs put into a line: Word's Shift+Enter is a vertical tab.
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_NO_TEXT = {"Cc", "Cs", "Cn"}


def clean_text(text: str) -> str:
    """The text with its breaks as line feeds, its letters composed, without what is no text at all."""
    broken = _BREAKS.sub("\n", text).replace("\ufeff", "")
    return nfc("".join(one for one in broken if one in "\n\t" or unicodedata.category(one) not in _NO_TEXT))


class Line(forms.CharField):
    """One line, its letters composed and its spaces made one; may be left empty unless `required`."""

    def __init__(self, label: Any = "", **options: Any) -> None:
        super().__init__(label=label, **{"required": False, "max_length": 500, **options})

    def to_python(self, value: Any) -> str:
        """The line."""
        return tidy(clean_text(super().to_python(value) or ""))

    def prepare_value(self, value: Any) -> Any:
        """The value as one line: a browser would drop its breaks and send back words grown together."""
        return tidy(value) if isinstance(value, str) else value


class Day(Line):
    """A day, `2027-01-31`; what a draft has in its place stands as words."""

    widget = forms.DateInput(attrs={"type": "date"})

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """A field of words where the value is no day: a field of days would show nothing, and send that."""
        bound = super().get_bound_field(form, field_name)
        if not _is_day(str(bound.value() or "")):
            self.widget.input_type = "text"
            self.widget.attrs.pop("type", None)
        return bound


def _is_day(text: str) -> bool:
    """Is it a day, or nothing?"""
    with suppress(ValueError):
        return not text or bool(date.fromisoformat(text))
    return False


class Lines(forms.CharField):
    """Several lines, their breaks as YAML has them."""

    def __init__(self, label: Any = "", rows: int = 2, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(label=label, required=False, max_length=4000, widget=widget, **options)

    def to_python(self, value: Any) -> str:
        """The text, without spaces at the ends of its lines."""
        text = clean_text(super().to_python(value) or "").replace("\t", "    ")
        return "\n".join(line.rstrip() for line in text.split("\n")).strip()


class Words(Lines):
    """Several words, apart by blanks, commas or lines; cleaned, a list."""

    def clean(self, value: Any) -> Any:
        """The words in order."""
        text = value if isinstance(value, str) else "\n".join(value or ())
        return re.split(r"[\s,;]+", found) if (found := str(super().clean(text)).strip(" ,;\n")) else []

    def prepare_value(self, value: Any) -> Any:
        """One word a line."""
        return value if isinstance(value, str) or value is None else "\n".join(value)


class Number(Line):
    """An exact number that may be left empty, `2,5` or `2.5`."""

    def __init__(self, label: Any = "", **options: Any) -> None:
        super().__init__(label, max_length=20, **options)
        self.widget.attrs |= {"inputmode": "decimal", "class": "form-control short"}

    def clean(self, value: Any) -> str:
        """The number as it was typed."""
        text = str(super().clean(value))
        if text and decimal_of(text) is None:
            raise forms.ValidationError(_("This is no number. Write it as 5 or 2,5."))
        return text


class Whole(Line):
    """A whole number that may be left empty."""

    def __init__(self, label: Any = "", **options: Any) -> None:
        super().__init__(label, max_length=6, **options)
        self.widget.attrs |= {"inputmode": "numeric", "class": "form-control short"}

    def clean(self, value: Any) -> str:
        """The number as it was typed."""
        text = str(super().clean(value))
        if text and not (text.isascii() and text.isdigit()):
            raise forms.ValidationError(_("This is no whole number."))
        return text


class Choice(forms.ChoiceField):
    """A choice that may hold what no list knows (a draft may say anything): it is kept and shown.

    Its first choice is the empty one: what a draft does not say, its form does not say for it.
    """

    def __init__(self, label: Any = "", choices: Any = (), **options: Any) -> None:
        super().__init__(label=label, required=False, choices=choices, **options)

    def valid_value(self, value: str) -> bool:
        """Anything: what is wrong with it is said by the check of the whole text."""
        return len(value) <= 100


def comparable(fields: Mapping[str, forms.Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the fields read them; lists count as sets, numbers by their value."""
    found: dict[str, Any] = {}
    for name, field in fields.items():
        value = values.get(name, "")
        with suppress(forms.ValidationError):  # what the field would refuse is shown as it stands
            value = field.clean(value)
        if isinstance(value, list):
            value = frozenset(value)
        elif isinstance(field, Number) and (number := decimal_of(str(value))) is not None:
            value = Decimal(number)
        found[name] = value
    return found


def choosing(fields: Mapping[str, forms.Field], name: str) -> forms.ChoiceField:
    """The field of that name, one that offers choices. Raises TypeError for any other."""
    field = fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} offers no choices")
    return field


def offered(fields: Mapping[str, forms.Field], name: str) -> list[tuple[str, Any]]:
    """The values that a field may send, with their labels. Raises TypeError for one without choices."""
    return list(cast("Iterable[tuple[str, Any]]", choosing(fields, name).choices))
