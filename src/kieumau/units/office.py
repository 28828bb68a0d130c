"""The statistics office's conversion table of 2025, read as published and compared with what is stored.

The table has two rows of headings, a heading for each province, accents composed and decomposed, typing
errors in names and notes. Notes say whether all of a commune went somewhere or a part; how large the parts
are it does not say.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from kieumau.kernel.messages import Place, Problem, Refused, Text
from kieumau.kernel.text import search_key, tidy
from kieumau.units.models import Lineage, Term
from kieumau.units.vietnam import REGISTER
from kieumau.units.vietnam_sources import package_successors, read_corrections

REFORM = date(2025, 7, 1)
CODE = re.compile(r"[0-9]{3,5}")
DISTRICT = re.compile(r"(.+) \(([0-9]{3})\)")
ROW_LENGTH = 8


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """One row: an old commune (or island district), a new one, and the note between them.

    `old_code` is empty where the table names a stretch of land that was no unit.
    """

    line: int
    new_code: str
    new_name: str
    old_code: str
    old_name: str
    note: str

    @property
    def is_part(self) -> bool:
        """Does the note say that only a part of the old unit went there?"""
        words = search_key(self.note)
        return "mot phan" in words or "phan con lai" in words

    @property
    def has_all_people(self) -> bool:
        """A part of the area, but all the people?"""
        return self.is_part and "toan bo dan so" in search_key(self.note)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where table and store part: a code (of the old unit, for a name of either), and what each says.

    `office`, `package` (the data of `vietnamadminunits`, empty where the question is not about
    successors) and `product` (what was decided) are written out for reading.
    """

    kind: str
    code: str
    name: str
    office: str
    package: str
    product: str


KINDS = {
    "successors": Text(vi="đơn vị kế thừa", en="successors"),
    "relation": Text(vi="toàn bộ hay một phần", en="all or a part"),
    "people": Text(vi="một phần diện tích, toàn bộ dân số", en="a part of the area, all the people"),
    "absent": Text(vi="không có trong bảng", en="not in the table"),
    "unknown": Text(vi="mã không có trong danh mục", en="code not in the register"),
    "name": Text(vi="tên gọi", en="name"),
    "corrected": Text(vi="đã sửa so với gói dữ liệu", en="corrected against the package"),
}


