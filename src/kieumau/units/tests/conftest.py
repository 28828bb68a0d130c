"""A small invented country for every test of this package, and the checksum that undoing must restore."""

from datetime import date

import pytest
from django.db import connection

from kieumau.units.actions import load_rows

BEGIN = "2020-01-01"

COUNTRY = [
    # code, name, kind, parent
    ("N", "Nước Mẫu", "quoc-gia", ""),
    ("P1", "Bình Minh", "tinh", "N"),
    ("P2", "Đông Hải", "tinh", "N"),
    ("C11", "An Bình", "phuong", "P1"),
    ("C12", "Ân Thi", "xa", "P1"),
    ("C13", "Cần Thơ", "phuong", "P1"),
    ("C14", "Đại Lộc", "xa", "P1"),
    ("C21", "Ea Súp", "xa", "P2"),
    ("C22", "Ê Đê", "xa", "P2"),
]


def unit_rows(country: list[tuple[str, str, str, str]] = COUNTRY) -> list[dict[str, str]]:
    """Rows as a file would have them, all valid from 2020 on."""
    return [
        {"code": code, "name": name, "kind": kind, "parent": parent, "valid_from": BEGIN}
        for code, name, kind, parent in country
    ]


@pytest.fixture
def country(db: None) -> None:
    """The small country, loaded."""
    load_rows(unit_rows(), actor=None, register="m")


def checksum() -> str:
    """One word for all terms, positions and lineage, whatever their row ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select md5(string_agg(line, E'\\n' order by line)) from (
                select concat_ws('|', 'term', u.key, t.code, t.name, t.kind_id, p.key, t.valid, b.key, e.key)
                  from unit_term t join unit u on u.id = t.unit_id left join unit p on p.id = t.parent_id
                  left join unit_change b on b.id = t.begun_by_id
                  left join unit_change e on e.id = t.ended_by_id
                union all
                select concat_ws('|', 'position', unit_id, valid, path, level, root_id, province_id)
                  from unit_position
                union all
                select concat_ws('|', 'lineage', c.key, predecessor_id, successor_id, share, basis)
                  from unit_lineage l join unit_change c on c.id = l.change_id
            ) as all_lines (line)
            """
        )
        return str(cursor.fetchone()[0])


TODAY = date(2026, 11, 1)
