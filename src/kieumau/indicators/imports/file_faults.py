"""What can be wrong with a file of figures as a whole, in words: reason and what to do, in both languages.

Every function gives a `Problem` without a place; `at` adds it.
"""

from collections.abc import Sequence
from dataclasses import replace

from kieumau.kernel.messages import Place, Problem, Text


def at(
    problem: Problem, file: str = "", sheet: str = "", row: int | None = None, column: str = ""
) -> Problem:
    """The same problem with its place."""
    return replace(problem, place=Place(file, sheet, row, column))


def did_you_mean(words: Sequence[str]) -> Text | None:
    """Suggest known words, best first."""
    if not words:
        return None
    vi = " hoặc ".join(f"“{word}”" for word in words)
    en = " or ".join(f"“{word}”" for word in words)
    return Text(vi=f"Có phải {vi}?", en=f"Did you mean {en}?")


# the file as a whole ------------------------------------------------------------------------------


def no_such_file(name: str) -> Problem:
    """Nothing there."""
    return Problem("no-such-file", Text(vi=f"Không có tệp “{name}”.", en=f"There is no file “{name}”."))


def empty_file() -> Problem:
    """Not one byte, or not one filled row."""
    return Problem("empty-file", Text(vi="Tệp trống.", en="The file is empty."))


def header_only() -> Problem:
    """Headings and no rows below them."""
    return Problem(
        "header-only",
        Text(vi="Chỉ có dòng tiêu đề, không có số liệu.", en="There are headings but no rows below them."),
        Text(
            vi="Kiểm tra skip_rows và header_rows trong ánh xạ.",
            en="Check skip_rows and header_rows in the mapping.",
        ),
    )


def too_large(size: int, limit: int) -> Problem:
    """More bytes than the limit."""
    mega, most = f"{size / (1 << 20):.0f}", f"{limit / (1 << 20):.0f}"
    return Problem(
        "too-large",
        Text(
            vi=f"Tệp có {mega} MB, mức cho phép là {most} MB.",
            en=f"The file has {mega} MB; {most} MB are allowed.",
        ),
        Text(
            vi="Chia tệp theo kỳ hoặc theo tỉnh, hoặc nâng KIEUMAU_IMPORT_LIMITS.",
            en="Split it by period or by province, or raise KIEUMAU_IMPORT_LIMITS.",
        ),
    )


def unpacks_too_large(size: int, limit: int) -> Problem:
    """A workbook whose content is larger than allowed: a zip bomb, or simply too much."""
    mega, most = f"{size / (1 << 20):.0f}", f"{limit / (1 << 20):.0f}"
    return Problem(
        "too-large",
        Text(
            vi=f"Nội dung sổ tính sau khi giải nén là {mega} MB, mức cho phép là {most} MB.",
            en=f"The workbook unpacks to {mega} MB; {most} MB are allowed.",
        ),
        Text(vi="Chia tệp, hoặc lưu thành CSV.", en="Split it, or save it as CSV."),
    )


def too_many_cells(rows: int, columns: int, limit: int) -> Problem:
    """A sheet whose used area is too large, often by one stray cell far away."""
    return Problem(
        "too-large",
        Text(
            vi=f"Vùng dùng của trang là {rows} dòng × {columns} cột, quá {limit} ô.",
            en=f"The sheet's used area is {rows} rows × {columns} columns, over {limit} cells.",
        ),
        Text(
            vi="Xóa các ô lạc ở xa bảng (chọn cả dòng, cả cột rồi xóa) và lưu lại.",
            en="Delete stray cells far from the table (whole rows, whole columns) and save it again.",
        ),
    )


def too_many_columns(columns: int, limit: int) -> Problem:
    """Wider than any table of figures."""
    return Problem(
        "too-many-columns",
        Text(
            vi=f"Có {columns} cột, mức cho phép là {limit}.",
            en=f"There are {columns} columns; {limit} are allowed.",
        ),
        Text(vi="Chia bảng theo kỳ hoặc chỉ tiêu.", en="Split the table by period or indicator."),
    )


def too_many_values(limit: int) -> Problem:
    """More values in one file than are read at once."""
    return Problem(
        "too-many-values",
        Text(vi=f"Tệp có hơn {limit} giá trị.", en=f"The file holds more than {limit} values."),
        Text(vi="Chia tệp theo kỳ hoặc theo tỉnh.", en="Split it by period or by province."),
    )


def protected() -> Problem:
    """An encrypted workbook."""
    return Problem(
        "password-protected",
        Text(vi="Sổ tính có mật khẩu.", en="The workbook is protected by a password."),
        Text(
            vi="Mở bằng Excel, bỏ mật khẩu (Tệp → Thông tin → Bảo vệ) rồi lưu lại.",
            en="Open it in Excel, remove the password (File → Info → Protect) and save it again.",
        ),
    )


