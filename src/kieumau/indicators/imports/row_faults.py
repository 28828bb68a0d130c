"""What can be wrong with headings, rows, units and indicators of a file, in words.

Every function gives a `Problem` without a place. Faults of a single cell stand beside the reading of
cells, faults of periods beside theirs.
"""

from collections.abc import Sequence

from kieumau.indicators.imports.file_faults import did_you_mean
from kieumau.kernel.messages import Problem, Text

# headings and rows --------------------------------------------------------------------------------


def short_row(cells: int, headings: int, is_last: bool) -> Problem:
    """Fewer cells than headings; at the end of a file the sign of a truncated one."""
    return Problem(
        "truncated-file" if is_last else "short-row",
        Text(
            vi=f"Dòng có {cells} ô, tiêu đề có {headings}.",
            en=f"The row has {cells} cells, the heading {headings}.",
        ),
        Text(vi="Tệp có thể bị cụt: tải lại.", en="The file may be truncated: fetch it again.")
        if is_last
        else Text(
            vi="Thêm các ô còn thiếu (để trống nếu không có số liệu).",
            en="Add the missing cells (empty where there is no figure).",
        ),
    )


def long_row(cells: int, headings: int) -> Problem:
    """More cells than headings: often a comma in an unquoted number."""
    return Problem(
        "long-row",
        Text(
            vi=f"Dòng có {cells} ô, tiêu đề có {headings}.",
            en=f"The row has {cells} cells, the heading {headings}.",
        ),
        Text(
            vi="Số có dấu phẩy (1,061.5) phải để trong dấu nháy.",
            en="A number with a comma (1,061.5) must stand in quotes.",
        ),
    )


def missing_column(name: str, near: Sequence[str], one_column: bool) -> Problem:
    """The mapping names a column that is not there."""
    hint = (
        Text(
            vi="Tệp chỉ có một cột: kiểm tra delimiter trong ánh xạ (“,”, “;” hay tab).",
            en="The file has one column only: check delimiter in the mapping (“,”, “;” or tab).",
        )
        if one_column
        else did_you_mean(near)
    )
    return Problem(
        "missing-column", Text(vi=f"Không có cột “{name}”.", en=f"There is no column “{name}”."), hint
    )


def repeated_heading(name: str, letters: str) -> Problem:
    """Two columns of the same name, one of which is used."""
    return Problem(
        "repeated-heading",
        Text(
            vi=f"Tiêu đề “{name}” có ở nhiều cột ({letters}).",
            en=f"The heading “{name}” stands over columns {letters}.",
        ),
        Text(vi="Đổi tên hoặc bỏ một cột.", en="Rename or remove one of them."),
    )


def no_value_columns() -> Problem:
    """Every column has another use."""
    return Problem(
        "no-values",
        Text(vi="Không còn cột nào chứa số liệu.", en="No column is left that could hold values."),
        Text(
            vi="Kiểm tra values, ignore và header_rows trong ánh xạ.",
            en="Check values, ignore and header_rows in the mapping.",
        ),
    )


def no_heading() -> Problem:
    """Values below an empty heading."""
    return Problem(
        "no-heading",
        Text(
            vi="Có số liệu nhưng cột không có tiêu đề.", en="There are values but the column has no heading."
        ),
        Text(vi="Ghi tiêu đề, hoặc bỏ cột.", en="Give it a heading, or remove the column."),
    )


def merged_heading(letters: str) -> Problem:
    """One heading cell over several columns, read as a single row of headings."""
    return Problem(
        "merged-heading",
        Text(vi=f"Ô tiêu đề gộp trên các cột {letters}.", en=f"A merged heading spans columns {letters}."),
        Text(
            vi="Bỏ gộp ô, hoặc đặt header_rows: 2 nếu tiêu đề có hai dòng.",
            en="Unmerge it, or set header_rows: 2 where the headings take two rows.",
        ),
    )


def repeated_figure(other: str, row: int, sheet: str) -> Problem:
    """The same unit, indicator and period twice in one file."""
    vi_sheet, en_sheet = (f", trang “{sheet}”", f" on sheet “{sheet}”") if sheet else ("", "")
    return Problem(
        "repeated-figure",
        Text(
            vi=f"Số liệu {other} đã có ở dòng {row}{vi_sheet}.",
            en=f"The figure {other} already stands in row {row}{en_sheet}.",
        ),
        Text(vi="Giữ một dòng.", en="Keep one of the two rows."),
    )


