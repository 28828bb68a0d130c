"""What is known of Việt Nam's units: the tables of `vietnamadminunits`, our corrections, the acts.

The package's data are read as files: importing it would load 4 MB of parsers.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, model_validator

from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.text import tidy
from kieumau.kernel.yamlfile import Name, Shape, read

LIBRARY = Path(__file__).resolve().parent.parent / "library" / "vietnam"
# The words a full name begins with, and the kinds they mean at each level.
KINDS = {
    1: {"Thành phố": "thanh-pho", "Tỉnh": "tinh"},
    2: {"Thành phố": "thanh-pho-thuoc-tinh", "Thị xã": "thi-xa", "Quận": "quan", "Huyện": "huyen"},
    3: {"Thị trấn": "thi-tran", "Đặc khu": "dac-khu", "Phường": "phuong", "Xã": "xa"},
}


class Correction(Shape):
    """An old commune and all its successors, by code; where they are known with their shares.

    `shares` are in the order of `new` and sum to 1, `basis` says what they rest on. Without them the parts
    are even.
    """

    old: str
    new: list[str]
    shares: list[Annotated[str, BeforeValidator(str)]] = []
    basis: Literal["area", "people", "expert"] = "expert"

    @model_validator(mode="after")
    def _a_share_for_each(self) -> Self:
        if self.shares and len(self.shares) != len(self.new):
            raise ValueError(f"{self.old}: {len(self.new)} successors, {len(self.shares)} shares")
        return self


class AllPeople(Shape):
    """A divided old commune, and the one successor that got all of its people."""

    old: str
    new: str


class Corrections(Shape):
    """`corrections.yaml`."""

    source: Name
    lineage: list[Correction]
    people: list[AllPeople] = []


class Title(Shape):
    """A legal act and what it is about."""

    reference: str
    title: Name


class CommuneTitles(Shape):
    """The acts on communes, by the code of the new province; `{province}` stands in the title."""

    title: Name
    references: dict[str, str]


class Reform(Shape):
    """The acts of 1 July 2025."""

    takes_effect_on: date
    provinces: Title
    districts: Title
    communes: CommuneTitles


class LaterAct(Shape):
    """An act since then that gave units another kind."""

    takes_effect_on: date
    reference: str
    title: Name
    status: Literal["verified", "unverified"]
    kind: str
    units: list[str]


class Acts(Shape):
    """`acts.yaml`."""

    reform: Reform
    since: list[LaterAct]


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as the package lists it: code, short name, kind, code of the unit above."""

    code: str
    name: str
    kind: str
    above: str


@dataclass(frozen=True, slots=True)
class Country:
    """The package's data by code: units on both sides of the reform and who came from whom.

    `all_people` names for divided communes the one successor that got all the people, where that is known.
    """

    old_provinces: Mapping[str, Place]
    districts: Mapping[str, Place]
    old_communes: Mapping[str, Place]
    provinces: Mapping[str, Place]
    communes: Mapping[str, Place]
    province_parts: Mapping[str, Sequence[str]]
    successors: Mapping[str, Sequence[str]]
    stated: Mapping[str, Correction]
    all_people: Mapping[str, str]

    def old_province_of(self, code: str) -> str:
        """The old province of an old commune, or of an island district that had no communes."""
        if code in self.old_communes:
            return self.districts[self.old_communes[code].above].above
        return self.districts[code].above


@cache
def read_acts() -> Acts:
    """`library/vietnam/acts.yaml`."""
    return read(LIBRARY / "acts.yaml", Acts)


@cache
def read_corrections() -> Corrections:
    """`library/vietnam/corrections.yaml`."""
    return read(LIBRARY / "corrections.yaml", Corrections)


@cache
def read_country() -> Country:
    """The package's data with our corrections. About 0.2 s and 20 MB."""
    old, new = _rows("admin_units_legacy"), _rows("admin_units")
    converter = json.loads((_data() / "converter_2025.json").read_text(encoding="utf-8"))
    old_provinces = {row["provinceCode"]: _place(row["provinceCode"], row["province"], 1) for row in old}
    provinces = {row["provinceCode"]: _place(row["provinceCode"], row["province"], 1) for row in new}
    province_keys = {row["provinceKey"]: row["provinceCode"] for row in new}
    old_province_keys = {row["provinceKey"]: row["provinceCode"] for row in old}
    return Country(
        old_provinces=old_provinces,
        districts={
            row["districtCode"]: _place(row["districtCode"], row["district"], 2, row["provinceCode"])
            for row in old
        },
        old_communes={
            row["wardCode"]: _place(row["wardCode"], row["ward"], 3, row["districtCode"])
            for row in old
            if row["wardCode"]
        },
        provinces=provinces,
        communes={
            row["wardCode"]: _place(row["wardCode"], row["ward"], 3, row["provinceCode"]) for row in new
        },
        province_parts={
            province_keys[key]: sorted(old_province_keys[part] for part in parts)
            for key, parts in converter["DICT_PROVINCE"].items()
        },
        successors=package_successors() | {each.old: sorted(each.new) for each in read_corrections().lineage},
        stated={each.old: each for each in read_corrections().lineage if each.shares},
        all_people={each.old: each.new for each in read_corrections().people},
    )


@cache
def package_successors() -> dict[str, Sequence[str]]:
    """Codes of the new communes of every old one as the package has them, without our corrections."""
    converter = json.loads((_data() / "converter_2025.json").read_text(encoding="utf-8"))
    return _successors(_rows("admin_units_legacy"), _rows("admin_units"), converter)


def _successors(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], converter: Mapping[str, Any]
) -> dict[str, Sequence[str]]:
    """Codes of the new communes of every old one; which the package knows by name."""
    new_codes = {(row["provinceKey"], row["wardKey"]): row["wardCode"] for row in new}
    old_codes = {
        f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}": row["wardCode"]
        or row["districtCode"]
        for row in old
    }
    found: dict[str, set[str]] = defaultdict(set)
    for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, parts in communes.items():
            for part in parts:
                found[old_codes[part]].add(new_codes[province, commune])
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for part, communes in divided.items():
            found[old_codes[part]] |= {new_codes[province, each["newWardKey"]] for each in communes}
    return {code: sorted(news) for code, news in found.items()}


def _rows(table: str) -> list[Mapping[str, Any]]:
    address = (_data() / "dataset.db").as_uri() + "?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(f"select * from {table}")]


def _data() -> Path:
    """The folder of data of the installed package. Raises `Refused` where it is not installed."""
    spec = find_spec("vietnamadminunits")
    if spec is None or not spec.submodule_search_locations:
        reason = Text(
            vi="Chưa cài gói vietnamadminunits.", en="The package vietnamadminunits is not installed."
        )
        raise Refused([Problem("missing-package", reason)])
    return Path(next(iter(spec.submodule_search_locations))) / "data"


def _place(code: str, full_name: str, level: int, above: str = "") -> Place:
    full = tidy(full_name)
    for word, kind in KINDS[level].items():
        if full.casefold().startswith(f"{word} ".casefold()):
            return Place(code, full[len(word) + 1 :], kind, above)
    raise ValueError(f"no known kind in the name {full!r}")
