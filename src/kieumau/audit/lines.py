"""Entries as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from kieumau.audit.models import Entry
from kieumau.audit.naming import names_in
from kieumau.audit.parts import kind_of
from kieumau.audit.saying import Said, said
from kieumau.kernel.messages import Text


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with its words, the name of its unit (None where nobody knows it) and its kind of object."""

    entry: Entry
    said: Said
    unit: Text | None
    kind: Text


def lines_of(entries: Sequence[Entry]) -> list[Line]:
    """The entries with what pages show of them: as many queries as `naming.names_in` takes."""
    names = names_in(entries)
    return [
        Line(entry, said(entry, names), names.of_unit(entry.unit_id), kind_of(entry.object_kind))
        for entry in entries
    ]
