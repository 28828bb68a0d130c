"""`kieumau calendar …`: the days that are off, and those worked instead."""

from datetime import date, datetime
from typing import Annotated

import typer
from django.utils import timezone
from rich.table import Table

from kieumau.calendars.days_off import (
    clear_day,
    load_days_off,
    set_day,
    special_days,
    unfilled_years,
)
from kieumau.calendars.models import SpecialDay
from kieumau.cli.say import Json, Lang, as_json, language, out, refusals, tell
from kieumau.kernel.messages import Text

app = typer.Typer(no_args_is_help=True, help="Lịch, ngày nghỉ · Calendars, days off")
days_off = typer.Typer(no_args_is_help=True, help="Ngày nghỉ, ngày làm bù · Days off, days made up")
app.add_typer(days_off, name="days-off")
ACTOR = "kieumau calendar"
KINDS = {False: Text(vi="nghỉ", en="off"), True: Text(vi="làm bù", en="worked")}
Year = Annotated[int | None, typer.Option(help="Mặc định: năm nay · default: this year")]
Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="2026-01-02")]


@days_off.command("list")
def list_(year: Year = None, json_: Json = False, lang: Lang = "") -> None:
    """Các ngày nghỉ và làm bù của một năm · Days off and days made up of a year."""
    year = year or timezone.localdate().year
    rows = special_days(date(year, 1, 1), date(year, 12, 31))
    if json_:
        as_json([_plain(row) for row in rows])
        return
    if unfilled_years([year]):
        tell(
            f"Chưa có ngày nghỉ nào của năm {year}: chạy `kieumau calendar days-off load --year {year}`.",
            f"No days off of {year} yet: run `kieumau calendar days-off load --year {year}`.",
            lang,
        )
        return
    table = Table()
    for name in (Text(vi="Ngày", en="Day"), Text(vi="Loại", en="Kind"), Text(vi="Tên", en="Name")):
        table.add_column(name.in_(language(lang)))
    table.add_column(Text(vi="Căn cứ", en="Source").in_(language(lang)))
    for row in rows:
        called = Text(vi=row.name_vi, en=row.name_en).in_(language(lang))
        table.add_row(f"{row.on:%Y-%m-%d}", KINDS[row.is_working].in_(language(lang)), called, row.source)
    out.print(table)


@days_off.command("load")
def load(
    year: Annotated[list[int] | None, typer.Option(help="Năm, lặp lại được · may be repeated")] = None,
    country: Annotated[str, typer.Option(help="Mã nước · code of the country")] = "VN",
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Điền lần đầu từ gói `holidays` · First filling from the package `holidays`."""
    now = timezone.now()
    this_year = timezone.localdate(now).year
    with refusals(lang, json_):
        filled = load_days_off(
            year or range(this_year - 3, this_year + 2), actor=ACTOR, now=now, country=country
        )
    if json_:
        as_json({"added": filled.added, "changed": filled.changed, "kept": filled.kept})
        return
    tell(
        f"Thêm {filled.added} ngày, sửa {filled.changed}, giữ {filled.kept} ngày do người sửa. "
        "Hãy đối chiếu với thông báo nghỉ lễ hằng năm.",
        f"Added {filled.added} days, changed {filled.changed}, kept {filled.kept} that people wrote. "
        "Compare them with the yearly decision.",
        lang,
    )


@days_off.command("set")
def set_(
    on: Day,
    kind: Annotated[str, typer.Argument(help="off | worked | plain")],
    name: Annotated[str, typer.Option(help="Tên ngày · name in Vietnamese")] = "",
    name_en: Annotated[str, typer.Option("--name-en", help="Tên tiếng Anh · name in English")] = "",
    source: Annotated[str, typer.Option(help="Căn cứ: văn bản nào · which decision")] = "",
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Ghi một ngày: nghỉ, làm bù, hay như thường · One day: off, worked, or plain again."""
    now = timezone.now()
    if kind not in {"off", "worked", "plain"}:
        raise typer.BadParameter("off | worked | plain")
    with refusals(lang, json_):
        if kind == "plain":
            clear_day(on.date(), actor=ACTOR, now=now)
        else:
            text = Text(vi=name, en=name_en or name)
            is_working = kind == "worked"
            set_day(on.date(), is_working=is_working, name=text, source=source, actor=ACTOR, now=now)
    if json_:
        as_json([_plain(row) for row in special_days(on.date(), on.date())])
    else:
        tell("Đã ghi.", "Written.", lang)


def _plain(row: SpecialDay) -> dict[str, str | int]:
    kind = "worked" if row.is_working else "off"
    return {
        "on": row.on.isoformat(),
        "kind": kind,
        "vi": row.name_vi,
        "en": row.name_en,
        "source": row.source,
        "version": row.version,
    }
