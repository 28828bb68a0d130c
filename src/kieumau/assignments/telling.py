"""Who is told of an assignment, and in which words. Everybody is told once; whoever did it is not told.

Partners are told what they help with, and whatever changes of it; not what its owner reports.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.urls import reverse

from kieumau.accounts.scopes import holders, holders_of_each
from kieumau.assignments import kinds
from kieumau.assignments.access import CLOSE, REPORT
from kieumau.assignments.models import Assignment
from kieumau.assignments.queries import View
from kieumau.assignments.rules import Act
from kieumau.audit.actions import Actor
from kieumau.kernel.days import in_words
from kieumau.kernel.messages import Text
from kieumau.notices.actions import Word, tell, tell_each
from kieumau.notices.kinds import Kind

MOST_LETTERS = 120
_OWNER, _GIVER = REPORT, CLOSE

# What is told after an act: to whom, as which kind, in which words.
_AFTER: dict[Act, tuple[str, Kind, str, str]] = {
    Act.CHANGE: (_OWNER, kinds.CHANGED, "Nhiệm vụ được sửa", "An assignment was changed"),
    Act.PROGRESS: (_GIVER, kinds.REPORTED, "Báo cáo tiến độ", "Progress was reported"),
    Act.REPORT: (_GIVER, kinds.REPORTED, "Báo cáo hoàn thành", "An assignment was reported as done"),
    Act.SEND_BACK: (_OWNER, kinds.SENT_BACK, "Nhiệm vụ bị trả lại", "An assignment was sent back"),
    Act.CLOSE: (_OWNER, kinds.CLOSED, "Nhiệm vụ đã kết thúc", "An assignment was closed"),
    Act.WITHDRAW: (_OWNER, kinds.CHANGED, "Nhiệm vụ được rút", "An assignment was withdrawn"),
    Act.ASK: (_GIVER, kinds.CHANGED, "Xin gia hạn", "More time was asked for"),
    Act.GRANT: (_OWNER, kinds.CHANGED, "Được gia hạn", "More time was granted"),
    Act.REFUSE: (_OWNER, kinds.CHANGED, "Không được gia hạn", "More time was refused"),
}


def tell_after(act: Act, one: Assignment, actor: Actor, now: datetime) -> None:
    """Tell the other side what was just done. Inside its transaction."""
    side, kind, vi, en = _AFTER[act]
    unit_id = one.owner_id if side == _OWNER else one.giver_id
    word = Word(
        kind, _with_text(vi, en, one), _url(one), f"assignment:{one.pk}:{one.version}", unit_id=unit_id
    )
    tell(word, holders(side, unit_id, one.programme), now=now, but=_id_of(actor))
    if side == _OWNER and kind is kinds.CHANGED and one.partners:
        helped = [replace(word, unit_id=unit) for unit in one.partners]
        _to_holders(helped, REPORT, one.programme, now, but=_id_of(actor))


def tell_given(made: Sequence[Assignment], actor: Actor, now: datetime) -> None:
    """Tell owners what they were given, then partners what they help with: one notice for each unit.

    Two statements for each side. Whoever works for both is told as the owner.
    """
    own: dict[int, list[Assignment]] = defaultdict(list)
    helped: dict[int, list[Assignment]] = defaultdict(list)
    for one in made:
        own[one.owner_id].append(one)
        for unit in one.partners:
            helped[unit].append(one)
    for programme in {one.programme for one in made}:
        for words in ([_given(*each) for each in own.items()], [_helped(*each) for each in helped.items()]):
            _to_holders(words, REPORT, programme, now, but=_id_of(actor))


def tell_of_days(rows: Iterable[Assignment], kind: Kind, now: datetime) -> int:
    """Remind of the due day of some assignments; how many were told. Once for each due day."""
    told = 0
    is_late = kind is kinds.OVERDUE
    vi, en = ("Quá hạn", "Overdue") if is_late else ("Sắp đến hạn", "Due soon")
    by_programme: dict[str, list[Assignment]] = defaultdict(list)
    for one in rows:
        by_programme[one.programme].append(one)
    for programme, ones in by_programme.items():
        for permission in (REPORT, CLOSE) if is_late else (REPORT,):
            words = [
                Word(
                    kind,
                    _with_text(f"{vi} {one.due_on:%d/%m/%Y}", f"{en} ({in_words(one.due_on).en})", one),
                    _url(one),
                    f"assignment:{one.pk}:{kind.code}:{one.due_on.isoformat()}",
                    unit_id=one.owner_id if permission == REPORT else one.giver_id,
                )
                for one in ones
            ]
            told += _to_holders(words, permission, programme, now)
    return told


def _to_holders(
    words: Sequence[Word], permission: str, programme: str, now: datetime, but: int | None = None
) -> int:
    of_unit = holders_of_each({word.unit_id for word in words if word.unit_id}, permission, programme)
    pairs = [
        (word, person) for word in words for person in of_unit.get(word.unit_id or 0, ()) if person != but
    ]
    return tell_each(pairs, now=now)


def _given(unit_id: int, ones: Sequence[Assignment]) -> Word:
    first = min(ones, key=lambda one: (one.due_on, one.pk))
    on = f"{first.due_on:%d/%m/%Y}", in_words(first.due_on).en
    one = _with_text(f"Nhiệm vụ mới, hạn {on[0]}", f"New, due {on[1]}", first)
    many = Text(
        vi=f"Được giao {len(ones)} nhiệm vụ, hạn sớm nhất {on[0]}",
        en=f"{len(ones)} assignments were given, the first is due {on[1]}",
    )
    return _one_or_many(unit_id, ones, first, one, many, f"?xem={View.TO_DO}")


def _helped(unit_id: int, ones: Sequence[Assignment]) -> Word:
    first = min(ones, key=lambda one: (one.due_on, one.pk))
    on = f"{first.due_on:%d/%m/%Y}", in_words(first.due_on).en
    one = _with_text(f"Phối hợp thực hiện, hạn {on[0]}", f"To help with, due {on[1]}", first)
    many = Text(
        vi=f"Phối hợp thực hiện {len(ones)} nhiệm vụ, hạn sớm nhất {on[0]}",
        en=f"{len(ones)} assignments to help with, the first is due {on[1]}",
    )
    return _one_or_many(unit_id, ones, first, one, many, f"?xem={View.HELPED}")


def _one_or_many(
    unit_id: int, ones: Sequence[Assignment], first: Assignment, one: Text, many: Text, view: str
) -> Word:
    key = f"assignment:{first.pk}:1"
    if len(ones) == 1:
        return Word(kinds.GIVEN, one, _url(first), key, unit_id=unit_id)
    return Word(kinds.GIVEN, many, reverse("assignments") + view, key, unit_id=unit_id)


def _with_text(vi: str, en: str, one: Assignment) -> Text:
    text = one.text if len(one.text) <= MOST_LETTERS else f"{one.text[:MOST_LETTERS]}…"
    return Text(vi=f"{vi}: {text}", en=f"{en}: {text}")


def _url(one: Assignment) -> str:
    return reverse("assignment", args=[one.pk])


def _id_of(actor: Actor) -> int | None:
    return None if actor is None or isinstance(actor, str) else int(actor.pk)
