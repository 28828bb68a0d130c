"""`kieumau figures …`: figures from files, and figures looked up."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from kieumau.calendars import library
from kieumau.cli import clock
from kieumau.cli.entering import enter
from kieumau.cli.history import history, show_known
from kieumau.cli.maps import show_on_map
from kieumau.cli.say import (
    SHOWN,
    Json,
    Lang,
    as_json,
    language,
    out,
    progress,
    refusals,
    show_problems,
    tell,
    value_text,
)
from kieumau.formulas.checking import check
from kieumau.formulas.evaluate import evaluate
from kieumau.formulas.expanding import expand
from kieumau.formulas.parse import parse
from kieumau.formulas.placing import operands
from kieumau.formulas.trace import Trace
from kieumau.formulas.values import State
from kieumau.formulas.windows import Window
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.imports import Report, load_file, read_mapping
from kieumau.indicators.maps.queries import figure_so_far
from kieumau.indicators.maps.rules import REPORTED
from kieumau.indicators.queries import catalogue, coverage, operand_values
from kieumau.kernel.messages import Text
from kieumau.kernel.numbers import exact_decimals, format_number, format_share
from kieumau.units.models import Term
from kieumau.units.queries import term

app = typer.Typer(no_args_is_help=True, help="Số liệu · Figures")
app.command("enter")(enter)
app.command("history")(history)

SEVERITIES = {
    "hard": Text(vi="bắt buộc", en="must hold"),
    "soft": Text(vi="cần ghi chú", en="asks for a remark"),
}
HOW_TO_GO_ON = {
    False: Text(
        vi="Không lưu gì. Sửa tệp, hoặc dùng --keep-good để lưu các dòng đúng.",
        en="Nothing was stored. Mend the file, or use --keep-good to store the rows without errors.",
    ),
    True: Text(
        vi='Không lưu gì. Nếu các số liệu trên là đúng, nạp lại với --remark "lý do", hoặc ghi lý do vào cột '
        "ghi chú (remarks trong ánh xạ); --keep-good để riêng các đơn vị, kỳ đó lại.",
        en='Nothing was stored. Where these figures are right, load again with --remark "why", or say why in '
        "a column of remarks (remarks in the mapping); --keep-good leaves those units and periods out.",
    ),
}


@app.command("load")
def load(
    file: Annotated[Path, typer.Argument(help="Tệp CSV hoặc XLSX · CSV or XLSX file")],
    mapping: Annotated[
        str, typer.Option("--mapping", help="M.yaml, hoặc tên có sẵn · or a shipped name: london")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Chỉ xem thay đổi · only show what would change")
    ] = False,
    keep_good: Annotated[
        bool, typer.Option("--keep-good", help="Giữ các dòng đúng · store the rows without errors")
    ] = False,
    remark: Annotated[
        str,
        typer.Option("--remark", help="Ghi chú cho số liệu bị nghi vấn · why doubtful figures are right"),
    ] = "",
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Nạp số liệu từ tệp · Load figures from a file, all errors in one pass."""
    with refusals(lang, json_):
        read = read_mapping(mapping)
        with progress("Đọc và lưu (dòng)", "Reading and storing (rows)", lang, quiet=json_) as step:
            report = load_file(
                file,
                read,
                actor="kieumau figures",
                dry_run=dry_run,
                keep_good=keep_good,
                remark=remark,
                progress=step,
            )
    if json_:
        as_json(report.as_dict())
    else:
        _show(report, lang)
    if report.has_failed:
        raise typer.Exit(1)


def _show(report: Report, lang: str) -> None:
    show_problems(report.problems, lang)
    if report.problem_count > len(report.problems):
        tell(f"Tổng cộng {report.problem_count} lỗi.", f"{report.problem_count} problems in all.", lang)
    _show_checks(report, lang)
    for change in report.changes[:SHOWN]:
        said = change.as_dict()
        out.print(
            escape(f"{said['unit']} {said['indicator']} {said['period']}: {said['old']} → {said['new']}")
        )
    if len(report.changes) > SHOWN:
        more = len(report.changes) - SHOWN
        tell(f"… và {more} thay đổi nữa.", f"… and {more} more changes.", lang)
    if report.has_failed and not report.is_dry_run:
        how = HOW_TO_GO_ON[report.needs_remarks]
        tell(how.vi, how.en, lang)
        return
    lead = (
        Text(vi="Chạy thử, chưa lưu", en="Dry run, nothing stored")
        if report.is_dry_run
        else Text(vi="Đã lưu", en="Stored")
    )
    for notice in report.notices:
        out.print(escape(notice.in_(language(lang))))
    zeros = report.zeros_filled
    tell(
        f"{lead.vi}: {report.values_read} giá trị đọc được, {zeros} số 0 suy ra; {report.inserted} mới, "
        f"{report.revised} thay đổi, {report.unchanged} giữ nguyên, {report.rows_left_out} dòng và "
        f"{report.figures_left_out} số liệu bị loại.",
        f"{lead.en}: {report.values_read} values read, {zeros} zeros filled in; {report.inserted} new, "
        f"{report.revised} revised, {report.unchanged} unchanged, {report.rows_left_out} rows and "
        f"{report.figures_left_out} figures left out.",
        lang,
    )


