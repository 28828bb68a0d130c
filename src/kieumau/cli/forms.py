"""`kieumau figures form` and `kieumau figures take-form`: workbooks out to be filled in, and back."""

from pathlib import Path
from typing import Annotated

import typer

from kieumau.cli.say import Lang, language, refusals, show_problems, tell
from kieumau.exports.forms.making import ask_form, make_sheets
from kieumau.exports.forms.taking import take_form
from kieumau.exports.forms.writing import write_form


def form(
    output: Annotated[Path, typer.Option("-o", "--output", help="Tệp XLSX · XLSX file")],
    unit: Annotated[str, typer.Option(help="Mã xã, hoặc tỉnh cho mọi xã · commune, or province for all")],
    period: Annotated[str, typer.Option(help="Kỳ · period: 2026-11")],
    form_: Annotated[str, typer.Option("--form", help="Mã biểu mẫu · form code")] = "vn-commune-month",
    lang: Lang = "",
) -> None:
    """Tạo mẫu Excel để điền · An XLSX form with the right cells open."""
    with refusals(lang):
        asked = ask_form(form=form_, period=period, unit=unit)
        output.write_bytes(write_form(make_sheets(asked, language(lang)), language(lang)))
    count = len(asked.units)
    tell(f"Đã ghi {output.name}: {count} trang.", f"Wrote {output.name}: {count} sheets.", lang)


def take(
    file: Annotated[Path, typer.Argument(help="Mẫu đã điền · the filled form")],
    returned: Annotated[
        str, typer.Option(help="Tệp trả lại nếu có lỗi · where to write the marked workbook")
    ] = "",
    lang: Lang = "",
) -> None:
    """Nhận mẫu đã điền; sai thì trả lại, ô sai được đánh dấu · Take a filled form, or return it marked."""
    with refusals(lang):
        taken = take_form(file, actor="kieumau figures", language=language(lang))
    report = taken.report
    if taken.returned is None:
        tell(
            f"Đã lưu: {report.inserted} mới, {report.revised} thay đổi, {report.unchanged} giữ nguyên.",
            f"Stored: {report.inserted} new, {report.revised} revised, {report.unchanged} unchanged.",
            lang,
        )
        return
    show_problems(report.problems, lang)
    path = Path(returned) if returned else file.with_name(f"{file.stem}-sua.xlsx")
    path.write_bytes(taken.returned)
    tell(f"Chưa lưu gì. Các ô sai: {path.name}.", f"Nothing was stored. Wrong cells: {path.name}.", lang)
    raise typer.Exit(1)
