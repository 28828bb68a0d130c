"""`kieumau rounds …`: open a round of assessment, and see how far rounds are."""

from datetime import date
from typing import Annotated

import typer
from rich.table import Table

from kieumau.assessments.setting import period_id
from kieumau.calendars.library import calendar, decode
from kieumau.calendars.models import Period
from kieumau.calendars.working_days import ONE_DAY
from kieumau.cli.clock import day_of
from kieumau.cli.clock import now as this_moment
from kieumau.cli.say import Json, Lang, as_json, language, out, refusals, tell
from kieumau.criteria.queries import for_period
from kieumau.kernel.days import in_words
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.programmes.models import Programme
from kieumau.rounds.actions import Wish, cancel, extend_each, named, prepare
from kieumau.rounds.again import OpensAgain, elsewhere
from kieumau.rounds.jobs import open_soon, prepare_anew
from kieumau.rounds.models import Dossier, Round
from kieumau.rounds.overtaking import gone_past
from kieumau.rounds.rules import Stage
from kieumau.rounds.words import STAGE_NAMES
from kieumau.units.models import Level
from kieumau.units.queries import root, term

app = typer.Typer(no_args_is_help=True, help="Đợt đánh giá · Rounds of assessment")
ACTOR = "kieumau rounds"
ALL = [Stage.SELF.key, Stage.VERIFICATION.key, Stage.APPRAISAL.key]
MOST = 20


