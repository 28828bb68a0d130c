"""How verdicts are shown on the command line: of one unit, of all, and as known at an earlier moment."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime

from django.db.models import Count
from rich.markup import escape
from rich.table import Table

from kieumau.assessments import queries
from kieumau.assessments.caps import AreaCap, caps
from kieumau.assessments.earlier import Earlier
from kieumau.assessments.models import Assessment
from kieumau.assessments.rules import Outcome
from kieumau.assessments.sentences import counts_sentence, outcome_word
from kieumau.audit.past import as_known
from kieumau.calendars import library
from kieumau.cli import clock, sets
from kieumau.cli.say import as_json, language, out, tell
from kieumau.cli.trying import warn_unverified
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import for_period
from kieumau.formulas.windows import Window
from kieumau.kernel.days import in_words
from kieumau.kernel.messages import Text
from kieumau.kernel.numbers import format_number
from kieumau.units.models import Term
from kieumau.units.queries import term

COLORS = {
    Outcome.MET: "green",
    Outcome.NOT_MET: "red",
    Outcome.NOT_DUE: "blue",
    Outcome.NOT_APPLICABLE: "dim",
    Outcome.NO_DATA: "yellow",
    Outcome.NOT_JUDGED: "magenta",
}


def last_day(window: Window) -> date:
    """The last day of a period."""
    return library.calendar(window.calendar).last_day(window)


def head(criteria_set: CriteriaSet, window: Window, unit: Term | None = None) -> dict[str, object]:
    """What an answer in JSON is about."""
    found: dict[str, object] = {"set": criteria_set.code, "version": criteria_set.version}
    found["verification"] = criteria_set.verification
    found["period"] = f"{window.calendar}:{library.calendar(window.calendar).period_code(window)}"
    if unit is not None:
        found["unit"] = {"register": unit.register, "code": unit.code, "name": unit.full_name("en")}
    return found


def show_known(set_: str, period: str, unit: str, known_at: datetime, json_: bool, lang: str) -> None:
    """Print the verdicts known at a moment, of one unit or of all (`unit` empty); nothing is stored.

    By the version that was the one for the period then. Raises Refused.
    """
    day = known_at.astimezone(clock.ZONE).date()
    with as_known(known_at) as known:
        _show_known(set_, period, unit, known_at, day, json_, lang)
    if not json_:
        tell(f"Như đã biết đến hết ngày {day:%d/%m/%Y}.", f"As known at the end of {in_words(day).en}.", lang)
        if known.note:
            tell(known.note.vi, known.note.en, lang)


def _show_known(
    set_: str, period: str, unit: str, known_at: datetime, day: date, json_: bool, lang: str
) -> None:
    criteria_set, window = for_period(set_, period, known_at)
    if unit:
        found = term(unit, last_day(window))
        judged = queries.assessment(criteria_set, window, found.unit_id, known_at)
        show_unit(criteria_set, window, judged, found, json_, lang, day)
    else:
        rows = Earlier(known_at).verdicts(criteria_set, window)
        counts = Counter(Outcome(row.outcome) for row in rows.values())
        told: dict[str, object] = {"known_on": day.isoformat()}
        _show_counts(criteria_set, window, counts, caps(criteria_set, window, then=rows), told, json_, lang)


def show_unit(
    criteria_set: CriteriaSet,
    window: Window,
    judged: Assessment,
    unit: Term,
    json_: bool,
    lang: str,
    known_on: date | None = None,
) -> None:
    """Print the verdict on one unit."""
    counts, name = queries.counts(judged), unit.full_name(language(lang))
    if json_:
        said = {"outcome": Outcome(judged.outcome).key, "counts": asdict(counts)}
        then = {"known_on": known_on.isoformat()} if known_on else {}
        as_json(head(criteria_set, window, unit) | then | said)
        return
    warn_unverified(criteria_set, lang)
    out.print(f"[bold]{escape(name)}[/bold]: {escape(outcome_word(Outcome(judged.outcome), language(lang)))}")
    out.print(escape(counts_sentence(counts, language(lang))))


def show_all(criteria_set: CriteriaSet, window: Window, written: int, json_: bool, lang: str) -> None:
    """Print how many units came out as what, as stored; `written` is how many rows have just changed."""
    period = library.calendar(window.calendar)
    rows = (
        Assessment.objects.filter(criteria_set=criteria_set, period=period.period_ids(window)[0])
        .values_list("outcome")
        .annotate(units=Count("id"))
    )
    counts = {Outcome(outcome): units for outcome, units in rows}
    told: dict[str, object] = {"written": written}
    _show_counts(criteria_set, window, counts, caps(criteria_set, window), told, json_, lang)


def _show_counts(
    criteria_set: CriteriaSet,
    window: Window,
    counts: Mapping[Outcome, int],
    capped: list[AreaCap],
    told: dict[str, object],
    json_: bool,
    lang: str,
) -> None:
    found = dict(sorted(counts.items()))
    if json_:
        as_json(
            head(criteria_set, window)
            | told
            | {"units": {outcome.key: units for outcome, units in found.items()}}
            | ({"caps": sets.caps_as_json(capped)} if capped else {})
        )
        return
    warn_unverified(criteria_set, lang)
    code = library.calendar(window.calendar).period_code(window)
    table = Table(title=f"{criteria_set.code} v{criteria_set.version} · {code}")
    table.add_column(Text(vi="kết quả", en="outcome").in_(language(lang)))
    table.add_column(Text(vi="đơn vị", en="units").in_(language(lang)), justify="right")
    for outcome, units in found.items():
        color = COLORS[outcome]
        table.add_row(
            f"[{color}]{escape(outcome_word(outcome, language(lang)))}[/{color}]",
            format_number(units, 0, language(lang)),
        )
    out.print(table)
    sets.show_caps(criteria_set, capped, lang)
