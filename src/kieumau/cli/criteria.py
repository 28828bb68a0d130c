"""`kieumau criteria load`, `kieumau assess`, `kieumau explain`."""

from datetime import date
from typing import Annotated

import typer
from django.db import transaction
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from rich.markup import escape

from kieumau.assessments import queries
from kieumau.assessments.actions import Tally, assess_all, assess_unit
from kieumau.assessments.models import Assessment
from kieumau.assessments.sentences import outcome_word
from kieumau.audit.past import as_known
from kieumau.calendars import library
from kieumau.cli import sets, verdicts
from kieumau.cli.clock import day_of
from kieumau.cli.clock import now as this_moment
from kieumau.cli.previews import show_preview
from kieumau.cli.say import Json, Lang, as_json, language, out, progress, refusals, tell, value_text
from kieumau.cli.trying import warn_unverified
from kieumau.criteria.actions import load_set
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition, for_period
from kieumau.formulas.windows import Window
from kieumau.kernel.days import in_words, span_in_words
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.trials.previewing import preview
from kieumau.units.queries import term
from kieumau.web.days import last_moment

ACTOR = "kieumau criteria"
app = typer.Typer(no_args_is_help=True, help="Bộ tiêu chí · Criteria sets")

Set = Annotated[str, typer.Argument(metavar="SET", help="Mã bộ tiêu chí · code of a set")]
Period = Annotated[str, typer.Option("--period", help="Kỳ · period: 2026, 2026-H2, civil:2025-H1")]
Unit = Annotated[str, typer.Option("--unit", help="Mã đơn vị · unit code (or register:code)")]
On = Annotated[str, typer.Option("--on", help="Xét vào ngày · judged on YYYY-MM-DD; default: today")]
KnownOn = Annotated[
    str, typer.Option("--known-on", help="Kết quả như đã biết đến hết ngày · results as known on YYYY-MM-DD")
]


@app.callback()
def group() -> None:
    """Keeps `load` a command of its own."""


app.command("list")(sets.list_sets)
app.command("schema")(sets.print_schema)


