"""`kieumau try`: a draft of a set on past periods, before it is issued. Stores nothing."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from kieumau.assessments.rules import Counts, Outcome
from kieumau.assessments.sentences import outcome_word, unverified_line
from kieumau.calendars import library
from kieumau.cli.clock import now as this_moment
from kieumau.cli.say import SHOWN, Json, Lang, as_json, language, out, progress, refusals, tell
from kieumau.criteria.drafts import read_draft
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import current
from kieumau.formulas.windows import Window
from kieumau.kernel.messages import Text
from kieumau.kernel.numbers import format_number
from kieumau.trials.caps import trial_caps
from kieumau.trials.period_page import NO_CLASS, PeriodPage
from kieumau.trials.trying import PeriodTrial, in_force, may_be_assumed, try_set
from kieumau.units.queries import terms

File = Annotated[
    str, typer.Argument(metavar="FILE", help="Dự thảo SET.yaml, hoặc tên có sẵn · a draft, or a shipped name")
]
Periods = Annotated[list[str], typer.Option("--period", help="Kỳ, có thể nhiều · period; may be repeated")]
Against = Annotated[
    str,
    typer.Option(
        "--against", metavar="SET", help="So với bộ · compare with; mặc định, default: its version in force"
    ),
]


Assume = Annotated[
    bool,
    typer.Option(
        "--assume-answered/--as-stored",
        help="Coi tiêu chí chưa có kết luận (văn bản, người đánh giá) là đạt · "
        "Count criteria that nobody has answered as met",
    ),
]


def try_(
    file: File,
    period: Periods,
    against: Against = "",
    assume: Assume = True,
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Thử dự thảo bộ tiêu chí trên các kỳ đã qua, không lưu gì · Try a draft on past periods."""
    now = this_moment()
    with refusals(lang, json_):
        draft = read_draft(file)
        windows = [library.window(one, draft.calendar) for one in period]
        if against:
            before = {window: current(against, _last_day(window)) for window in windows}
        else:
            before = in_force(draft.code, windows)
        with progress("Thử trên các đơn vị", "Trying on the units", lang, quiet=json_):
            is_assumed = assume and may_be_assumed(draft, *before.values())
            trial = try_set(
                draft, windows, on=now.date(), now=now, against=before, assume_answered=is_assumed
            )
    if json_:
        as_json(
            {
                "set": draft.code,
                "verification": draft.verification,
                "judged_on": trial.judged_on.isoformat(),
                "assume_answered": trial.assume_answered,
                "periods": [period_json(tried) for tried in trial.periods],
            }
        )
        return
    warn_unverified(draft, lang)
    if trial.assume_answered:
        tell(
            "Tiêu chí chưa có kết luận (văn bản, người đánh giá) được coi là đạt: đây là phần đo được bằng "
            "số liệu. Không muốn vậy: --as-stored.",
            "Criteria that nobody has answered (documents, judged by people) count as met: this is the part "
            "that figures decide. Without that: --as-stored.",
            lang,
        )
    for tried in trial.periods:
        show_period(draft, tried, lang)


def warn_unverified(version: CriteriaSet, lang: str) -> None:
    """A line for a set whose wording was not checked."""
    if line := unverified_line(version.code, version.verification):
        out.print(f"[yellow]{escape(line.in_(language(lang)))}[/yellow]")


