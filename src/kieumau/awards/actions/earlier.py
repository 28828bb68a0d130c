"""Titles of before: held by units before the product was there, put down from their decisions alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q

from kieumau.accounts.acting import everywhere
from kieumau.audit.actions import Actor, name_of
from kieumau.awards import verbs
from kieumau.awards.actions.recognize import Recognition, about_document, give, tell
from kieumau.awards.models import Title
from kieumau.awards.rules import Decision, ceremony_problems, ends_before, is_of_dossier, refusals
from kieumau.calendars.working_days import day_of
from kieumau.kernel.messages import Place, Problem, Refused, Text
from kieumau.programmes.belonging import unit_problems
from kieumau.programmes.models import Programme
from kieumau.rounds.models import Dossier, Round
from kieumau.rounds.rules import State

MONTHS_OF_BEFORE = 12  # a title of no programme, where nothing else is said: titles are for a year


@dataclass(frozen=True, slots=True)
class Earlier:
    """A title of before: whose, what it is called, its decision; where in a file it stands."""

    unit_id: int
    name: Text
    decision: Decision
    recognition: Recognition
    programme: Programme | None
    place: Place


@transaction.atomic
def record_earlier(
    unit_id: int,
    name: Text,
    decision: Decision,
    recognition: Recognition,
    *,
    programme: Programme | None,
    actor: Actor,
    now: datetime,
) -> Title:
    """Put down a title of before, from its decision alone. Raises `Refused` for what is wrong with it.

    A title of a programme is for a unit that was in its area and of its kinds on the first day. What was
    put down once (same unit, number, day and name) is refused the second time, also of two who put it down at
    once. What a dossier of the unit is there for is decided on that dossier.
    """
    _one_after_another()
    end = recognition.ends_before or ends_before(
        recognition.starts_on, programme.lasts_months if programme else MONTHS_OF_BEFORE
    )
    problems = list(refusals(decision, recognition.starts_on, end, day_of(now)))
    problems += ceremony_problems(recognition.ceremony_on, decision.decided_on)
    if not name.vi.strip() or not name.en.strip():
        problems.append(Problem("no-name", Text(vi="Ghi tên danh hiệu.", en="Say what the title is called.")))
    if programme is not None:
        problems += unit_problems(programme, unit_id, recognition.starts_on)
    problems += about_document(recognition.document, unit_id, decision)
    if _is_there(unit_id, decision, name):
        there = Text(vi="Danh hiệu này đã được ghi.", en="This title has been put down already.")
        problems.append(Problem("recorded-before", there))
    if covering := _dossier_of(unit_id, name, programme, decision):
        problems.append(_decide_there(covering))
    if problems:
        raise Refused(problems)
    who = name_of(actor)
    title = give(unit_id, decision, recognition, end, programme, who, now, name=name)
    tell(verbs.RECORD_EARLIER, title, actor, now)
    return title


@transaction.atomic
def record_all_earlier(rows: Sequence[Earlier], *, actor: Actor, now: datetime) -> list[Title]:
    """Put down the titles of a file, all of them or none.

    Raises `Refused` with what is wrong with each row, at its place in the file.
    """
    made, problems = [], []
    for one in rows:
        try:
            made.append(
                record_earlier(
                    one.unit_id,
                    one.name,
                    one.decision,
                    one.recognition,
                    programme=one.programme,
                    actor=actor,
                    now=now,
                )
            )
        except Refused as refused:
            problems += [replace(problem, place=one.place) for problem in refused.problems]
    if problems:
        raise Refused(problems)
    return made


def _one_after_another() -> None:
    """Whoever else puts titles down waits until this is kept: neither would see the other's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('titles/earlier', 0))")


def _dossier_of(unit_id: int, name: Text, programme: Programme | None, decision: Decision) -> Dossier | None:
    """The dossier of the unit on which this was decided; without a programme, of the title's name.

    One that a closed round left on its way can be decided no more: it stands in nobody's way.
    """
    rows = Dossier.objects.filter(unit=unit_id).select_related("round__period", "round__programme")
    rows = rows.exclude(~Q(state__in=[State.CONCLUDED, State.DECIDED]), round__state=Round.State.CLOSED)
    if programme is not None:
        rows = rows.filter(round__programme=programme)
    else:
        rows = rows.filter(round__programme__title_vi__iexact=name.vi.strip())
    with everywhere():  # whether there is one does not hang on who asks
        found = list(rows.order_by("-pk"))
    return next((one for one in found if _covers(one.round, decision.decided_on)), None)


def _covers(made: Round, decided_on: date) -> bool:
    assert made.programme is not None
    opened_on = day_of(made.opened_at or made.made_at)
    return is_of_dossier(decided_on, opened_on, made.period.ends_before, made.programme.lasts_months)


def _decide_there(dossier: Dossier) -> Problem:
    called = dossier.round.name
    return Problem(
        "has-a-dossier",
        Text(
            vi=f"Đơn vị có hồ sơ trong “{called}” cho thời gian này: đây không phải danh hiệu trước đây.",
            en=f"The unit has a dossier in “{called}” for this time: this is no title of before.",
        ),
        _what_to_do(dossier),
    )


def _what_to_do(dossier: Dossier) -> Text:
    """Where the decision belongs; what is true of a dossier that is decided already."""
    if dossier.state != State.DECIDED:
        return Text(
            vi="Ghi quyết định tại hồ sơ ấy, kể cả khi trái với kết quả.",
            en="Put the decision down on that dossier, also where it goes against what it shows.",
        )
    title = Title.objects.filter(dossier=dossier).select_related("withdrawal").first()
    if title is None:
        return Text(
            vi="Hồ sơ ấy đã được quyết định không công nhận. Muốn công nhận thì mở đợt đánh giá mới.",
            en="It was decided not to recognize the unit on that dossier. To recognize it, open a new round.",
        )
    if hasattr(title, "withdrawal"):
        return Text(
            vi=f"Danh hiệu theo {title.reference} từ hồ sơ ấy đã bị thu hồi và không khôi phục được. Muốn "
            "công nhận lại thì mở đợt đánh giá mới.",
            en=f"The title by {title.reference} that it led to was withdrawn and does not come back. To "
            "recognize the unit again, open a new round.",
        )
    return Text(
        vi=f"Hồ sơ ấy đã có danh hiệu theo {title.reference}. Nếu ghi sai thì đính chính trên trang đó.",
        en=f"It led to the title by {title.reference}. If that was put down wrong, put it right on its page.",
    )


def _is_there(unit_id: int, decision: Decision, name: Text) -> bool:
    rows = Title.objects.filter(unit=unit_id, decided_on=decision.decided_on, name_vi=name.vi.strip())
    return rows.filter(reference__iexact=decision.reference.strip()).exists()
