"""The units of a day, in blocks small enough to be kept in memory: province by province."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from kieumau.units.queries import terms


class Place(NamedTuple):
    """One unit on a day, with its full name in the language asked for."""

    unit_id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Area:
    """The units of a level below a path."""

    path: str
    places: tuple[Place, ...]


def areas(day: date, level: int, within: str, language: str) -> list[Area]:
    """The units of a level below a path on a day, by the unit right below the root that they stand in.

    Provinces and what is above come as one area. In the order of the tree, and of names within. One query.
    """
    together: dict[str, list[Place]] = {}
    rows = terms(day, within, level).order_by("sort_key", "code", "unit_id")
    for row in rows.iterator(chunk_size=2_000):
        place = Place(row.unit_id, row.code, row.full_name(language))
        together.setdefault(_area(row.path, within) if level >= 2 else within, []).append(place)
    return [Area(path, tuple(places)) for path, places in sorted(together.items(), key=_by_path)]


def _area(path: str, within: str) -> str:
    """The path of the unit right below the root, or of `within` where that is deeper."""
    return max(within, "".join(f"{part}." for part in path.split(".")[:2]), key=len)


def _by_path(item: tuple[str, list[Place]]) -> list[int]:
    return [int(part) for part in item[0].split(".") if part]


def pieces(area: Area, codes: tuple[str, ...], most: int) -> Iterator[tuple[str, ...]]:
    """The indicators in pieces so small that a piece for all units of the area is at most `most` cells."""
    size = max(1, most // max(1, len(area.places)))
    for start in range(0, len(codes), size):
        yield codes[start : start + size]
