"""On which periods a draft is tried, and beside which version: what an address asks, what can be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.http import QueryDict

from kieumau.assessments.past_periods import latest_ended, past_periods
from kieumau.assessments.period_choice import MOST_OFFERED, PERIOD, code_of, label_of
from kieumau.calendars.library import calendar as calendar_of
from kieumau.calendars.library import window as window_of
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import Measured
from kieumau.formulas.windows import Window
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.trials.trying import in_force, may_be_assumed

AGAINST, SHOWN = "so", "xem"
AREA = "tinh"  # the province whose units are shown one by one
ASSUMED = "coi"  # what nobody has answered counts as met; the page's form sends “khong” for no
IN_FORCE, NOTHING, MET = "hien-hanh", "khong", "dat"
MOST_PERIODS = 12  # tried at once


@dataclass(frozen=True, slots=True)
class OfferedPeriod:
    """A period that has figures; `is_running`: it is not over yet."""

    window: Window
    is_chosen: bool
    is_running: bool

    @property
    def code(self) -> str:
        """`2026`, as it stands in addresses."""
        return code_of(self.window)

    @property
    def label(self) -> Text:
        """“năm 2026”, “2026”."""
        return label_of(self.window)


@dataclass(frozen=True, slots=True)
class OfferedVersion:
    """A published version with which a draft can be compared; `key` is `code:version`."""

    key: str
    title: Text
    number: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What is tried, and what could be; `problems` say what was asked for and is not there.

    `windows` are those tried, the newest first; `shown` is the one of them that is shown in detail.
    `unanswered` are criteria of documents or a person's judgment in the draft, `may_assume` whether there
    are any in what is tried or compared with; `assumes`: they count as met.
    """

    offered: Sequence[OfferedPeriod]
    versions: Sequence[OfferedVersion]
    against_key: str
    windows: Sequence[Window]
    shown: Window | None
    against: Mapping[Window, CriteriaSet]
    unanswered: int = 0
    may_assume: bool = False
    assumes: bool = False
    problems: list[Problem] = field(default_factory=list)

    @property
    def query(self) -> str:
        """What an address needs to ask for the same, `shown` apart."""
        asked = QueryDict(mutable=True)
        asked.setlist(PERIOD, self.codes)
        asked[AGAINST] = self.against_key
        if self.may_assume:
            asked[ASSUMED] = self.assumed_key
        return asked.urlencode()

    @property
    def assumed_key(self) -> str:
        """`dat` or `khong`, as it stands in addresses."""
        return MET if self.assumes else NOTHING

    @property
    def codes(self) -> list[str]:
        """The periods tried, as they stand in addresses."""
        return [code_of(window) for window in self.windows]

    @property
    def shown_code(self) -> str:
        """The period shown in detail, as it stands in addresses."""
        return code_of(self.shown) if self.shown else ""


def window_named(code: str, draft: CriteriaSet) -> Window | None:
    """The period of a set that an address names; None for what is none."""
    problems: list[Problem] = []
    return next(iter(_windows([code], draft, problems)), None)


def choose(asked: QueryDict, draft: CriteriaSet, today: date) -> Choice:
    """What an address asks of a draft; without a word the latest ended period and the version in force.

    Periods without figures may be asked for as well: a try says then what is missing.
    """
    problems: list[Problem] = []
    past = past_periods(draft, today)[:MOST_OFFERED]
    windows = _windows(asked.getlist(PERIOD), draft, problems)
    if not windows and (latest := latest_ended(past, today)):
        windows = [latest]
    versions = comparable(draft)
    key = asked.get(AGAINST, IN_FORCE) or IN_FORCE
    against = _against(key, draft, windows, versions, problems)
    may_assume = may_be_assumed(draft, *against.values())
    chosen = set(windows)
    beyond = [window for window in windows if window not in past]
    return Choice(
        offered=[
            OfferedPeriod(window, window in chosen, calendar_of(window.calendar).last_day(window) >= today)
            for window in [*beyond, *past]
        ],
        versions=versions,
        against_key=key,
        windows=windows,
        shown=_shown(asked.get(SHOWN, ""), windows),
        against=against,
        unanswered=sum(not isinstance(one, Measured) for one in definition(draft).criteria),
        may_assume=may_assume,
        assumes=may_assume and assumes(asked),
        problems=problems,
    )


def assumes(asked: QueryDict) -> bool:
    """Does an address want what nobody has answered counted as met? Without a word it does."""
    return asked.get(ASSUMED, MET) != NOTHING


def comparable(draft: CriteriaSet) -> list[OfferedVersion]:
    """Published versions with the draft's kind of period: those of its own set first. One query."""
    rows = CriteriaSet.objects.filter(calendar=draft.calendar, period_kind=draft.period_kind)
    found = [
        OfferedVersion(f"{code}:{number}", Text(vi=vi, en=en), number)
        for code, number, vi, en in rows.values_list("code", "version", "title_vi", "title_en")
    ]
    return sorted(found, key=lambda one: one.key.partition(":")[0] != draft.code)


def _windows(codes: Sequence[str], draft: CriteriaSet, problems: list[Problem]) -> list[Window]:
    """The periods asked for, each once, the newest first; what is none becomes a problem."""
    found: dict[Window, date] = {}
    for code in codes:
        try:
            window = window_of(code[:40], draft.calendar)
        except Refused as refused:
            problems += refused.problems
            continue
        if (window.calendar, window.kind) != (draft.calendar, draft.period_kind):
            problems.append(_not_a_period(code))
            continue
        found[window] = calendar_of(window.calendar).last_day(window)
    if len(found) > MOST_PERIODS:
        problems.append(_too_many(len(found)))
    return sorted(found, key=lambda window: found[window], reverse=True)[:MOST_PERIODS]


def _shown(code: str, windows: Sequence[Window]) -> Window | None:
    return next((one for one in windows if code_of(one) == code), windows[0] if windows else None)


def _against(
    key: str,
    draft: CriteriaSet,
    windows: Sequence[Window],
    versions: Sequence[OfferedVersion],
    problems: list[Problem],
) -> dict[Window, CriteriaSet]:
    if key == NOTHING:
        return {}
    if key == IN_FORCE:
        found = in_force(draft.code, windows)
        own = (draft.calendar, draft.period_kind)
        return {one: set_ for one, set_ in found.items() if (set_.calendar, set_.period_kind) == own}
    if key not in {one.key for one in versions}:
        problems.append(_no_such_version(key))
        return {}
    code, _, number = key.partition(":")
    version = CriteriaSet.objects.get(code=code, version=int(number))
    return dict.fromkeys(windows, version)


def _not_a_period(code: str) -> Problem:
    shown = code[:40]
    reason = Text(
        vi=f"“{shown}” không phải là kỳ xét của bộ tiêu chí này.",
        en=f"“{shown}” is not a period that this set is judged for.",
    )
    return Problem("not-a-period-of-the-set", reason)


def _too_many(count: int) -> Problem:
    reason = Text(
        vi=f"Thử cùng lúc nhiều nhất {MOST_PERIODS} kỳ; ở đây có {count}, lấy các kỳ mới nhất.",
        en=f"At most {MOST_PERIODS} periods are tried at once; of these {count} the newest are taken.",
    )
    return Problem("too-many-periods", reason)


def _no_such_version(key: str) -> Problem:
    shown = key[:60]
    reason = Text(
        vi=f"Không có phiên bản “{shown}” để so sánh; không so với gì.",
        en=f"There is no version “{shown}” to compare with; nothing is compared.",
    )
    return Problem("no-such-version", reason)