def read_office(path: Path) -> list[OfficeRow]:
    """The rows of the published table. Raises `Refused` where it is no such table."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = Text(vi="Không đọc được tệp UTF-8.", en="Not a readable UTF-8 file.")
        raise Refused([Problem("unreadable-file", reason, place=Place(file=path.name))]) from error
    found = []
    for line, cells in enumerate(csv.reader(io.StringIO(text, newline="")), start=1):
        row = [tidy(cell) for cell in cells]
        if len(row) >= ROW_LENGTH and CODE.fullmatch(row[2]):
            old_code, old_name = row[4], row[3]
            if not old_code and not old_name and (district := DISTRICT.fullmatch(row[6])):
                old_name, old_code = district.groups()  # an island district that had no communes
            found.append(OfficeRow(line, row[2], row[1], old_code, old_name, row[5]))
    if not found:
        reason = Text(
            vi="Tệp không có dòng nào của bảng chuyển đổi (mã xã mới ở cột 3, mã xã cũ ở cột 5).",
            en="The file has no rows of the conversion table (new code in column 3, old code in column 5).",
        )
        raise Refused([Problem("not-the-table", reason, place=Place(file=path.name))])
    return found


Shares = Mapping[str, Mapping[str, tuple[Decimal, str]]]  # old code → new code → share, basis


def stored_shares() -> Shares:
    """What the store says of 1 July 2025, by the codes of the day before and of that day. Two queries."""
    before, after = (_codes(day) for day in (REFORM - timedelta(days=1), REFORM))
    found: dict[str, dict[str, tuple[Decimal, str]]] = defaultdict(dict)
    rows = Lineage.objects.filter(change__takes_effect_on=REFORM, predecessor__register=REGISTER)
    for old, new, share, basis in rows.values_list("predecessor", "successor", "share", "basis"):
        if old in before and new in after:
            found[before[old][0]][after[new][0]] = share, basis
    return found


def _codes(day: date) -> dict[int, tuple[str, str]]:
    """Code and full name of every commune and every island district on a day."""
    terms = Term.objects.filter(register=REGISTER, valid__contains=day, kind__level__gte=2)
    return {term.unit_id: (term.code, term.full_name()) for term in terms.select_related("kind")}


def compare(rows: Sequence[OfficeRow]) -> list[Difference]:
    """Every difference between the table and the store, and every correction of the package's data.

    For each old commune the successors, for each pair whether all or a part went there; names, ignoring
    case, accents and spelling of the same word; codes that only one side knows. Shares as such the table
    does not have: a whole must be 1, and so must a part with all the people. Raises `Refused` where Việt Nam
    is not loaded.
    """
    ours = stored_shares()
    if not ours:
        reason = Text(vi="Chưa nạp đơn vị Việt Nam.", en="The units of Việt Nam are not loaded.")
        hint = Text(vi="kieumau units load-vietnam", en="kieumau units load-vietnam")
        raise Refused([Problem("no-units", reason, hint)])
    return [
        *_successors(rows, ours),
        *_relations(rows, ours),
        *_names(rows),
        *_corrected(rows, ours),
    ]


def _successors(rows: Sequence[OfficeRow], ours: Shares) -> Iterator[Difference]:
    package = package_successors()
    office = _by_old(rows)
    names = {row.old_code: row.old_name for row in rows}
    for old in sorted(office.keys() - ours.keys()):
        yield Difference("unknown", old, names[old], ", ".join(sorted(office[old])), "", "–")
    old_names = dict(_codes(REFORM - timedelta(days=1)).values())
    for old in sorted(ours.keys() - office.keys()):
        product = _written(ours[old])
        yield Difference("absent", old, old_names[old], "–", ", ".join(package.get(old, ())), product)
    for old in sorted(office.keys() & ours.keys()):
        if set(office[old]) != set(ours[old]):
            said, told = ", ".join(sorted(office[old])), ", ".join(package.get(old, ()))
            yield Difference("successors", old, names[old], said, told, _written(ours[old]))


def _relations(rows: Sequence[OfficeRow], ours: Shares) -> Iterator[Difference]:
    for row in rows:
        share, basis = ours.get(row.old_code, {}).get(row.new_code, (None, ""))
        if share is None:
            continue
        product = f"{row.new_code}: {_written({row.new_code: ours[row.old_code][row.new_code]})}"
        if row.is_part != (basis != "whole"):
            yield Difference(
                "relation", row.old_code, row.old_name, f"{row.new_code}: {row.note}", "", product
            )
        elif row.has_all_people and not (share == 1 and basis == "people"):
            yield Difference("people", row.old_code, row.old_name, f"{row.new_code}: {row.note}", "", product)


def _names(rows: Sequence[OfficeRow]) -> Iterator[Difference]:
    """Names of old and new units; a different kind of unit is a different name."""
    before, after = (dict(_codes(day).values()) for day in (REFORM - timedelta(days=1), REFORM))
    told: set[tuple[str, str]] = set()
    for row in rows:
        for code, name, known in ((row.old_code, row.old_name, before), (row.new_code, row.new_name, after)):
            if code in known and (code, name) not in told and search_key(known[code]) != search_key(name):
                told.add((code, name))
                yield Difference("name", code, name, name, "", known[code])


def _corrected(rows: Sequence[OfficeRow], ours: Shares) -> Iterator[Difference]:
    office, package = _by_old(rows), package_successors()
    names = {row.old_code: row.old_name for row in rows}
    for each in read_corrections().lineage:
        if each.old in ours:
            yield Difference(
                "corrected",
                each.old,
                names.get(each.old, ""),
                ", ".join(sorted(office.get(each.old, ()))),
                ", ".join(package.get(each.old, ())),
                _written(ours[each.old]),
            )


def _by_old(rows: Iterable[OfficeRow]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[row.old_code].add(row.new_code)
    return found


def _written(shares: Mapping[str, tuple[Decimal, str]]) -> str:
    return ", ".join(
        code if basis == "whole" else f"{code} ({share.normalize()} {basis})"
        for code, (share, basis) in sorted(shares.items())
    )