def old_workbook() -> Problem:
    """The binary format of Excel before 2007."""
    return Problem(
        "old-workbook",
        Text(vi="Đây là sổ tính dạng cũ (.xls).", en="This is a workbook of the old kind (.xls)."),
        Text(vi="Lưu lại thành .xlsx hoặc .csv.", en="Save it as .xlsx or .csv."),
    )


def web_page() -> Problem:
    """A page of HTML or XML under the name of a table."""
    return Problem(
        "web-page",
        Text(
            vi="Tệp là trang web (HTML/XML), không phải là bảng.",
            en="The file is a web page (HTML or XML), not a table.",
        ),
        Text(vi="Mở bằng Excel và lưu thành .xlsx.", en="Open it in Excel and save it as .xlsx."),
    )


def wrong_ending(ending: str, is_really: str, rename_to: str) -> Problem:
    """Content and name (or mapping) disagree."""
    return Problem(
        "wrong-ending",
        Text(
            vi=f"Nội dung là {is_really}, không như tên tệp “{ending}” hoặc ánh xạ nói.",
            en=f"The content is {is_really}, not what the name “{ending}” or the mapping says.",
        ),
        Text(vi=f"Đổi đuôi tệp thành {rename_to}.", en=f"Rename the file to end in {rename_to}."),
    )


def broken_workbook() -> Problem:
    """A ZIP container that breaks off or does not hold together."""
    return Problem(
        "truncated-file",
        Text(vi="Sổ tính bị cụt hoặc hỏng.", en="The workbook is truncated or damaged."),
        Text(vi="Tải hoặc chép lại tệp.", en="Download or copy it again."),
    )


def not_a_workbook() -> Problem:
    """A ZIP that holds no XLSX workbook."""
    return Problem(
        "not-a-workbook",
        Text(vi="Tệp nén này không phải là sổ tính XLSX.", en="This archive is not an XLSX workbook."),
        Text(vi="Lưu lại thành .xlsx.", en="Save it as .xlsx."),
    )


def errors_somewhere(shown: str) -> Problem:
    """Error cells in a sheet that does not say where its cells stand."""
    return Problem(
        "error-cell",
        Text(vi=f"Trang có ô báo lỗi {shown}.", en=f"The sheet has cells that show the error {shown}."),
        Text(
            vi="Mở bằng Excel hoặc LibreOffice, sửa và lưu lại.",
            en="Open it in Excel or LibreOffice, repair it and save it again.",
        ),
    )


def unknown_sheet(name: str, near: Sequence[str]) -> Problem:
    """The mapping names a sheet that is not there."""
    return Problem(
        "unknown-sheet",
        Text(vi=f"Không có trang “{name}”.", en=f"There is no sheet “{name}”."),
        did_you_mean(near),
    )


def nul_byte(start: bytes) -> Problem:
    """A zero byte in text: UTF-16, or no text at all."""
    utf16 = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    return Problem(
        "wrong-encoding" if utf16 else "nul-byte",
        Text(vi="Tệp là UTF-16 (“Unicode Text”).", en="The file is UTF-16 (“Unicode Text”).")
        if utf16
        else Text(
            vi="Tệp có byte 0: không phải là văn bản.", en="The file holds a zero byte: it is not text."
        ),
        Text(vi="Lưu lại thành “CSV UTF-8”.", en="Save it as “CSV UTF-8”."),
    )


def wrong_encoding(encoding: str) -> Problem:
    """Bytes that the declared encoding does not know."""
    other = "utf-8" if "1258" in encoding else "windows-1258"
    return Problem(
        "wrong-encoding",
        Text(vi=f"Tệp không theo bảng mã {encoding}.", en=f"The file is not {encoding} text."),
        Text(
            vi=f"Lưu lại thành “CSV UTF-8”, hoặc đặt encoding: {other} trong ánh xạ. "
            "TCVN3, VNI phải chuyển mã trước.",
            en=f"Save it as “CSV UTF-8”, or set encoding: {other} in the mapping. "
            "Convert TCVN3 or VNI first.",
        ),
    )


def broken_quotes(detail: str) -> Problem:
    """Quotes that do not match; after them nothing can be trusted."""
    unfinished = "unexpected end" in detail or "field limit" in detail
    return Problem(
        "truncated-file" if unfinished else "broken-quotes",
        Text(
            vi="Dấu nháy mở mà không đóng: tệp bị cụt hoặc thiếu dấu nháy.",
            en="A quote opens and never closes: the file is truncated, or a quote is missing.",
        )
        if unfinished
        else Text(vi="Dấu nháy không khớp trong dòng này.", en="The quotes in this row do not match."),
        Text(
            vi='Dấu nháy bên trong ô phải viết đôi (""). Sau dòng này tệp không được đọc.',
            en='A quote inside a cell is written twice (""). The file is not read after this row.',
        ),
    )
