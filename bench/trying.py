"""Try before you issue: 34 criteria for every commune, a draft against the version in force.

Over twelve months of figures as one year, and as twelve periods of a month each. The baseline of a
period is the evaluation of the version in force by itself. Then one threshold of the draft moved: the
first value of a draft, the first of another threshold, and every one after that. Last the requests
themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from bench import world
from bench.criteria34 import as_yaml
from bench.measure import Report

from django.core.cache import cache  # isort: skip (world sets Django up)
from django.db import transaction  # isort: skip
from django.test import Client  # isort: skip

from kieumau.accounts.models import User
from kieumau.assessments.reading import all_units
from kieumau.assessments.setting import Setting
from kieumau.calendars import library
from kieumau.criteria.actions import load_set, make_draft
from kieumau.criteria.drafts import draft_of
from kieumau.criteria.models import Draft
from kieumau.formulas.windows import Window
from kieumau.trials.sliding import Slid, slide
from kieumau.trials.thresholds import Threshold, thresholds
from kieumau.trials.trying import Trial, in_force, try_set

NOW = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
MONTHS = ["nd09:2025-12", *(f"nd09:2026-{month:02d}" for month in range(1, 12))]


@dataclass(frozen=True)
class Case:
    """A kind of period, and the periods tried."""

    name: str
    period: str
    windows: Sequence[str]


CASES = [
    Case("one year", "{calendar: teams, kind: year}", ["teams:2026"]),
    Case("one month", "{calendar: nd09, kind: month}", MONTHS[-1:]),
    Case("twelve periods of a month", "{calendar: nd09, kind: month}", MONTHS),
]


def main() -> None:
    """Measure over the benchmark world; everything is rolled back."""
    figures = world.ready()
    report = Report(f"Try before you issue: 34 criteria, {figures:,} figures")
    for case in CASES:
        with transaction.atomic():
            measure(report, case)
            transaction.set_rollback(True)
    slider(report)
    with transaction.atomic():
        requests(report)
        transaction.set_rollback(True)
    report.show()


def measure(report: Report, case: Case) -> None:
    """Time one case. Every run tries another draft, so that nothing is known from the run before."""
    windows = [library.window(one) for one in case.windows]
    issued = as_yaml().replace("{calendar: teams, kind: year}", case.period).replace("bench-34", "bench-try")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "issued.yaml"
        path.write_text(issued, encoding="utf-8")
        version = load_set(path, actor="bench", now=NOW)
    turn = iter(range(60, 100))

    def evaluated() -> None:
        for window in windows:
            setting = Setting.of(version, window, NOW.date(), NOW)
            list(all_units(setting.placed, within=None, on=setting.last_day, slack_days=0))

    tried: list[Trial] = []

    def trial() -> None:
        text = issued.replace(">= 95%", f">= {next(turn)}%").replace("patrols >= 250", "patrols >= 300")
        tried.append(tried_on(text, windows))

    mine = report.time(
        f"{case.name}: the draft against the version in force", trial, runs=5, target="≤ 1,500 ms"
    )
    baseline = report.time(f"{case.name}: the version in force by itself", evaluated, runs=3)
    report.note("  trying takes, of that", f"× {mine / baseline:.2f}")
    last = tried[-1].periods[-1]
    units, changed = len(last.units), len(last.changed)
    report.note("  units in the last period, outcomes changed", f"{units:,}, {changed:,}")


def slider(report: Report) -> None:
    """Time one threshold of a draft over a year, moved from value to value."""
    window = library.window("teams:2026")
    draft = draft_of(as_yaml().replace("{kind: all}", "{kind: at_least, k: 20}"), "draft.yaml")
    found = thresholds(draft)
    others, values = cycle(found[1:]), cycle(found[0].candidates())

    def move(threshold: Threshold, value: Decimal) -> Slid:
        return slide(draft, window, threshold, value, on=NOW.date(), now=NOW)

    def first_of_the_draft() -> None:
        cache.clear()
        move(found[0], found[0].value)

    report.time("slider: first value of a draft", first_of_the_draft, runs=3, warm=0)
    report.time(
        "slider: first value of another threshold", lambda: move(one := next(others), one.value), runs=5
    )
    report.time(
        "slider: every value after that, with the curve",
        lambda: move(found[0], next(values)),
        runs=30,
        target="≤ 300 ms",
    )


def requests(report: Report) -> None:
    """Time the pages themselves: the trial, and what a slider asks for while it is dragged.

    The draft is rolled back. Within a transaction that wrote nothing that verdicts rest on, trials are
    kept as they are in production.
    """
    client = Client(headers={"host": "localhost"})
    user = User(username="bench-trying")
    user.save()
    client.force_login(user)
    turn = iter(range(60, 100))
    drafts: list[Draft] = []
    offered: list[str] = []

    def trial() -> None:
        text = as_yaml().replace("{kind: all}", "{kind: at_least, k: 20}")
        text = text.replace(">= 95%", f">= {next(turn)}%")
        drafts.append(make_draft(text=text, actor=user, now=NOW))
        offered[:] = [one.place for one in thresholds(draft_of(text, "draft.yaml"))]
        again()

    def again() -> None:
        answer = client.get(f"/bo-tieu-chi/ban-thao/{drafts[-1].pk}/thu/?ky=2026")
        if answer.status_code != 200 or b'id="result"' not in answer.content:
            raise SystemExit(answer.content.decode()[:2000])

    report.time("request: the page of a trial, the first of a draft", trial, runs=3)
    report.time("request: the same page again", again, runs=10)
    keys = cycle(offered)
    values = cycle(range(1, 20))

    def slid(key: str) -> None:
        address = f"/bo-tieu-chi/ban-thao/{drafts[-1].pk}/thu/nguong/"
        answer = client.get(address, {"xem": "2026", "nguong": key, "muc": str(next(values))})
        if answer.status_code != 200:
            raise SystemExit(answer.content.decode()[:2000])

    def first_of_the_draft() -> None:
        cache.clear()
        slid("rule.k")

    report.time("request: slider, first value of a draft", first_of_the_draft, runs=3, warm=0)
    report.time("request: slider, first value of another threshold", lambda: slid(next(keys)), runs=5)
    report.time("request: slider, every value after that", lambda: slid("rule.k"), runs=30, target="≤ 300 ms")


def tried_on(text: str, windows: Sequence[Window]) -> Trial:
    """The whole road: text, check, trial."""
    draft = draft_of(text, "draft.yaml")
    return try_set(draft, windows, on=NOW.date(), now=NOW, against=in_force(draft.code, windows))


if __name__ == "__main__":
    main()