@app.command("open")
def open_(
    criteria_set: Annotated[str, typer.Argument(metavar="SET", help="Mã bộ tiêu chí · code of a set")],
    period: Annotated[str, typer.Option("--period", help="Kỳ · period: 2026, 2026-H2")],
    name: Annotated[str, typer.Option("--name", help="Tên đợt · its name")],
    area: Annotated[str, typer.Option("--area", help="Mã địa bàn; mặc định: cả nước · unit code")] = "",
    programme: Annotated[str, typer.Option("--programme", help="Mã chương trình · programme's code")] = "",
    kind: Annotated[list[str] | None, typer.Option("--kind", help="Loại đơn vị: phuong, xa · kinds")] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Chỉ các đơn vị (thí điểm) · pilots")
    ] = None,
    stage: Annotated[list[str] | None, typer.Option("--stage", help=f"Giai đoạn · {', '.join(ALL)}")] = None,
    due: Annotated[
        list[str] | None, typer.Option("--due", help="self=2026-12-15, verification@province=2026-12-20")
    ] = None,
    here: Annotated[bool, typer.Option("--here", help="Chuẩn bị ngay · prepare it right here")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Dù đơn vị đã có hồ sơ ở đợt khác · though units have a dossier")
    ] = False,
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Mở một đợt; `kieumau worker` chuẩn bị · Open a round; `kieumau worker` prepares it."""
    now = this_moment()
    with refusals(lang, json_):
        found, window = for_period(criteria_set, period)
        asked = Period.objects.select_related("calendar").get(pk=period_id(found, window))
        on = calendar(window.calendar).last_day(window)
        wish = Wish(
            name=name,
            criteria_set=found,
            period=asked,
            area_id=(term(area, on) if area else root(on)).unit_id,
            stages=tuple(_stage(one) for one in stage or ALL),
            programme=_programme(programme),
            kinds=tuple(kind or ()),
            only=named([term(one, on).unit_id for one in only]) if only else None,
            deadlines=dict(_deadline(one) for one in due or () if "@" not in one),
            by_level=dict(_level_deadline(one) for one in due or () if "@" in one),
        )
        if not again and (there := elsewhere(wish)):
            raise OpensAgain(there)
        made = open_soon(wish, actor=ACTOR, now=now)
        if here:
            made = prepare(made.pk, now=now)
    if json_:
        as_json({"round": made.pk, "state": made.state, "expected": made.expected_count})
        return
    tell(
        f"Đợt {made.pk}: {made.expected_count} hồ sơ, {_STATES[made.state].vi}.",
        f"Round {made.pk}: {made.expected_count} dossiers, {_STATES[made.state].en}.",
        lang,
    )


@app.command("status")
def status(json_: Json = False, lang: Lang = "") -> None:
    """Các đợt gần đây · The latest rounds: how many dossiers are there, how many are expected."""
    rounds = list(Round.objects.select_related("criteria_set").order_by("-pk")[:MOST])
    ready = {one.pk: Dossier.objects.filter(round=one).count() for one in rounds}
    if json_:
        as_json(
            [
                {
                    "round": one.pk,
                    "name": one.name,
                    "state": one.state,
                    "ready": ready[one.pk],
                    "expected": one.expected_count,
                }
                for one in rounds
            ]
        )
        return
    speaks = language(lang)
    heads = Text(vi="Số|Tên|Bộ tiêu chí|Kỳ|Hồ sơ|Tình trạng", en="Id|Name|Set|Period|Dossiers|State")
    table = Table(*heads.in_(speaks).split("|"))
    for one in rounds:
        window = decode(one.period_id)
        table.add_row(
            str(one.pk),
            one.name,
            str(one.criteria_set),
            calendar(window.calendar).label(window).in_(speaks),
            f"{ready[one.pk]}/{one.expected_count}",
            _STATES[one.state].in_(speaks),
        )
    out.print(table)


Number = Annotated[int, typer.Argument(metavar="ROUND", help="Số của đợt · id of the round")]
Reason = Annotated[str, typer.Option("--reason", help="Lý do · why")]


@app.command("cancel")
def cancel_(round_id: Number, reason: Reason, lang: Lang = "") -> None:
    """Hủy một đợt chưa mở · Cancel a round that is not open yet."""
    with refusals(lang):
        made = cancel(_round(round_id), reason=reason, actor=ACTOR, now=this_moment())
    tell(f"Đã hủy đợt {made.pk}.", f"Round {made.pk} is cancelled.", lang)


@app.command("prepare-anew")
def prepare_anew_(round_id: Number, reason: Reason, lang: Lang = "") -> None:
    """Chuẩn bị lại một đợt chưa mở · Prepare a round that is not open yet anew, with the units of now."""
    with refusals(lang):
        made = prepare_anew(_round(round_id), reason=reason, actor=ACTOR, now=this_moment())
    tell(
        f"Đợt {made.pk} được chuẩn bị lại: {made.expected_count} hồ sơ.",
        f"Round {made.pk} is prepared anew: {made.expected_count} dossiers.",
        lang,
    )


@app.command("extend")
def extend_(
    round_id: Number,
    reason: Reason,
    stage: Annotated[str, typer.Option("--stage", help="Giai đoạn · self, verification, appraisal")],
    until: Annotated[str, typer.Option("--until", help="Hạn mới · the new last day")],
    unit: Annotated[
        list[str] | None, typer.Option("--unit", help="Mã địa bàn hay đơn vị; mặc định: cả đợt · unit codes")
    ] = None,
    lang: Lang = "",
) -> None:
    """Gia hạn một giai đoạn · Give a stage of a round more time, everywhere or in some areas and units."""
    with refusals(lang):
        made = _round(round_id)
        on = made.period.ends_before - ONE_DAY
        given = extend_each(
            made,
            stage=_stage(stage),
            area_ids=[term(one, on).unit_id for one in unit or ()] or [made.area_id],
            due_on=day_of(until),
            reason=reason,
            actor=ACTOR,
            now=this_moment(),
        )
    day = given[0].due_on
    tell(
        f"Đợt {made.pk}: gia hạn bước {STAGE_NAMES[_stage(stage)].vi} đến {day:%d/%m/%Y}.",
        f"Round {made.pk}: {STAGE_NAMES[_stage(stage)].en} is extended until {in_words(day).en}.",
        lang,
    )
    for past in gone_past(given):
        tell(past.vi, past.en, lang)


def _round(round_id: int) -> Round:
    found = Round.objects.filter(pk=round_id).first()
    if found is None:
        reason = Text(vi=f"Không có đợt {round_id}.", en=f"There is no round {round_id}.")
        raise Refused([Problem("no-such-round", reason)])
    return found


_STATES: dict[str, Text] = {
    Round.State.PREPARING: Text(vi="đang chuẩn bị", en="being prepared"),
    Round.State.OPEN: Text(vi="đang mở", en="open"),
    Round.State.CLOSED: Text(vi="đã đóng", en="closed"),
    Round.State.CANCELLED: Text(vi="đã hủy", en="cancelled"),
}


def _stage(text: str) -> Stage:
    try:
        return Stage[text.strip().upper()]
    except KeyError:
        known = ", ".join(one.key for one in Stage)
        reason = Text(
            vi=f"Không có giai đoạn “{text}” ({known}).", en=f"There is no stage “{text}” ({known})."
        )
        raise Refused([Problem("no-such-stage", reason)]) from None


def _deadline(text: str) -> tuple[Stage, date]:
    name, _, day = text.partition("=")
    return _stage(name), day_of(day or "?")


def _level_deadline(text: str) -> tuple[tuple[Stage, Level], date]:
    name, _, rest = text.partition("@")
    level, _, day = rest.partition("=")
    try:
        return (_stage(name), Level[level.strip().upper()]), day_of(day or "?")
    except KeyError:
        reason = Text(
            vi=f"Không có cấp “{level}” (province, nation).",
            en=f"There is no level “{level}” (province, nation).",
        )
        raise Refused([Problem("no-such-level", reason)]) from None


def _programme(code: str) -> Programme | None:
    if not code:
        return None
    found = Programme.objects.filter(code=code).first()
    if found is None:
        reason = Text(vi=f"Không có chương trình “{code}”.", en=f"There is no programme “{code}”.")
        raise Refused([Problem("no-such-programme", reason)])
    return found
