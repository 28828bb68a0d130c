"""The small YAML file that tells how to read somebody else's table of figures.

A mapping names columns in templates: `"{WardCode}"` is the text of that column in the row,
`"{MajorText|slug}.{MinorText|slug}"` joins two, `"crime.total"` without braces is the same for every
row, `"{@header}"` is the heading of the value's own column and `"{@sheet}"` the name of the sheet.
Which of unit, indicator and period uses `{@header}` decides the layout: none of them for a long file
(one value in a row), the period for a column per month, the indicator for a column per indicator.
"""

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from kieumau.indicators.imports.templates import HEADER, Template
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.text import nearest
from kieumau.kernel.yamlfile import BilingualError, Name, Shape, read, read_text

FOLDER = Path(__file__).resolve().parents[2] / "library" / "mappings"

DEFAULT_PATTERNS = (
    "YYYYMM",
    "YYYY-MM",
    "MM/YYYY",
    "Tháng MM/YYYY",
    "Tháng MM năm YYYY",
    "YYYY",
    "Năm YYYY",
    "Quý QQ/YYYY",
    "Quý QQ năm YYYY",
)


def _well_formed(text: str) -> str:
    Template.parse(text)
    return text


TemplateText = Annotated[str, AfterValidator(_well_formed)]


class Selector(Shape):
    """What unit, indicator and period have in common: a table of the file's own words."""

    table: dict[str, str] = Field(default_factory=dict)

    def template(self) -> Template:
        """The template whose text is looked up."""
        raise NotImplementedError

    def templates(self) -> list[Template]:
        """Every template of the selector."""
        return [self.template()]


def _one_of(code: str, name: str) -> None:
    if bool(code) == bool(name):
        raise BilingualError(
            "code-or-name", Text(vi="Cần đúng một trong hai: code hoặc name.", en="Give either code or name.")
        )


class UnitBy(Selector):
    """How a row names its unit: by code, or by name (within a parent given by code or name)."""

    code: TemplateText = ""
    name: TemplateText = ""
    within: TemplateText = ""
    register_: str = Field(default="", alias="register")

    @model_validator(mode="after")
    def _check(self) -> "UnitBy":
        _one_of(self.code, self.name)
        return self

    def template(self) -> Template:
        """The template of the code or of the name."""
        return Template.parse(self.code or self.name)

    def templates(self) -> list[Template]:
        """Both the unit's and the parent's."""
        return [self.template(), *([Template.parse(self.within)] if self.within else [])]


class IndicatorBy(Selector):
    """How a row names its indicator: by code, or by its Vietnamese or English name."""

    code: TemplateText = ""
    name: TemplateText = ""

    @model_validator(mode="after")
    def _check(self) -> "IndicatorBy":
        _one_of(self.code, self.name)
        return self

    def template(self) -> Template:
        """The template of the code or of the name."""
        return Template.parse(self.code or self.name)


def _usable(patterns: tuple[str, ...]) -> tuple[str, ...]:
    for pattern in patterns:
        tokens = re.findall("YYYY|MM|DD|QQ|HH", pattern)
        if "YYYY" not in tokens or len(tokens) > len(set(tokens)) or ("DD" in tokens and "MM" not in tokens):
            raise BilingualError(
                "bad-pattern",
                Text(
                    vi=f"Mẫu kỳ “{pattern}” cần YYYY và mỗi ký hiệu MM, QQ, HH, DD nhiều nhất một lần.",
                    en=f"The period pattern “{pattern}” needs YYYY, and each of MM, QQ, HH, DD at most once.",
                ),
            )
    return patterns


class PeriodBy(Selector):
    """How a row names its period: a template and the patterns its text may follow.

    The calendar and the kind of period are the indicator's own. A period's code (`2025-10`) always
    works, and so does a date cell that holds the first day of the month.
    """

    code: TemplateText
    patterns: Annotated[tuple[str, ...], AfterValidator(_usable)] = DEFAULT_PATTERNS

    def template(self) -> Template:
        """The template of the period's text."""
        return Template.parse(self.code)


