"""Forms as YAML files: which indicators are sent together, and which units owe them by when.

Plain Python: what the file says is checked here against the catalogue given.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from kieumau.calendars.library import calendars
from kieumau.indicators.catalogue import Definition
from kieumau.kernel.messages import Place, Problem, Refused, Text
from kieumau.kernel.text import nearest
from kieumau.kernel.yamlfile import Name, Shape, read
from kieumau.units.kinds import kinds

SHIPPED = Path(__file__).resolve().parent.parent / "library" / "forms"
LEVELS = {"nation": 0, "province": 1, "district": 2, "commune": 3}


class Group(Shape):
    """One heading of the form with its indicators, in order."""

    title: Name
    indicators: Annotated[list[str], Field(min_length=1)]


class Owed(Shape):
    """Who owes the form from when to when (`until` is no longer in it), and how soon.

    `numbers` are the periods of a year that are owed (11: the eleventh month); all if none is named.
    """

    level: Literal["nation", "province", "district", "commune"]
    kinds: list[str] = []
    numbers: list[Annotated[int, Field(ge=1, le=12)]] = []
    since: date
    until: date | None = None
    due_working_days: Annotated[int, Field(ge=1, le=200)]
    lock_working_days: Annotated[int, Field(ge=1, le=400)]


class FormFile(Shape):
    """Biểu mẫu báo cáo: a whole file. `verification` as for criteria sets: is it the real form?"""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
    title: Name
    catalogue: str
    source: str
    verification: Literal["verified", "reported", "unverified"]
    # pydantic has a `register` of its own.
    units_of: Annotated[str, Field(alias="register", min_length=1, max_length=20)]
    calendar: str
    kind: str
    groups: Annotated[list[Group], Field(min_length=1)]
    owed: list[Owed] = []

    @property
    def indicators(self) -> list[str]:
        """Every indicator, in the order of the form."""
        return [code for group in self.groups for code in group.indicators]

    def digest(self) -> str:
        """What the file says, whatever its spacing and comments."""
        return sha256(self.model_dump_json().encode()).hexdigest()


def path_of(name: Path | str) -> Path:
    """A path as it is; the name of a shipped form (`vn-commune-month`) as its file."""
    shipped = SHIPPED / f"{name}.yaml"
    return shipped if isinstance(name, str) and shipped.is_file() else Path(name)


def shipped_forms() -> list[str]:
    """The names of the forms that come with the product."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def read_form(path: Path, known: Mapping[str, Definition]) -> FormFile:
    """The form in a file. Raises `Refused` with every problem in one pass."""
    file = read(path, FormFile)
    problems = [*_form_problems(file), *_indicator_problems(file, known), *_owed_problems(file)]
    if problems:
        place = Place(file=path.name)
        raise Refused([Problem(one.code, one.reason, one.hint, place) for one in problems])
    return file


def _form_problems(file: FormFile) -> Iterator[Problem]:
    found = calendars().get(file.calendar)
    if found is None:
        reason = Text(vi=f"Không có lịch “{file.calendar}”.", en=f"There is no calendar “{file.calendar}”.")
        yield Problem("unknown-calendar", reason, _near(file.calendar, list(calendars())))
    elif file.kind not in found.definition.kinds:
        yield Problem(
            "unknown-period-kind",
            Text(
                vi=f"Lịch {file.calendar} không có loại kỳ “{file.kind}”.",
                en=f"Calendar {file.calendar} has no periods of kind “{file.kind}”.",
            ),
        )


def _indicator_problems(file: FormFile, known: Mapping[str, Definition]) -> Iterator[Problem]:
    seen: set[str] = set()
    for code in file.indicators:
        if code in seen:
            reason = Text(vi=f"Chỉ tiêu “{code}” lặp lại.", en=f"The indicator “{code}” appears twice.")
            yield Problem("repeated-indicator", reason)
        seen.add(code)
        one = known.get(code)
        if one is None:
            reason = Text(vi=f"Không có chỉ tiêu “{code}”.", en=f"There is no indicator “{code}”.")
            yield Problem("unknown-indicator", reason, _near(code, list(known)))
        elif one.is_derived:
            reason = Text(
                vi=f"“{code}” được tính bằng công thức, không nhập.",
                en=f"“{code}” comes from a formula and is not entered.",
            )
            yield Problem("derived-indicator", reason)
        elif (one.calendar, one.period_kind) != (file.calendar, file.kind):
            reason = Text(
                vi=f"“{code}” báo cáo theo {one.calendar}/{one.period_kind}.",
                en=f"“{code}” is reported by {one.calendar}/{one.period_kind}.",
            )
            yield Problem("wrong-period", reason)


def _owed_problems(file: FormFile) -> Iterator[Problem]:
    for one in file.owed:
        for kind in one.kinds:
            if kind not in kinds() or kinds()[kind].level != LEVELS[one.level]:
                reason = Text(
                    vi=f"Không có loại đơn vị “{kind}” ở cấp {one.level}.",
                    en=f"There is no kind of unit “{kind}” at level {one.level}.",
                )
                yield Problem("unknown-kind", reason)
        if one.until is not None and one.until <= one.since:
            reason = Text(
                vi="Nghĩa vụ kết thúc trước khi bắt đầu.", en="An obligation ends before it begins."
            )
            yield Problem("ends-before-it-begins", reason)
        if one.lock_working_days < one.due_working_days:
            reason = Text(vi="Khóa trước hạn nộp.", en="It is locked before it is due.")
            yield Problem("locked-before-due", reason)
    for index, one in enumerate(file.owed):
        if any(_overlap(one, other) for other in file.owed[:index]):
            reason = Text(
                vi=f"Cấp {one.level} có hai nghĩa vụ cho cùng thời gian.",
                en=f"Level {one.level} has two obligations at the same time.",
            )
            yield Problem("owed-twice", reason)


def _overlap(one: Owed, other: Owed) -> bool:
    kinds_meet = not one.kinds or not other.kinds or set(one.kinds) & set(other.kinds)
    days_meet = one.since < (other.until or date.max) and other.since < (one.until or date.max)
    numbers_meet = not one.numbers or not other.numbers or set(one.numbers) & set(other.numbers)
    return one.level == other.level and bool(kinds_meet and numbers_meet) and days_meet


def _near(word: str, candidates: list[str]) -> Text | None:
    near = nearest(word, candidates)
    return Text(vi=f"Có phải “{near[0]}”?", en=f"Did you mean “{near[0]}”?") if near else None