def period_json(tried: PeriodTrial) -> dict[str, Any]:
    """One period for programs: every count, every unit that changes, the units by their codes."""
    names = UnitNames(tried)
    was = tried.was
    return {
        "period": f"{tried.window.calendar}:{_code(tried.window)}",
        "against": _version(tried.against) if tried.against else None,
        "units": _counts(tried.counts),
        "units_before": _counts(was) if was else None,
        "classes": tried.classes,
        "classes_before": tried.was_classes,
        "class_changes": [
            {"from": before, "to": after, "units": units}
            for (before, after), units in tried.class_changes.items()
        ],
        "by_province": {names.code(one): _counts(counts) for one, counts in tried.by_province.items()},
        "criteria": [
            {
                "code": criterion.code,
                "units": _counts(criterion.counts),
                "units_before": _counts(criterion.was) if criterion.was else None,
                "decides": criterion.decides,
                "keeps": criterion.keeps,
                "leaves_open": criterion.leaves_open,
            }
            for criterion in tried.criteria
        ],
        "changes": [
            {"from": before.key, "to": after.key, "units": units}
            for (before, after), units in tried.changes.items()
        ],
        "changed": [
            {
                "unit": names.code(unit.unit_id),
                "from": unit.was.key if unit.was else None,
                "to": unit.outcome.key,
                **({"class_from": unit.was_class, "class_to": unit.class_code} if unit.changes_class else {}),
            }
            for unit in tried.changed
        ],
        "decided_by": [criterion.code for criterion in tried.deciding],
    }


def show_period(draft: CriteriaSet, tried: PeriodTrial, lang: str) -> None:
    """One period for a person: tables of outcomes, changes, criteria and provinces."""
    chosen, names = language(lang), UnitNames(tried)
    draft_word = Text(vi="dự thảo", en="draft").in_(chosen)
    out.print(f"[bold]{escape(draft.code)}[/bold] · {draft_word} · {escape(_label(tried.window, chosen))}")
    _show_outcomes(tried, chosen)
    _show_lacking_and_classes(draft, tried, chosen)
    if tried.against:
        show_changes(tried, names, chosen)
    _show_criteria(tried, chosen)
    _show_provinces(tried, names, chosen)


def _show_outcomes(tried: PeriodTrial, chosen: str) -> None:
    _table(
        [Text(vi="kết quả", en="outcome"), Text(vi="dự thảo", en="draft"), _before(tried)],
        (
            (outcome_word(outcome, chosen), tried.counts[outcome], tried.was[outcome] if tried.was else "–")
            for outcome in Outcome
            if tried.counts[outcome] or (tried.was and tried.was[outcome])
        ),
        chosen,
    )


def _show_lacking_and_classes(draft: CriteriaSet, tried: PeriodTrial, chosen: str) -> None:
    page = PeriodPage(draft, tried)
    if lacking := page.lacking:
        few, all_ = (format_number(count, 0, chosen) for count in (lacking, len(tried.units)))
        tell(
            f"{few} trên {all_} đơn vị thiếu số liệu cho ít nhất một tiêu chí; kết quả còn có thể đổi.",
            f"{few} of {all_} units lack figures for at least one criterion; their result may still change.",
            chosen,
        )
    if classes := page.classes():
        _table(
            [Text(vi="loại", en="class"), Text(vi="dự thảo", en="draft"), _before(tried)],
            ((row.name.in_(chosen), row.units, "–" if row.was is None else row.was) for row in classes),
            chosen,
        )
        for one in trial_caps(draft, tried):
            out.print(escape(f"  {one.line.in_(chosen)}"))


def _show_criteria(tried: PeriodTrial, chosen: str) -> None:
    _table(
        [
            Text(vi="tiêu chí", en="criterion"),
            Text(vi="đạt", en="met"),
            Text(vi="chưa đạt", en="not met"),
            Text(vi="còn lại", en="others"),
            Text(vi="chỉ vướng ở đây", en="it alone is not met"),
            Text(vi="chỉ chờ ở đây", en="it alone is open"),
        ],
        (
            (
                f"{one.code} {one.title.in_(chosen)}",
                one.counts.met,
                one.counts.not_met,
                one.counts.total - one.counts.met - one.counts.not_met,
                one.keeps,
                one.leaves_open,
            )
            for one in tried.criteria
        ),
        chosen,
    )


