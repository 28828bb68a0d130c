"""The London demo: the published file, loaded by a mapping and no code of its own."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from kieumau.assessments.actions import assess_all
from kieumau.assessments.models import Assessment
from kieumau.calendars import library
from kieumau.criteria.actions import load_set
from kieumau.indicators.imports import load_file, read_mapping
from kieumau.kernel.messages import Problem, Refused, Text

Step = Callable[[int, int], None]

MAPPING = "london"
SET = "london-wards"
PERIODS = ("2024-H2", "2025-H1")
JUDGED_ON = date(2025, 7, 31)
ZONE = ZoneInfo("Europe/London")
ACTOR = "kieumau demo"


def the_file(path: Path | None) -> Path:
    """The file somebody named. Raises `Refused` where there is none, and says where to get it."""
    if path is not None and path.is_file():
        return path
    named = "FILE=" if path is None else str(path)
    raise Refused(
        [
            Problem(
                "no-such-file",
                Text(
                    vi=f"Không có tệp số liệu Luân Đôn ({named}).", en=f"There is no London file ({named})."
                ),
                Text(
                    vi="Tải “Recorded Crime: Geographic Breakdown” (theo ward) từ London Datastore, rồi chạy "
                    "make demo DATA=london FILE=tệp.csv.",
                    en="Get “Recorded Crime: Geographic Breakdown” (ward level) from the London Datastore, "
                    "then run make demo DATA=london FILE=file.csv.",
                ),
            )
        ]
    )


def is_loaded() -> bool:
    """Has the last step been taken already?"""
    window = library.window(PERIODS[-1], "civil")
    period = library.calendar("civil").period_ids(window)[0]
    return Assessment.objects.filter(criteria_set__code=SET, period=period).exists()


def load(path: Path, step: Step) -> int:
    """Units and figures of the file, the example set and its verdicts; how many figures were stored.

    Raises `Refused` with every problem of the file.
    """
    report = load_file(path, read_mapping(MAPPING), actor=ACTOR, progress=step)
    if report.has_failed:
        raise Refused(list(report.problems))
    now = datetime.now(ZONE)  # the figures were recorded a moment ago, and verdicts come after figures
    criteria_set = load_set(SET, actor=ACTOR, now=now)
    for code in PERIODS:
        window = library.window(code, criteria_set.calendar)
        assess_all(criteria_set=criteria_set, window=window, on=JUDGED_ON, now=now, actor=ACTOR)
    return report.inserted + report.revised