def _show_checks(report: Report, lang: str) -> None:
    """What was doubted and kept, and how often each check did not hold."""
    for warning in report.warnings[:SHOWN]:
        out.print(f"[yellow]![/yellow] {escape(warning.in_(language(lang)))}")
    if report.warning_count > SHOWN:
        more = report.warning_count - SHOWN
        tell(f"… và {more} lưu ý nữa.", f"… and {more} more to note.", lang)
    for code, checked in report.checks.items():
        title, severity = checked.title, SEVERITIES[checked.severity]
        tell(
            f"{code} ({severity.vi}): {checked.failing} lần không đạt, {checked.remarked} có ghi chú, "
            f"{checked.later} ở kỳ sau. {title.vi}",
            f"{code} ({severity.en}): does not hold {checked.failing} times, {checked.remarked} with a "
            f"remark, {checked.later} in later periods. {title.en}",
            lang,
        )


@app.command("get")
def get(
    unit: Annotated[str, typer.Option(help="Mã đơn vị · unit code")],
    indicator: Annotated[str, typer.Option(help="Mã chỉ tiêu · indicator code")],
    period: Annotated[str, typer.Option(help="Kỳ · period: 2026-11, 2026-Q3, civil:2026")],
    map_: Annotated[str, typer.Option("--map", help="reported | today | 2025-06-30")] = "",
    known_on: Annotated[
        str, typer.Option("--known-on", help="Như đã biết đến hết ngày · as known on: 2025-10-10")
    ] = "",
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Xem một số liệu, kể cả của các đơn vị bên dưới · One figure of a unit, with all below it."""
    if known_on:
        with refusals(lang, json_):
            day, today = clock.day_of(known_on), clock.now().date()
            show_known(unit, indicator, period, map_, day, today=today, json_=json_, lang=lang)
        return
    if map_:
        with refusals(lang, json_):
            show_on_map(unit, indicator, period, map_, today=clock.now().date(), json_=json_, lang=lang)
        return
    with refusals(lang, json_):
        answer = _answered(unit, indicator, period)
    if json_:
        as_json(answer.as_dict())
    else:
        _show_answer(answer, language(lang))


@dataclass(frozen=True, slots=True)
class _Answer:
    """What there is to say: a figure as people are shown it (`has_total`), or the outcome of a formula.

    `asked` is what was typed, `measured_in` the indicator that says how it is written.
    """

    asked: str
    measured_in: Definition
    place: Term
    window: Window
    outcome: Fraction | bool | None
    state: State
    reported: int
    expected: int
    has_total: bool

    def as_dict(self) -> dict[str, object]:
        """The same for programs."""
        code = library.calendar(self.window.calendar).period_code(self.window)
        return {
            "unit": self.place.code,
            "name": self.place.full_name("en"),
            "indicator": self.asked,
            "period": f"{self.window.calendar}:{code}",
            "state": self.state.name.lower(),
            "value": _plain(self.outcome),
            "reported": self.reported,
            "expected": self.expected,
        }


def _answered(unit: str, indicator: str, period: str) -> _Answer:
    """The figure, or what the formula says; raises `Refused` for whatever is not there."""
    known = catalogue()
    tree = parse(indicator)
    check(tree, known)
    found = known.get(indicator) or next(iter(known.values()))
    window = library.window(period, found.calendar)
    calendar = library.calendar(window.calendar)
    place = term(unit, calendar.last_day(window))
    if indicator in known:
        one = figure_so_far(place.unit_id, indicator, window, REPORTED)
        return _Answer(indicator, found, place, window, one.value, one.state, *one.counted, has_total=True)
    # A formula is worked out as a criterion would: from whole figures alone.
    whole = expand(tree, known)
    asked = operands(whole, window, calendar)
    trace = evaluate(whole, window, calendar, operand_values(place.unit_id, asked))
    least = min(coverage(place.unit_id, asked).values(), key=lambda one: one.reported)
    return _Answer(
        indicator,
        found,
        place,
        window,
        trace.outcome,
        _state(trace),
        least.reported,
        least.expected,
        has_total=False,
    )


def _show_answer(answer: _Answer, lang: str) -> None:
    found, label = answer.measured_in, library.calendar(answer.window.calendar).label(answer.window)
    table = Table(show_header=False)
    table.add_row(escape(answer.place.full_name(lang)), escape(found.name.in_(lang)))
    table.add_row(label.in_(lang), _said(answer, found, lang))
    if answer.reported < answer.expected:
        table.add_row("", _lacking(answer).in_(lang))
    out.print(table)


def _lacking(answer: _Answer) -> Text:
    """How many figures are there, and what the total is then."""
    total_vi, total_en = (
        ("tổng tính trên phần đã có", "the total is of what there is")
        if answer.has_total and answer.outcome is not None
        else ("chưa đủ thì không có tổng", "no total until all are")
    )
    return Text(
        vi=f"mới có {answer.reported}/{answer.expected} số liệu; {total_vi}",
        en=f"{answer.reported} of {answer.expected} figures are there; {total_en}",
    )


def _state(trace: Trace) -> State:
    """Why there is no outcome, as a state: that of the figure itself, or missing for a derived one."""
    if trace.outcome is not None:
        return State.VALUE
    return trace.value.state if trace.value is not None else State.MISSING


def _plain(outcome: Fraction | bool | None) -> str | bool | None:
    """Exact: a whole or decimal number as such, anything else as a fraction."""
    if outcome is None or isinstance(outcome, bool):
        return outcome
    decimals = exact_decimals(outcome)
    return str(outcome) if decimals is None else format_number(outcome, decimals, "en").replace(",", "")


def _said(answer: _Answer, indicator: Definition, lang: str) -> str:
    outcome = answer.outcome
    if outcome is None or isinstance(outcome, bool):
        return value_text(answer.state, None, lang)
    if indicator.is_share:
        return format_share(outcome, lang, indicator.decimals)
    return f"{format_number(outcome, indicator.decimals, lang)} {indicator.measure.in_(lang)}"