class Values(Shape):
    """Where the numbers are: one column, a list of columns, or the rest (all that no template names).

    `otherwise` names a second column that says why there is no number where `column` is empty.
    """

    column: str = ""
    otherwise: str = ""
    columns: Literal["rest"] | tuple[str, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> "Values":
        if bool(self.column) == bool(self.columns):
            raise BilingualError(
                "column-or-columns",
                Text(vi="Cần đúng một trong hai: column hoặc columns.", en="Give either column or columns."),
            )
        if self.otherwise and not self.column:
            raise BilingualError(
                "otherwise-with-columns",
                Text(vi="otherwise chỉ đi cùng column.", en="otherwise goes with column only."),
            )
        return self


class Words(Shape):
    """Words that stand in a cell instead of a number; case and spaces do not count."""

    zero: tuple[str, ...] = ()
    missing: tuple[str, ...] = ("…", "...", "chưa có", "chưa có số liệu", "thiếu", "missing")
    not_applicable: tuple[str, ...] = ("-", "–", "—", "k/a", "n/a", "không áp dụng", "not applicable")
    refused: tuple[str, ...] = ("từ chối", "refused")


class UnitRow(Shape):
    """One unit that every file of this kind hangs its units under."""

    code: str
    name: str
    kind: str


class UnitLevel(Shape):
    """One level of units that the file itself names, by its columns."""

    kind: str
    code: TemplateText
    name: TemplateText


class UnitsSection(Shape):
    """Units made from the file: the root, then each level below the one before."""

    register_: str = Field(alias="register")
    valid_from: date = Field(alias="from")
    root: UnitRow
    levels: tuple[UnitLevel, ...] = Field(min_length=1)


class Mapping(Shape):
    """The whole mapping."""

    title: Name
    format: Literal["csv", "xlsx"] | None = None
    encoding: str = "utf-8-sig"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    sheets: Literal["first", "all"] | tuple[str, ...] = "first"
    skip_rows: int = Field(default=0, ge=0, le=1000)
    header_rows: int = Field(default=1, ge=0, le=5)
    ignore: tuple[str, ...] = ()
    ignore_rows: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    numbers: Literal["plain", "vi", "en"] = "plain"
    negatives: Literal["refused", "allowed"] = "refused"
    words: Words = Words()
    catalogue: str = ""
    units: UnitsSection | None = None
    unit: UnitBy
    indicator: IndicatorBy
    period: PeriodBy
    values: Values
    remarks: TemplateText = ""
    absent: Literal["none", "zero"] = "none"

    _name: str = PrivateAttr(default="")
    _folder: Path | None = PrivateAttr(default=None)

    @property
    def name(self) -> str:
        """The mapping's file name or shipped name, kept with every figure's source."""
        return self._name

    @property
    def catalogue_path(self) -> Path | None:
        """The catalogue beside the mapping's own file; None where it is the name of a shipped one."""
        path = self._folder / self.catalogue if self._folder and self.catalogue else None
        return path if path and path.is_file() else None

    @property
    def across(self) -> Literal["", "period", "indicator"]:
        """What the headings of the value columns name; empty for one value in a row."""
        if HEADER in self.period.template().names:
            return "period"
        return "indicator" if HEADER in self.indicator.template().names else ""

    @model_validator(mode="after")
    def _check(self) -> "Mapping":
        _known_encoding(self.encoding)
        by_header = [
            selector
            for selector in (self.unit, self.indicator, self.period)
            if any(HEADER in template.names for template in selector.templates())
        ]
        for selector in by_header:
            if any(template.columns for template in selector.templates()):
                raise BilingualError(
                    "header-with-columns",
                    Text(
                        vi="{@header} không ghép được với cột khác trong cùng một mẫu.",
                        en="{@header} cannot be joined with a column in one template.",
                    ),
                )
        if self.unit in by_header or len(by_header) != (0 if self.values.column else 1):
            raise BilingualError(
                "header-once",
                Text(
                    vi="Với columns, đúng một trong hai mục indicator hoặc period phải dùng {@header}; với "
                    "column thì không mục nào.",
                    en="With columns exactly one of indicator and period must use {@header}; "
                    "with column none.",
                ),
            )
        return self


def _known_encoding(encoding: str) -> None:
    if encoding.lower() in ("utf-8", "utf-8-sig", "windows-1258", "cp1258"):
        return
    old = encoding.lower() in ("tcvn3", "tcvn", "vni", "abc")
    raise BilingualError(
        "unknown-encoding",
        Text(
            vi=f"Không đọc được bảng mã “{encoding}”"
            + (": hãy chuyển tệp sang Unicode (UTF-8) trước, ví dụ bằng UniKey." if old else ".")
            + " Dùng utf-8, utf-8-sig hoặc windows-1258.",
            en=f"The encoding “{encoding}” is not read"
            + (": convert the file to Unicode (UTF-8) first, for example with UniKey." if old else ".")
            + " Use utf-8, utf-8-sig or windows-1258.",
        ),
    )


def shipped() -> list[str]:
    """Names of the mappings that come with the product."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def read_mapping(path: Path | str) -> Mapping:
    """The mapping in a file, or the shipped one of that name. Raises `Refused` with every problem."""
    given = Path(path)
    if not given.is_file() and str(path) in shipped():
        given = FOLDER / f"{path}.yaml"
    elif not given.is_file():
        near = nearest(given.stem, shipped())
        raise Refused(
            [
                Problem(
                    "unknown-mapping",
                    Text(
                        vi=f"Không có tệp ánh xạ “{given.name}”.", en=f"There is no mapping “{given.name}”."
                    ),
                    Text(vi=f"Có phải “{near[0]}”?", en=f"Did you mean “{near[0]}”?") if near else None,
                )
            ]
        )
    mapping = read(given, Mapping)
    mapping._name, mapping._folder = given.name, given.parent
    return mapping


def mapping_from_text(text: str, name: str = "mapping.yaml", folder: Path | None = None) -> Mapping:
    """The mapping in a YAML text; `folder` is where its catalogue is looked for. Raises `Refused`."""
    mapping = read_text(text, Mapping, name)
    mapping._name, mapping._folder = name, folder
    return mapping
