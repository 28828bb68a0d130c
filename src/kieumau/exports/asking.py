"""What is asked for: which indicators, periods, units and map. Read from words, checked as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from kieumau.audit.past import as_known
from kieumau.calendars.library import calendar, tile
from kieumau.calendars.library import window as window_of
from kieumau.exports.periods import place_named, run_of
from kieumau.exports.rows import LEVEL_WORDS, LEVELS
from kieumau.formulas.expanding import expand
from kieumau.formulas.parse import parse
from kieumau.formulas.placing import operands as operands_in
from kieumau.formulas.windows import Window
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.imports.periods import KIND_NAMES
from kieumau.indicators.maps.redefining import redefinitions
from kieumau.indicators.maps.rules import Map, Redefined, read_map
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.text import nearest
from kieumau.units.models import Term
from kieumau.units.queries import root
from kieumau.web.days import day_asked, last_moment

MOST_WINDOWS = 1_200


@dataclass(frozen=True, slots=True)
class Group:
    """Indicators that are shown for the same windows."""

    windows: tuple[Window, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A whole export of figures, known to make sense.

    `within_id` is the unit whose subtree is asked for, on whatever day. `known` is the catalogue as it was,
    `redefined` what is noted about the indicators. `note` says what cannot be shown as it was known.
    """

    groups: tuple[Group, ...]
    within_id: int
    level: int
    on: Map
    language: str
    known: Mapping[str, Definition]
    redefined: Mapping[str, tuple[Redefined, ...]]
    last_day: date
    with_year_ago: bool = True
    known_on: date | None = None
    note: Text | None = None

    @property
    def known_at(self) -> datetime | None:
        """The last moment of the day whose knowledge is asked for; None: now."""
        return last_moment(self.known_on) if self.known_on else None

    @property
    def codes(self) -> tuple[str, ...]:
        """Every indicator asked for."""
        return tuple(code for group in self.groups for code in group.codes)


def ask(
    *,
    indicators: Sequence[str],
    period: str,
    within: str = "",
    level: str = "commune",
    on: str = "reported",
    known_on: str = "",
    with_year_ago: bool = True,
    language: str = "vi",
    today: date,
) -> Asked:
    """An export from the words of a command or an address. Raises `Refused` with every problem.

    `indicators`: codes, `crime.*`, `main` or `all`. `period`: `2025-10`, `2025-01..2025-12` in each
    indicator's own calendar, or `nd09:2025-01..2025-12`; also as people write it (`periods.run_of`).
    `within`: the code or the name of a unit, empty for the whole tree. `on`: `reported`, `today` or a day.
    `known_on`: a day as 2025-10-10, empty for what is known now;
    then units, formulas and notes are those recorded by the end of that day.
    """
    problems: list[Problem] = []
    day = day_known(known_on, problems, today=today)
    with as_known(last_moment(day) if day else None) as past:
        asked = _asked(indicators, period, within, level, on, language, today, problems)
    return replace(asked, with_year_ago=with_year_ago, known_on=day, note=past.note)


def day_known(known_on: str, problems: list[Problem], *, today: date) -> date | None:
    """The day whose knowledge is asked for; what is no day, or a day to come, joins the problems."""
    return day_asked(known_on.strip(), problems, today=today)


def _asked(
    indicators: Sequence[str],
    period: str,
    within: str,
    level: str,
    on: str,
    language: str,
    today: date,
    problems: list[Problem],
) -> Asked:
    known = catalogue()
    codes, is_open = _codes(indicators, known, problems)
    shown = _map(on, today, problems)
    if level not in LEVELS:
        reason = Text(vi=f"Không có cấp “{level}”.", en=f"There is no level “{level}”.")
        hint = Text(vi=f"Có: {', '.join(LEVELS)}.", en=f"There are: {', '.join(LEVELS)}.")
        problems.append(Problem("unknown-level", reason, hint))
    groups = _groups(codes, period, known, problems, is_open=is_open) if codes else ()
    ends = [calendar(one.calendar).last_day(one) for group in groups for one in group.windows]
    place = _place(within, shown.day or max(ends, default=today), problems)
    if problems or not groups or place is None:
        raise Refused(problems)
    last_day = max(ends)
    asked = [code for group in groups for code in group.codes]
    return Asked(groups, place.unit_id, LEVELS[level], shown, language, known, redefinitions(asked), last_day)


def described(asked: Asked) -> str:
    """A short name for the file: letters, digits and dashes."""
    first, last = asked.groups[0].windows[0], asked.groups[-1].windows[-1]
    codes = [calendar(one.calendar).period_code(one) for one in (first, last)]
    then = f"-known-{asked.known_on}" if asked.known_on else ""
    return f"kieumau-{'-'.join(dict.fromkeys(codes))}-{LEVEL_WORDS[asked.level]}-{asked.on.word}{then}"


