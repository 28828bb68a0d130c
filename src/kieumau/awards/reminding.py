"""Whoever recognizes is told of titles that run out soon and are followed by no other; of each once."""

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction

from kieumau.accounts.scopes import holders_of_each
from kieumau.awards.access import RECOGNIZE
from kieumau.awards.models import Title
from kieumau.awards.queries import due_for_renewal
from kieumau.awards.waiting import register_of_due
from kieumau.calendars.working_days import day_of
from kieumau.formulas.phrases import MONTHS_EN
from kieumau.kernel.messages import Text
from kieumau.notices.actions import Word, tell_each
from kieumau.notices.kinds import kind

DUE = kind("awards.renewal", vi="Danh hiệu sắp đến hạn công nhận lại", en="Titles are due for re-recognition")


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Tell whoever may recognize which titles run out soon; how many notices were written.

    One notice a person for each programme and last day, however many titles; never twice. Two queries, and
    one for each programme.
    """
    by_programme: dict[str, list[Title]] = defaultdict(list)
    for one in due_for_renewal(day_of(now)):
        by_programme[one.programme.code if one.programme else ""].append(one)
    told = []
    for code, titles in by_programme.items():
        people = holders_of_each({one.unit_id for one in titles}, RECOGNIZE, code)
        mine: dict[tuple[int, date], list[Title]] = defaultdict(list)
        for one in titles:
            for person in people.get(one.unit_id, ()):
                mine[person, one.last_day].append(one)
        told += [(_word(code, day, found), person) for (person, day), found in mine.items()]
    return tell_each(told, now=now)


def _word(code: str, last_day: date, titles: list[Title]) -> Word:
    day = Text(
        vi=f"{last_day:%d/%m/%Y}", en=f"{last_day.day} {MONTHS_EN[last_day.month - 1]} {last_day.year}"
    )
    first, count = titles[0], len(titles)
    who = f"{count} titles end" if count > 1 else f"“{first.name_en}” ends"
    text = Text(
        vi=f"{f'{count} danh hiệu' if count > 1 else f'Danh hiệu “{first.name_vi}”'} hết hiệu lực sau ngày "
        f"{day.vi}, chưa được công nhận lại",
        en=f"{who} on {day.en}, not yet recognized again",
    )
    key = f"renewal:{code}:{last_day.isoformat()}"
    return Word(DUE, text, register_of_due(), key, unit_id=first.unit_id if count == 1 else None)
