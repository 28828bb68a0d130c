"""What somebody typed about an act, kept between the steps of the form; made into an act or into problems.

Nothing is stored before the act is recorded: everything goes along in the fields of the form, so that it
works without script and can be left at any time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict

from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.units.actions.store import stored_terms
from kieumau.units.describing import ActFile, act_of
from kieumau.units.kinds import kinds
from kieumau.units.rules import Act

MERGE, SPLIT, TRANSFER, RENAME = "sap-nhap", "chia-tach", "chuyen", "doi-ten"
SORTS = {
    MERGE: Text(vi="Sáp nhập", en="Merge"),
    SPLIT: Text(vi="Chia tách", en="Split"),
    TRANSFER: Text(vi="Chuyển sang cấp trên khác", en="Transfer to another parent"),
    RENAME: Text(vi="Đổi tên, đổi loại, đổi mã", en="Rename, change kind or code"),
}
LEAST_PARTS, MOST_PARTS, MOST_UNITS = 2, 12, 60
NEW = ""  # `into`: a new unit


@dataclass(frozen=True, slots=True)
class PartTyped:
    """One part of a unit that is divided, as typed."""

    name: str = ""
    code: str = ""
    share: str = ""
    kind: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing typed yet?"""
        return not (self.name or self.code or self.share)


@dataclass(slots=True)
class Typed:
    """The form as it stands. `units` are codes as `register:code`; `into` is one of them or `NEW`.

    `to` is the code of the new parent; `lives_on` the number of the part that goes on as the divided unit.
    """

    sort: str = MERGE
    reference: str = ""
    on: str = ""
    units: list[str] = field(default_factory=list)
    into: str = NEW
    name: str = ""
    code: str = ""
    kind: str = ""
    to: str = ""
    basis: str = "area"
    lives_on: str = ""
    parts: list[PartTyped] = field(default_factory=lambda: [PartTyped()] * LEAST_PARTS)

    @classmethod
    def of(cls, data: QueryDict) -> "Typed":
        """What was sent; what is not there is empty."""
        columns = [data.getlist(f"part_{name}")[:MOST_PARTS] for name in ("name", "code", "share", "kind")]
        parts = [PartTyped(*(_clean(cell) for cell in row)) for row in zip(*columns, strict=False)]
        sort = data.get("loai", MERGE)
        typed = cls(
            sort=sort if sort in SORTS else MERGE,
            units=list(dict.fromkeys(_clean(code) for code in data.getlist("units") if code))[:MOST_UNITS],
            parts=parts or [PartTyped()] * LEAST_PARTS,
        )
        for name in ("reference", "on", "into", "name", "code", "kind", "to", "basis", "lives_on"):
            if name in data:
                setattr(typed, name, _clean(data.get(name, "")))
        return typed

    @property
    def day(self) -> date | None:
        """The day it takes effect, where that is one."""
        try:
            return date.fromisoformat(self.on)
        except ValueError:
            return None

    def act(self) -> Act:
        """The act. Raises `Refused` with everything that is wrong with what was typed."""
        if problems := self._problems():
            raise Refused(problems)
        terms = stored_terms()
        description: dict[str, Any] = {
            "key": self._key(),
            "takes_effect_on": self.day,
            "reference": self.reference,
            **self._lists(),
        }
        return act_of(ActFile.model_validate(description), terms)

    def _key(self) -> str:
        """A decree often holds several acts: the day and the first unit tell them apart."""
        return f"{self.reference} · {self.sort} {_short(self.units[0])} · {self.on}"

    def _lists(self) -> dict[str, Any]:
        if self.sort == MERGE and self.into != NEW:
            return {
                "join": [{"units": [unit for unit in self.units if unit != self.into], "into": self.into}]
            }
        if self.sort == MERGE:
            new = {"code": self.code or _short(self.units[0]), "name": self.name, "kind": self.kind}
            return {"merge": [{"units": self.units, "into": new}]}
        if self.sort == SPLIT:
            into = [
                {
                    "code": part.code or _short(self.units[0]),
                    "name": part.name,
                    "share": part.share,
                    "kind": part.kind,
                    "lives_on": str(number) == self.lives_on,
                }
                for number, part in enumerate(self.parts)
                if not part.is_empty
            ]
            return {"split": [{"unit": self.units[0], "basis": self.basis, "into": into}]}
        if self.sort == TRANSFER:
            return {"transfer": [{"unit": unit, "to": self.to} for unit in self.units]}
        change = {"name": self.name, "kind": self.kind, "code": self.code}
        return {"rename": [{"unit": self.units[0], **change}]}

    def _problems(self) -> list[Problem]:
        found = []
        if not self.reference:
            found.append(_problem("Hãy ghi số quyết định.", "Say which decision it rests on."))
        if self.day is None:
            found.append(_problem("Hãy chọn ngày có hiệu lực.", "Choose the day it takes effect."))
        if self.kind and self.kind not in kinds():
            found.append(_problem(f"Không có loại “{self.kind}”.", f"There is no kind “{self.kind}”."))
        return (
            found
            + {
                MERGE: self._merge_problems,
                SPLIT: self._split_problems,
                TRANSFER: self._transfer_problems,
                RENAME: self._rename_problems,
            }[self.sort]()
        )

    def _merge_problems(self) -> list[Problem]:
        found = []
        if len(self.units) < 2:
            found.append(_problem("Sáp nhập cần từ hai đơn vị.", "A merger takes two units or more."))
        if self.into != NEW and self.into not in self.units:
            found.append(
                _problem(
                    "Đơn vị nhận phải là một trong các đơn vị đã chọn.",
                    "The unit that lives on must be one of those chosen.",
                )
            )
        if self.into == NEW and not self.name:
            found.append(_problem("Hãy ghi tên đơn vị mới.", "Name the new unit."))
        return found

    def _split_problems(self) -> list[Problem]:
        found = _one_unit(self.units)
        parts = [part for part in self.parts if not part.is_empty]
        if len(parts) < LEAST_PARTS:
            found.append(_problem("Chia tách cần từ hai phần.", "A split takes two parts or more."))
        if any(not part.name or not part.share for part in parts):
            found.append(_problem("Mỗi phần cần tên và tỷ lệ.", "Every part needs a name and a share."))
        if len({part.code or "" for part in parts}) < len(parts):
            found.append(_problem("Mỗi phần cần một mã riêng.", "Every part needs a code of its own."))
        return found

    def _transfer_problems(self) -> list[Problem]:
        found = [] if self.units else [_problem("Hãy chọn đơn vị chuyển đi.", "Choose the units that move.")]
        if not self.to:
            found.append(_problem("Hãy chọn cấp trên mới.", "Choose the new parent."))
        return found

    def _rename_problems(self) -> list[Problem]:
        found = _one_unit(self.units)
        if not (self.name or self.kind or self.code):
            found.append(
                _problem("Hãy ghi tên, loại hoặc mã mới.", "Give a new name, a new kind or a new code.")
            )
        return found


def _one_unit(units: Sequence[str]) -> list[Problem]:
    if len(units) == 1:
        return []
    return [_problem("Hãy chọn đúng một đơn vị.", "Choose exactly one unit.")]


def _problem(vi: str, en: str) -> Problem:
    return Problem("act-not-described", Text(vi=vi, en=en))


def _short(code: str) -> str:
    return code.rpartition(":")[2]


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()[:200]
