"""Entries as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from kieumau.audit.models import Entry
from kieumau.audit.registry import names_of
from kieumau.audit.saying import Said, said
from kieumau.kernel.messages import Text


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with its words and the name of its unit; None where nobody knows it."""

    entry: Entry
    said: Said
    unit: Text | None


def lines_of(entries: Sequence[Entry]) -> list[Line]:
    """The entries with what pages show of them. One query where there are units."""
    units = names_of({entry.unit_id for entry in entries if entry.unit_id is not None})
    return [Line(entry, said(entry), units.get(entry.unit_id or 0)) for entry in entries]
