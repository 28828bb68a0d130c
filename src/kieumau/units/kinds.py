"""The kinds of units: given in `library/kinds.yaml`, kept as rows for foreign keys and joins."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection
from pydantic import Field

from kieumau.kernel.messages import Text
from kieumau.kernel.yamlfile import Name, Shape, read
from kieumau.units.models import Kind

FILE = Path(__file__).resolve().parent.parent / "library" / "kinds.yaml"


class KindShape(Shape):
    """One kind: its level (0 nation … 3 commune), its name, how it joins a unit's name.

    `of` is the only register whose units are of this kind; empty for registers without kinds of their own.
    """

    level: int = Field(ge=0, le=3)
    of: str = ""
    name: Name
    full: Name = Name(vi="{name}", en="{name}")


class KindsShape(Shape):
    """The file."""

    kinds: dict[str, KindShape]


@cache
def kinds() -> Mapping[str, KindShape]:
    """Every kind by its code. Raises `Refused` for a bad file."""
    return read(FILE, KindsShape).kinds


def levels() -> dict[str, int]:
    """The level of every kind."""
    return {code: kind.level for code, kind in kinds().items()}


def kinds_of(register: str) -> Mapping[str, KindShape]:
    """The kinds of a register's units: its own where it has any, else those that are nobody's."""
    own = {code: kind for code, kind in kinds().items() if kind.of == register}
    return own or {code: kind for code, kind in kinds().items() if not kind.of}


def full_name(kind: str, name: str) -> Text:
    """A unit's name with its kind."""
    full = kinds()[kind].full
    return Text(vi=full.vi.format(name=name), en=full.en.format(name=name))


def make_kinds(**_: Any) -> None:
    """Bring the rows in line with the file; connected to the end of every migration, backwards too."""
    if Kind._meta.db_table not in connection.introspection.table_names():
        return
    Kind.objects.bulk_create(
        [
            Kind(
                code=code,
                level=kind.level,
                name_vi=kind.name.vi,
                name_en=kind.name.en,
                full_vi=kind.full.vi,
                full_en=kind.full.en,
            )
            for code, kind in kinds().items()
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["level", "name_vi", "name_en", "full_vi", "full_en"],
    )