@app.command("load")
def load(
    file: Annotated[
        str, typer.Argument(help="SET.yaml, hoặc tên có sẵn · or a shipped name: tt124-commune …")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ kiểm tra · check, publish nothing")] = False,
    lang: Lang = "",
) -> None:
    """Nạp bộ tiêu chí thành một phiên bản, kèm những gì thay đổi · Load a set as an immutable version."""
    now = this_moment()
    with refusals(lang), transaction.atomic():
        loaded = load_set(file, actor=ACTOR, now=now)
        is_new = loaded.loaded_at == now
        found = preview(loaded, on=now.date(), now=now) if dry_run and is_new else None
        transaction.set_rollback(dry_run)
    _told(loaded, len(definition(loaded).criteria), dry_run=dry_run, is_new=is_new, lang=lang)
    if is_new:
        # Behind the transaction where it stays: nobody waits for a trial to load figures.
        show_preview(found or preview(loaded, on=now.date(), now=now), language(lang))


def _told(loaded: CriteriaSet, count: int, *, dry_run: bool, is_new: bool, lang: str) -> None:
    """The first line: what was read, and whether it is a version now."""
    name = f"{loaded.code}: "
    if not is_new:
        tell(
            f"{name}đúng như phiên bản {loaded.version} đã công bố; không có gì thay đổi.",
            f"{name}the same as version {loaded.version}, which is published; nothing changes.",
            lang,
        )
    elif dry_run:
        tell(
            f"{name}{count} tiêu chí, không có lỗi; chưa công bố.",
            f"{name}{count} criteria, no fault; not published.",
            lang,
        )
    else:
        tell(
            f"{name}phiên bản {loaded.version}, {count} tiêu chí.",
            f"{name}version {loaded.version}, {count} criteria.",
            lang,
        )


def assess(
    set_: Set,
    period: Period,
    unit: Unit = "",
    on: On = "",
    known_on: KnownOn = "",
    empty: Annotated[bool, typer.Option("--empty", help="Dù chưa có số liệu · even without figures")] = False,
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Xét một bộ tiêu chí cho mọi đơn vị hoặc một đơn vị · Judge all units, or one.

    Với --known-on thì chỉ xem kết quả đã biết lúc đó · with --known-on it only shows what was known then.
    """
    with refusals(lang, json_):
        if known_on:
            verdicts.show_known(set_, period, unit, last_moment(day_of(known_on)), json_, lang)
            return
        day = day_of(on)
        criteria_set, window = for_period(set_, period)
        if unit:
            found = term(unit, verdicts.last_day(window))
            judged = assess_unit(
                criteria_set=criteria_set,
                window=window,
                unit_id=found.unit_id,
                on=day,
                now=this_moment(),
                actor=ACTOR,
            )
            verdicts.show_unit(criteria_set, window, judged, found, json_, lang)
            return
        with progress("Xét các đơn vị", "Judging the units", lang, quiet=json_):
            tally = _assess_all(criteria_set, window, day, may_be_empty=empty)
        verdicts.show_all(criteria_set, window, tally.written, json_, lang)


@transaction.atomic
def _assess_all(criteria_set: CriteriaSet, window: Window, on: date, *, may_be_empty: bool) -> Tally:
    """Judge all units; refused where not one figure of the period is there, unless that is wanted."""
    tally = assess_all(criteria_set=criteria_set, window=window, on=on, now=this_moment(), actor=ACTOR)
    period_id = library.calendar(window.calendar).period_ids(window)[0]
    judged = Assessment.objects.filter(criteria_set=criteria_set, period=period_id)
    # An operand is stored as [state, value]; state 0 is a value.
    has_figure = RawSQL("operands @? '$.*[0] ? (@ == 0)'", [], output_field=BooleanField())
    if may_be_empty or judged.filter(has_figure).exists() or not judged.exclude(operands={}).exists():
        return tally
    label = library.calendar(window.calendar).label(window)
    raise Refused(
        [
            Problem(
                "no-figures",
                Text(
                    vi=f"Chưa có số liệu nào để xét {label.vi}; không lưu kết quả nào.",
                    en=f"There is no figure to judge {label.en} by; no verdict was stored.",
                ),
                Text(vi="Vẫn muốn xét: thêm --empty.", en="To judge all the same, add --empty."),
            )
        ]
    )


def explain(
    set_: Set,
    criterion: Annotated[str, typer.Argument(metavar="CRITERION", help="Mã tiêu chí · code of a criterion")],
    unit: Unit,
    period: Period,
    known_on: KnownOn = "",
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Vì sao kết quả như vậy · Why a criterion came out as it did."""
    with refusals(lang, json_):
        known_at = last_moment(day_of(known_on)) if known_on else None
    with refusals(lang, json_), as_known(known_at) as known:
        criteria_set, window = for_period(set_, period, known_at)
        found = term(unit, verdicts.last_day(window))
        explained = queries.explain(
            criteria_set=criteria_set,
            criterion_code=criterion,
            unit_id=found.unit_id,
            window=window,
            language=language(lang),
            known_at=known_at,
        )
    if json_:
        then = {"known_on": known_on} if known_on else {}
        as_json(verdicts.head(criteria_set, window, found) | then | explained.as_dict())
        return
    name, title = found.full_name(language(lang)), explained.title.in_(language(lang))
    warn_unverified(criteria_set, lang)
    out.print(f"[bold]{escape(name)}[/bold] · {escape(title)}")
    word = outcome_word(explained.outcome, language(lang))
    color = verdicts.COLORS[explained.outcome]
    out.print(f"[{color}]{escape(word)}[/{color}]: {escape(explained.sentence)}")
    if explained.needs:
        out.print(f"  → {escape(explained.needs)}")
    for figure in explained.figures:
        out.print(escape(f"  · {_figure_line(figure, language(lang))}"))
    if known.note:
        tell(known.note.vi, known.note.en, lang)


def _figure_line(figure: queries.UsedFigure, lang: str) -> str:
    """“Residential areas recognized, November 2026: 16 (report.xlsx, 18/11/2026)”."""
    period = figure.period.in_(lang)
    if figure.days is not None:
        period += f" ({span_in_words(*figure.days).in_(lang)})"
    line = f"{figure.name.in_(lang)}, {period}: {value_text(figure.value.state, figure.value.value, lang)}"
    if not figure.sources:
        return line
    first, last = figure.sources[0], figure.sources[-1]
    if len(figure.sources) == 1:
        return f"{line} ({first.name}, {in_words(first.recorded_at).in_(lang)})"
    count = Text(vi=f"{len(figure.sources)} nguồn", en=f"{len(figure.sources)} sources").in_(lang)
    when = span_in_words(first.recorded_at.date(), last.recorded_at.date()).in_(lang)
    return f"{line} ({count}, {when})"