def two_answers() -> Problem:
    """A number, and beside it a word that says that there is none."""
    return Problem(
        "two-answers",
        Text(
            vi="Vừa có số, vừa ghi là không có số.",
            en="There is a number, and a word that says there is none.",
        ),
        Text(vi="Xóa một trong hai ô.", en="Empty one of the two cells."),
    )


# units, indicators --------------------------------------------------------------------------------


def unknown_unit(name: str, near: Sequence[str], dropped_zeros: str = "") -> Problem:
    """No unit of that code or name, ever."""
    hint = did_you_mean(near)
    if dropped_zeros:
        pad = f"|pad:{len(dropped_zeros)}"
        hint = Text(
            vi=f"Có phải “{dropped_zeros}”? Excel bỏ số 0 đứng đầu: dùng bộ lọc {pad}.",
            en=f"Did you mean “{dropped_zeros}”? Excel drops leading zeros: use the filter {pad}.",
        )
    reason = (
        Text(vi=f"Không có đơn vị “{name}”.", en=f"There is no unit “{name}”.")
        if name
        else Text(vi="Thiếu đơn vị.", en="The unit is missing.")
    )
    return Problem("unknown-unit", reason, hint)


def ambiguous_unit(name: str, codes: Sequence[str]) -> Problem:
    """Several units answer to the name or code."""
    found = ", ".join(codes[:6])
    return Problem(
        "ambiguous-unit",
        Text(vi=f"“{name}” có thể là nhiều đơn vị: {found}.", en=f"“{name}” may be several units: {found}."),
        Text(
            vi="Dùng mã, thêm within (tỉnh, quận) hoặc register trong ánh xạ.",
            en="Use the code, or add within (province, borough) or register in the mapping.",
        ),
    )


def unit_elsewhere(name: str, within: str, labels: Sequence[str]) -> Problem:
    """A unit of that name exists, but not below that parent."""
    found = ", ".join(labels[:6])
    return Problem(
        "unknown-unit",
        Text(
            vi=f"Không có đơn vị “{name}” thuộc “{within}”.",
            en=f"There is no unit “{name}” within “{within}”.",
        ),
        Text(vi=f"Nơi khác có: {found}.", en=f"Elsewhere there is: {found}."),
    )


def unit_not_there(label: str, spans: Text, successors: Sequence[str]) -> Problem:
    """The unit is known but did not exist in the period."""
    next_ones = ", ".join(successors)
    return Problem(
        "unit-not-in-period",
        Text(
            vi=f"{label} không có trong kỳ này: tồn tại {spans.vi}.",
            en=f"{label} did not exist in this period: it existed {spans.en}.",
        ),
        Text(vi=f"Kế tiếp: {next_ones}.", en=f"Succeeded by: {next_ones}.") if next_ones else None,
    )


def unknown_indicator(name: str, near: Sequence[str]) -> Problem:
    """No indicator of that code or name."""
    reason = (
        Text(vi=f"Không có chỉ tiêu “{name}”.", en=f"There is no indicator “{name}”.")
        if name
        else Text(vi="Thiếu chỉ tiêu.", en="The indicator is missing.")
    )
    return Problem("unknown-indicator", reason, did_you_mean(near))


def ambiguous_indicator(name: str, codes: Sequence[str]) -> Problem:
    """Several indicators have that name."""
    found = ", ".join(codes[:6])
    return Problem(
        "ambiguous-indicator",
        Text(
            vi=f"“{name}” có thể là nhiều chỉ tiêu: {found}.",
            en=f"“{name}” may be several indicators: {found}.",
        ),
        Text(vi="Dùng mã chỉ tiêu.", en="Use the indicator's code."),
    )


def derived_indicator(code: str, formula: str) -> Problem:
    """Values for an indicator that is computed."""
    return Problem(
        "derived-indicator",
        Text(
            vi=f"Chỉ tiêu “{code}” được tính ({formula}), không nhập.",
            en=f"The indicator “{code}” is computed ({formula}), not entered.",
        ),
        Text(
            vi="Đưa cột này vào ignore, hoặc bỏ các dòng này.",
            en="Put the column under ignore, or remove these rows.",
        ),
    )


def conflicting_unit(code: str, first: str, now: str) -> Problem:
    """The file names one unit in two ways."""
    return Problem(
        "conflicting-unit",
        Text(
            vi=f"Đơn vị {code} ở trên là “{first}”, ở đây là “{now}”.",
            en=f"Unit {code} is “{first}” above and “{now}” here.",
        ),
        Text(vi="Một mã chỉ có một tên và một đơn vị cấp trên.", en="One code has one name and one parent."),
    )
