"""A small place for the tests: a province with communes before and after a merger, a few indicators."""

from dataclasses import dataclass
from pathlib import Path

from kieumau.indicators.actions import load_catalogue
from kieumau.indicators.models import Indicator
from kieumau.units.actions import load_rows
from kieumau.units.models import Term

REGISTER = "test"
TODAY = "2004-01-01"
MERGED = "2025-07-01"


@dataclass(frozen=True)
class Units:
    """Ids of the cast's units."""

    province: int
    an_binh: int
    hoa_phu: int
    hoa_phu_of_dong: int
    my_khanh: int
    phong_dien: int


def make_units() -> Units:
    """Two provinces; Mỹ Khánh became part of Phong Điền on 1 July 2025."""

    def row(
        code: str, name: str, kind: str, parent: str, start: str = TODAY, end: str = ""
    ) -> dict[str, str]:
        return {
            "code": code,
            "name": name,
            "kind": kind,
            "parent": parent,
            "valid_from": start,
            "valid_to": end,
        }

    load_rows(
        [
            row("vn", "Việt Nam", "country", ""),
            row("92", "Cần Thơ", "thanh-pho", "vn"),
            row("75", "Đồng Nai", "tinh", "vn"),
            row("00101", "An Bình", "phuong", "92"),
            row("00102", "Hòa Phú", "xa", "92"),
            row("00201", "Hòa Phú", "xa", "75"),
            row("00103", "Mỹ Khánh", "xa", "92", end=MERGED),
            row("00104", "Phong Điền", "xa", "92", start=MERGED),
        ],
        [
            {
                "act": "merger",
                "takes_effect_on": MERGED,
                "predecessor": "00103",
                "successor": "00104",
                "share": "1",
                "basis": "whole",
            }
        ],
        actor=None,
        register=REGISTER,
    )
    ids = dict(Term.objects.filter(register=REGISTER).values_list("code", "unit_id"))
    return Units(ids["92"], ids["00101"], ids["00102"], ids["00201"], ids["00103"], ids["00104"])


def make_indicators() -> dict[str, int]:
    """Ids by code of the indicators in `catalogue.yaml` beside this file."""
    load_catalogue(Path(__file__).with_name("catalogue.yaml"), actor=None)
    return dict(Indicator.objects.values_list("code", "id"))


def make_places() -> Units:
    """Both of the above."""
    made = make_units()
    make_indicators()
    return made
