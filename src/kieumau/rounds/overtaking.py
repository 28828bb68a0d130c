"""Extensions that go past the last day of a later stage: allowed, and said before they are given and after.

A round opens with its days in order; more time for one stage may leave less than none to the next.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from kieumau.calendars.working_days import ONE_DAY
from kieumau.kernel.days import in_words
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.rounds.finding import names
from kieumau.rounds.models import Extension, StageDeadline
from kieumau.rounds.rules import Stage
from kieumau.rounds.words import STAGE_NAMES

Deadline = tuple[int, date]  # a stage, its last day
Given = tuple[int, date, str]  # a stage, its new last day, the path of the area


class GoesPast(Refused):
    """It goes past the last day of a later stage there; it may be given all the same, knowingly."""

    def __init__(self, said: Iterable[Text]) -> None:
        super().__init__([Problem("past-a-later-stage", one) for one in said])


def overtaken(
    stage: Stage, due_on: date, path: str, deadlines: Iterable[Deadline], extensions: Iterable[Given]
) -> list[tuple[Stage, date]]:
    """The later stages that end in an area before that day, each with the day in force there.

    That is the earliest of its levels, or what it was extended to there; a stage without one never ends.
    """
    days: dict[int, list[date]] = defaultdict(list)
    for later, day in deadlines:
        if later > stage:
            days[later].append(day)
    given = list(extensions)
    found = []
    for later in sorted(days):
        more = [day for of, day, where in given if of == later and path.startswith(where)]
        in_force = max([min(days[later]), *more])
        if in_force < due_on:
            found.append((Stage(later), in_force))
    return found


def gone_past(given: Sequence[Extension]) -> list[Text]:
    """What is said of extensions given together: of every later stage that ends before, where and when.

    Two queries, two more where it is said of single units.
    """
    made, stage, due_on = given[0].round, Stage(given[0].stage), given[0].due_on
    deadlines = list(StageDeadline.objects.filter(round=made).values_list("stage", "due_on"))
    extensions = list(Extension.objects.filter(round=made).values_list("stage", "due_on", "path"))
    where: dict[tuple[Stage, date], list[int]] = defaultdict(list)
    for one in given:
        for past in overtaken(stage, due_on, one.path, deadlines, extensions):
            where[past].append(one.area_id)
    ids = [areas[0] for areas in where.values() if len(areas) == 1 and areas[0] != made.area_id]
    on = made.period.ends_before - ONE_DAY
    vi, en = (names(ids, on, language) if ids else {} for language in ("vi", "en"))
    return list(_sentences(stage, due_on, where, vi, en))


def _sentences(
    stage: Stage,
    due_on: date,
    where: dict[tuple[Stage, date], list[int]],
    vi: dict[int, str],
    en: dict[int, str],
) -> Iterator[Text]:
    of = STAGE_NAMES[stage]
    for (later, day), areas in sorted(where.items()):
        name = STAGE_NAMES[later]
        here = Text(vi=vi.get(areas[0], ""), en=en.get(areas[0], ""))
        if len(areas) > 1:
            here = Text(vi=f"{len(areas)} đơn vị", en=f"{len(areas)} units")
        yield Text(
            vi=f"{f'{here.vi}: hạn' if here.vi else 'Hạn'} mới của bước {of.vi}, {due_on:%d/%m/%Y}, "
            f"muộn hơn hạn của bước {name.vi}, {day:%d/%m/%Y}.",
            en=f"{f'{here.en}: the' if here.en else 'The'} new last day of {of.en}, {in_words(due_on).en}, "
            f"lies after that of {name.en}, {in_words(day).en}.",
        )


def noted(past: Iterable[tuple[Stage, date]]) -> list[Text]:
    """The same beside an extension that was given: “after the last day of verification, 15 Dec 2026”."""
    return [
        Text(
            vi=f"muộn hơn hạn bước {STAGE_NAMES[later].vi}, {day:%d/%m/%Y}",
            en=f"after the last day of {STAGE_NAMES[later].en}, {in_words(day).en}",
        )
        for later, day in past
    ]
