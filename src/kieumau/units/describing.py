"""Acts as people describe them (in YAML, or by the words of a command), made into what they do to units.

    key: NQ 12/2026
    takes_effect_on: 2026-12-01
    reference: Nghị quyết 12/NQ-UBTVQH16
    merge:    [{units: ["31120", "31135"], into: {code: "31120", name: Cái Khế, kind: phuong}}]
    join:     [{units: ["31147"], into: "31150"}]
    split:    [{unit: "31168", basis: area, into: [{code: "31168", name: Ô Môn, share: 0.6, lives_on: true},
                                                   {code: "31171", name: Thới An, share: 0.4}]}]
    transfer: [{unit: "31174", to: "91"}]
    rename:   [{unit: "31183", name: Trung Nhứt, kind: phuong, code: "31184"}]

Codes are those of the day before the act, `register:code` where two registers have the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from kieumau.kernel.messages import Place, Problem, Refused, Text
from kieumau.kernel.yamlfile import Name, Shape
from kieumau.units.reading import PLAIN_SHARE, Codes
from kieumau.units.rules import Act, Share, TermRow, even_shares
from kieumau.units.rules.facts import NOTHING_SAID

Written = Annotated[str, BeforeValidator(str)]  # a code or share that YAML took for a number


class NewUnit(Shape):
    """A unit that an act makes; what is not said is that of the first unit it comes from."""

    code: Written
    name: str
    kind: str = ""
    parent: Written = ""


class Merge(Shape):
    """Several units end and a new one begins."""

    units: list[Written] = Field(min_length=1)
    into: NewUnit


class Join(Shape):
    """Units end and go into one that lives on."""

    units: list[Written] = Field(min_length=1)
    into: Written


class PartOf(NewUnit):
    """A part of a divided unit; `lives_on`: it is the divided unit itself, smaller."""

    share: Written
    lives_on: bool = False


class Split(Shape):
    """A unit is divided by shares that sum to 1."""

    unit: Written
    basis: Literal["area", "people", "expert", "even"]
    into: list[PartOf] = Field(min_length=2)


class Transfer(Shape):
    """A unit goes below another one."""

    unit: Written
    to: Written


class Rename(Shape):
    """A unit gets another name, kind or code and stays what it is."""

    unit: Written
    name: str = ""
    kind: str = ""
    code: Written = ""


class ActFile(Shape):
    """Mô tả quyết định: one act; every list may hold several units."""

    key: str
    takes_effect_on: date
    reference: str = ""
    summary: Name | None = None
    merge: list[Merge] = []
    join: list[Join] = []
    split: list[Split] = []
    transfer: list[Transfer] = []
    rename: list[Rename] = []


def act_of(file: ActFile, terms: Sequence[TermRow]) -> Act:
    """The act over the stored `terms`. Raises `Refused` with every unknown code and bad share.

    What the tree thinks of it (a code given twice, shares that do not sum to 1) `record_change` says.
    """
    making = _Making(file.takes_effect_on, Codes(terms), _open_terms(terms, file.takes_effect_on))
    for merge in file.merge:
        making.merge(merge)
    for join in file.join:
        making.join(join)
    for split in file.split:
        making.split(split)
    for transfer in file.transfer:
        making.change(transfer.unit, parent=making.unit(transfer.to, making.day))
    for rename in file.rename:
        making.change(rename.unit, rename=rename)
    if not making.ends and not making.problems:
        reason = Text(vi="Quyết định không đổi đơn vị nào.", en="The act changes no unit.")
        making.problems.append(Problem("empty-act", reason))
    if making.problems:
        raise Refused(making.problems)
    return Act(
        file.key,
        file.takes_effect_on,
        file.reference,
        file.summary.text() if file.summary else NOTHING_SAID,
        tuple(making.shares),
        tuple(making.ends),
        tuple(making.begins.values()),
    )


def _open_terms(terms: Sequence[TermRow], day: date) -> dict[str, TermRow]:
    return {term.key: term for term in terms if term.is_valid_on(day - timedelta(days=1))}


@dataclass(slots=True)
class _Making:
    """The act as it grows."""

    day: date
    codes: Codes
    before: dict[str, TermRow]
    ends: dict[str, None] = field(default_factory=dict)
    begins: dict[str, TermRow] = field(default_factory=dict)
    shares: list[Share] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def merge(self, merge: Merge) -> None:
        """Units into a new one."""
        olds = [found for code in merge.units if (found := self.old(code))]
        if olds:
            new = self.begin(merge.into, olds[0])
            self.hand_over(olds, new.key)

    def join(self, join: Join) -> None:
        """Units into one that lives on."""
        into = self.old(join.into)
        olds = [found for code in join.units if (found := self.old(code))]
        if into:
            self.hand_over(olds, into.key)

    def split(self, split: Split) -> None:
        """A unit by shares."""
        if (old := self.old(split.unit)) is None:
            return
        self.ends[old.key] = None
        for part in split.into:
            text = part.share.replace(",", ".")
            if not PLAIN_SHARE.fullmatch(text):
                reason = Text(
                    vi=f"“{part.share}” không phải là một phần.", en=f"“{part.share}” is not a share."
                )
                self.problems.append(Problem("wrong-share", reason, Text(vi="Viết 0.25.", en="Write 0.25.")))
                continue
            new = self.begin(part, old, lives_on=part.lives_on)
            self.shares.append(Share(old.key, new.key, Decimal(text), split.basis))

    def change(self, unit: str, *, parent: str | None = None, rename: Rename | None = None) -> None:
        """A unit that stays what it is: another parent, name, kind or code."""
        if (old := self.old(unit)) is None:
            return
        row = replace(self.begins.get(old.key, old), starts=self.day, ends=None, begun_by=None, ended_by=None)
        if parent is not None:
            row = replace(row, parent=parent)
        if rename is not None:
            row = replace(
                row,
                name=rename.name or row.name,
                kind=rename.kind or row.kind,
                code=rename.code or row.code,
            )
        self.begins[old.key] = row
        if old.key not in self.ends:
            self.ends[old.key] = None
            self.shares += even_shares(old.key, [old.key])

    def hand_over(self, olds: Sequence[TermRow], to: str) -> None:
        """Whole units end and go to one."""
        for old in olds:
            self.ends[old.key] = None
            self.shares += even_shares(old.key, [to])

    def begin(self, new: NewUnit, like: TermRow, *, lives_on: bool = False) -> TermRow:
        """The term of a unit the act makes, or with which one lives on."""
        parent = (self.unit(new.parent, self.day) if new.parent else None) or like.parent
        key = like.key if lives_on else f"{like.register}/{new.code}@{self.day}"
        kind = new.kind or like.kind
        self.begins[key] = TermRow(key, like.register, new.code, new.name, kind, parent, self.day)
        return self.begins[key]

    def old(self, code: str) -> TermRow | None:
        """The unit that a code meant the day before."""
        key = self.unit(code, self.day - timedelta(days=1))
        return self.before.get(key) if key else None

    def unit(self, code: str, day: date) -> str | None:
        """The key of a unit; None and a problem where the code means none."""
        register, _, short = code.rpartition(":")
        found = self.codes.unit_on(short, day, Place(column=code), register)
        if isinstance(found, Problem):
            self.problems.append(found)
            return None
        return found
