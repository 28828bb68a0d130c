"""`kieumau returns …`: forms, open periods, how complete they are, reminders."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from django.utils import timezone
from rich.table import Table

from kieumau.calendars.library import calendar, decode
from kieumau.cli.say import Json, Lang, as_json, language, out, refusals, tell
from kieumau.kernel.messages import Text
from kieumau.kernel.numbers import format_share
from kieumau.returns.actions import load_form, open_periods, remind
from kieumau.returns.files import shipped_forms
from kieumau.returns.models import Deadline
from kieumau.returns.queries import rates
from kieumau.returns.rules import Timeliness

app = typer.Typer(no_args_is_help=True, help="Báo cáo số liệu · Returns")
ACTOR = "kieumau returns"
On = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Mặc định: hôm nay · default: today")]


@app.command("load-form")
def load_form_(
    form: Annotated[
        list[str], typer.Argument(help="Tệp YAML hoặc biểu mẫu có sẵn · file or shipped form; `all`")
    ],
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Nạp biểu mẫu và nghĩa vụ báo cáo · Load forms with who owes them."""
    wanted = shipped_forms() if form == ["all"] else form
    with refusals(lang, json_):
        loaded = [
            load_form(name if name in shipped_forms() else Path(name), actor=ACTOR, now=timezone.now())
            for name in wanted
        ]
    if json_:
        as_json([{"code": one.code, "version": one.version} for one in loaded])
        return
    for one in loaded:
        tell(
            f"{one.code}, phiên bản {one.version}: {one.title_vi}",
            f"{one.code}, version {one.version}: {one.title_en}",
            lang,
        )


@app.command("open")
def open_(
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Mở cả kỳ cũ, từ ngày · open older periods too, from"),
    ] = None,
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Mở các kỳ đã kết thúc; chạy hằng ngày · Open the periods that have ended; run it daily."""
    with refusals(lang, json_):
        opened = open_periods(actor=ACTOR, now=timezone.now(), since=since.date() if since else None)
    if json_:
        as_json({"deadlines": opened.deadlines, "returns": opened.returns, "dropped": opened.dropped})
        return
    tell(
        f"Mở {opened.deadlines} kỳ, {opened.returns} báo cáo; bỏ {opened.dropped} báo cáo trống.",
        f"Opened {opened.deadlines} periods, {opened.returns} returns; dropped {opened.dropped} empty ones.",
        lang,
    )


@app.command("status")
def status(json_: Json = False, lang: Lang = "") -> None:
    """Đầy đủ và đúng hạn của các kỳ gần đây · How complete and timely the latest periods are."""
    deadlines = list(Deadline.objects.select_related("obligation__form", "period")[:12])
    found = rates([one.pk for one in deadlines], timezone.now())
    if json_:
        as_json(
            [
                {
                    "form": one.obligation.form.code,
                    "level": one.obligation.get_level_display(),
                    "period": str(one.period.code),
                    "due_at": one.due_at.isoformat(),
                    **{kind.value: found[one.pk, None].of(kind) for kind in Timeliness},
                }
                for one in deadlines
                if (one.pk, None) in found
            ]
        )
        return
    speaks = language(lang)
    names = Text(
        vi="Kỳ|Biểu mẫu|Phải nộp|Đúng hạn|Muộn|Chưa có|Đầy đủ",
        en="Period|Form|Owed|On time|Late|Missing|Complete",
    )
    table = Table(*names.in_(speaks).split("|"))
    for one in deadlines:
        if (rate := found.get((one.pk, None))) is None:
            continue
        window = decode(one.period_id)
        table.add_row(
            calendar(window.calendar).label(window).in_(speaks),
            f"{one.obligation.form.code} ({one.obligation.get_level_display()})",
            str(rate.owed),
            str(rate.of(Timeliness.ON_TIME)),
            str(rate.of(Timeliness.LATE)),
            str(rate.of(Timeliness.MISSING) + rate.of(Timeliness.NOT_DUE) + rate.of(Timeliness.TAKEN_BACK)),
            "–" if rate.complete is None else format_share(rate.complete, speaks, 1),
        )
    out.print(table)


@app.command("remind")
def remind_(
    on: On = None,
    days: Annotated[int, typer.Option(help="Trước hạn mấy ngày làm việc · working days ahead")] = 1,
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Ghi và in các lời nhắc mới · Write down and print the reminders that are new."""
    now = timezone.now()
    day: date = on.date() if on else timezone.localdate(now)
    with refusals(lang, json_):
        made = remind(on=day, now=now, days_ahead=days)
    if json_:
        as_json(
            [
                {"kind": one.kind, "unit": one.unit, "form": one.form_code, "due_on": one.due_on.isoformat()}
                for one in made
            ]
        )
        return
    if not made:
        tell("Không có lời nhắc mới.", "There are no new reminders.", lang)
    for one in made:
        label = calendar(decode(one.period_id).calendar).label(decode(one.period_id))
        late = one.kind == "overdue"
        tell(
            f"{'Quá hạn' if late else 'Sắp đến hạn'}: {one.unit}, {label.vi}, hạn {one.due_on:%d/%m/%Y}",
            f"{'Overdue' if late else 'Due soon'}: {one.unit}, {label.en}, due {one.due_on:%Y-%m-%d}",
            lang,
        )