def _show_provinces(tried: PeriodTrial, names: "UnitNames", chosen: str) -> None:
    provinces = sorted(tried.by_province.items(), key=lambda item: names.sort_key(item[0]))
    _table(
        [Text(vi="tỉnh", en="province"), Text(vi="đơn vị", en="units"), Text(vi="đạt", en="met")],
        ((names.name(province, chosen), counts.total, counts.met) for province, counts in provinces),
        chosen,
    )


def show_changes(tried: PeriodTrial, names: "UnitNames", chosen: str) -> None:
    """How many units change, from what to what, and the first of them by name."""
    count = len(tried.changed)
    shown = format_number(count, 0, chosen)
    tell(f"Số đơn vị đổi kết quả: {shown}.", f"Units whose outcome changes: {shown}.", chosen)
    for (before, after), units in tried.changes.items():
        words = f"{outcome_word(before, chosen)} → {outcome_word(after, chosen)}"
        out.print(escape(f"  {words}: {format_number(units, 0, chosen)}"))
    for (was, now), units in tried.class_changes.items():
        out.print(
            escape(f"  {_class(was, chosen)} → {_class(now, chosen)}: {format_number(units, 0, chosen)}")
        )
    for unit in tried.changed[:SHOWN]:
        if unit.was is not None:
            words = f"{outcome_word(unit.was, chosen)} → {outcome_word(unit.outcome, chosen)}"
            out.print(escape(f"  · {names.name(unit.unit_id, chosen)}: {words}"))
    if count > SHOWN:
        more = format_number(count - SHOWN, 0, chosen)
        tell(f"  … và {more} đơn vị nữa (--json ghi đủ).", f"  … and {more} more (--json has all).", chosen)


def _table(heads: Iterable[Text], rows: Iterable[tuple[Any, ...]], chosen: str) -> None:
    table = Table()
    for position, head in enumerate(heads):
        table.add_column(head.in_(chosen), justify="right" if position else "left")
    for row in rows:
        table.add_row(*(escape(_cell(cell, chosen)) for cell in row))
    out.print(table)


def _cell(cell: object, chosen: str) -> str:
    """A count with the digits grouped as the language does; anything else as it stands."""
    return format_number(cell, 0, chosen) if isinstance(cell, int) else str(cell)


def _class(code: str, chosen: str) -> str:
    return code or NO_CLASS.in_(chosen)


def _before(tried: PeriodTrial) -> Text:
    if tried.against is None:
        return Text(vi="hiện hành", en="in force")
    return Text(vi=str(tried.against), en=str(tried.against))


class UnitNames:
    """Codes and names of the units a trial speaks of: those that change, and the provinces."""

    def __init__(self, tried: PeriodTrial) -> None:
        wanted = {unit.unit_id for unit in tried.changed} | {one for one in tried.by_province if one}
        self._terms = {term.unit_id: term for term in terms(_last_day(tried.window)).filter(unit__in=wanted)}

    def code(self, unit_id: int | None) -> str:
        """`vn:31135`; a dash for a unit the trial does not speak of."""
        found = self._terms.get(unit_id or 0)
        return f"{found.register}:{found.code}" if found else "–"

    def sort_key(self, unit_id: int | None) -> str:
        """Where the unit stands in Vietnamese order; last where the trial does not speak of it."""
        found = self._terms.get(unit_id or 0)
        return found.sort_key if found else "~"

    def name(self, unit_id: int | None, chosen: str) -> str:
        """The full name in a language; a dash for a unit the trial does not speak of."""
        found = self._terms.get(unit_id or 0)
        return found.full_name(chosen) if found else "–"


def _counts(counts: Counts) -> dict[str, int]:
    return {outcome.key: counts[outcome] for outcome in Outcome}


def _version(version: CriteriaSet) -> dict[str, str | int]:
    return {"set": version.code, "version": version.version}


def _code(window: Window) -> str:
    return library.calendar(window.calendar).period_code(window)


def _label(window: Window, chosen: str) -> str:
    return library.calendar(window.calendar).label(window).in_(chosen)


def _last_day(window: Window) -> date:
    return library.calendar(window.calendar).last_day(window)