def _codes(
    words: Sequence[str], known: Mapping[str, Definition], problems: list[Problem]
) -> tuple[list[str], bool]:
    """The indicators that the words mean, each once; and whether they were named by the kind only."""
    found: list[str] = []
    is_open = True
    for word in (part.strip() for one in words for part in one.split(",")):
        if word == "all":
            found += known
        elif word == "main":
            found += [code for code, one in known.items() if one.is_main]
        elif word.endswith("*"):
            found += [code for code in known if code.startswith(word[:-1])]
        elif word in known:
            is_open = False
            found.append(word)
        elif word:
            near = nearest(word, known)
            hint = Text(vi=f"Có phải “{near[0]}”?", en=f"Did you mean “{near[0]}”?") if near else None
            reason = Text(vi=f"Không có chỉ tiêu “{word}”.", en=f"There is no indicator “{word}”.")
            problems.append(Problem("unknown-indicator", reason, hint))
    if not found and not problems:
        reason = Text(vi="Chưa chọn chỉ tiêu nào.", en="No indicator was chosen.")
        problems.append(Problem("no-indicator", reason))
    return list(dict.fromkeys(found)), is_open


def _map(on: str, today: date, problems: list[Problem]) -> Map:
    try:
        return read_map(on, today=today)
    except Refused as refused:
        problems.extend(refused.problems)
        return Map()


def _place(within: str, day: date, problems: list[Problem]) -> Term | None:
    try:
        return place_named(within, day) if within else root(day)
    except Refused as refused:
        problems.extend(refused.problems)
        return None


def _groups(
    codes: Sequence[str], period: str, known: Mapping[str, Definition], problems: list[Problem], is_open: bool
) -> tuple[Group, ...]:
    """The indicators by the calendar whose windows show them; those that cannot be shown are problems."""
    calendars: dict[str, list[str]] = {}
    for code in codes:
        calendars.setdefault(known[code].calendar, []).append(code)
    found: dict[tuple[Window, ...], list[str]] = {}
    out: list[Problem] = []
    for own, some in calendars.items():
        try:
            windows = tuple(_windows(period, own))
        except Refused as refused:
            out.extend(one for one in refused.problems if one not in out)
            continue
        for code in some:
            if _is_shown(known[code], windows[0], known):
                found.setdefault(windows, []).append(code)
            else:
                out.append(_other_rhythm(known[code], period))
    if out and not (is_open and found):
        problems.extend(out)
    return tuple(Group(windows, tuple(some)) for windows, some in found.items())


def _windows(period: str, own: str) -> list[Window]:
    """The windows of `FROM..TO`, both included. Raises `Refused`."""
    first_word, last_word = run_of(period)
    first = window_of(first_word, own)
    last = window_of(last_word, first.calendar) if last_word else first
    if (first.calendar, first.kind) != (last.calendar, last.kind) or last < first:
        reason = Text(vi=f"“{period}” không phải là một dãy kỳ.", en=f"“{period}” is not a run of periods.")
        hint = Text(vi="Viết như 1/2025 – 12/2025.", en="Write it like 1/2025 – 12/2025.")
        raise Refused([Problem("bad-range", reason, hint)])
    windows = calendar(first.calendar).windows(first.kind, first, last)
    if len(windows) > MOST_WINDOWS:
        reason = Text(vi="Quá nhiều kỳ.", en="Too many periods.")
        raise Refused([Problem("too-many-periods", reason)])
    return windows


def _is_shown(one: Definition, window: Window, known: Mapping[str, Definition]) -> bool:
    """Do the indicator's reporting periods (those of its parts) make up such a window?"""
    if not one.is_derived:
        return tile(window, one.calendar, one.period_kind) is not None
    parts = operands_in(expand(parse(one.code), known), window, calendar(window.calendar))
    return bool(parts) and all(
        tile(part.window, known[part.indicator].calendar, known[part.indicator].period_kind) is not None
        for part in parts
    )


def _other_rhythm(one: Definition, period: str) -> Problem:
    kind = KIND_NAMES.get(one.period_kind, Text(vi=one.period_kind, en=one.period_kind))
    called = calendar(one.calendar).definition.name.text()
    return Problem(
        "other-rhythm",
        Text(
            vi=f"Chỉ tiêu “{one.name.vi}” báo cáo theo {kind.vi} ({called.vi}), không ghép thành {period} "
            "được.",
            en=f"The indicator “{one.name.en}” is reported by {kind.en} ({called.en}); {period} cannot be "
            "made up of that.",
        ),
    )
