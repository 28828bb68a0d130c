"""What waits for a person in rounds: dossiers in a stage where he acts; rounds to look after or to open."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kieumau.accounts.scopes import in_scope_of_each
from kieumau.assessments.rules import Outcome
from kieumau.calendars.working_days import day_of
from kieumau.kernel.messages import Text
from kieumau.programmes.models import Programme
from kieumau.rounds.access import APPRAISE, ASSESS, DECIDE, OPEN, SUBMIT, VERIFY
from kieumau.rounds.answered import answers, is_answered, no_answers
from kieumau.rounds.last_days import due_day
from kieumau.rounds.left import left_to_others
from kieumau.rounds.models import Dossier, Evidence, Extension, Hand, Round, StageDeadline, StageFinding
from kieumau.rounds.rules import Side, Stage, State
from kieumau.web.work import MOST, Line, Pile

_PROGRAMME = "round__programme__code"
_OF_UNIT = Q(stage__lte=Stage.SELF, state__in=[State.OPEN.value, State.SENT_BACK.value])


@dataclass(frozen=True, slots=True)
class _Kind:
    """Dossiers that wait for one permission: where they stand, in rounds of which states, on which side."""

    title: Promise
    stands: Q
    side: Side
    rounds: tuple[str, ...] = (Round.State.OPEN,)


_KINDS = {
    ASSESS: _Kind(_("Dossiers to assess"), _OF_UNIT, Side.UNIT),
    SUBMIT: _Kind(_("Dossiers to submit"), _OF_UNIT, Side.UNIT),
    VERIFY: _Kind(
        _("Dossiers to verify"), Q(stage=Stage.VERIFICATION, state=State.OPEN.value), Side.VERIFIERS
    ),
    APPRAISE: _Kind(
        _("Dossiers to appraise"), Q(stage=Stage.APPRAISAL, state=State.OPEN.value), Side.APPRAISERS
    ),
    DECIDE: _Kind(
        _("Dossiers that wait for a decision"),
        Q(state=State.CONCLUDED.value, round__programme__isnull=False),
        Side.APPRAISERS,
        (Round.State.OPEN, Round.State.CLOSED),  # closing a round decides nothing: it still waits
    ),
}


def _all_refused() -> Case:
    """Of a dossier that was sent back, how many criteria that it found met have only refused documents."""
    same = {"dossier": OuterRef("dossier"), "criterion": OuterRef("criterion")}
    others = Evidence.objects.filter(**same).exclude(state=Evidence.State.REFUSED)
    met = StageFinding.objects.filter(**same, stage=Stage.SELF, outcome=int(Outcome.MET))
    found = Evidence.objects.filter(Exists(met), ~Exists(others), dossier=OuterRef("pk")).order_by()
    number = found.values("dossier").annotate(number=Count("criterion", distinct=True)).values("number")
    return Case(
        When(state=State.SENT_BACK.value, then=Coalesce(Subquery(number), 0)),
        default=0,
        output_field=IntegerField(),
    )


def piles(person: Any, now: datetime) -> Iterator[Pile]:
    """Three queries at most: dossiers, rounds to look after, programmes without a round this year."""
    yield from _dossiers(person, day_of(now))
    if person.has_perm(OPEN):
        yield _rounds(person, day_of(now))
        yield _to_open(person, now)


def _dossiers(person: Any, on: date) -> Iterator[Pile]:
    parts = [_part(person, permission, on) for permission in _KINDS if person.has_perm(permission)]
    rows = list(parts[0].union(*parts[1:], all=True)) if parts else []
    own_to_submit = {row["pk"] for row in rows if row["kind"] == SUBMIT}
    for permission, kind in _KINDS.items():
        own = [row for row in rows if row["kind"] == permission]
        total = own[0]["total"] if own else 0
        if permission == SUBMIT:  # nobody can submit what is not answered
            ready = [row for row in own if is_answered(row["answers"], on)]
            own, total = ready, total - len(own) + len(ready)
        if own:
            yield Pile(
                kind.title,
                total,
                reverse("rounds"),
                [_line(row, on, is_own_to_submit=row["pk"] in own_to_submit) for row in own],
            )


def _part(person: Any, permission: str, on: date) -> QuerySet[Dossier, Any]:
    """The first of those of a kind, each with the number of all; none in which he was on another side.

    Nor any to verify of which all that is left belongs to teams of others.
    """
    kind = _KINDS[permission]
    rows = Dossier.objects.filter(kind.stands, round__state__in=kind.rounds)
    others = Hand.objects.filter(dossier=OuterRef("pk"), person=person.pk).exclude(side=kind.side)
    rows = rows.exclude(Exists(others))
    if permission == VERIFY:
        rows = rows.exclude(pk__in=left_to_others(person.pk, on))
    rows = in_scope_of_each(rows, person, permission, "unit_id", _PROGRAMME)
    rows = rows.annotate(kind=Value(permission), total=Window(Count("pk")), last_day=due_day(person.pk, on))
    is_of_unit = kind.side is Side.UNIT
    rows = rows.annotate(refused=_all_refused(), answers=answers() if is_of_unit else no_answers())
    rows = rows.order_by(F("last_day").asc(nulls_last=True), "round_id", "path")
    return rows.values(
        "kind", "total", "pk", "unit_id", "round__name", "state", "refused", "answers", "last_day"
    )[:MOST]


def _sent_back(name: str, refused: int) -> Text:
    if not refused:
        return Text(vi=f"{name}: bị trả lại, cần làm lại", en=f"{name}: sent back, to be done again")
    criteria = "criteria have" if refused > 1 else "criterion has"
    return Text(
        vi=f"{name}: bị trả lại, còn {refused} tiêu chí chỉ có văn bản không được chấp nhận",
        en=f"{name}: sent back, {refused} {criteria} only documents that were not accepted",
    )


def _answered(name: str, *, is_late: bool, is_own_to_submit: bool) -> Text:
    """Nothing is left to answer: what the dossier waits for then."""
    if is_late:
        return Text(
            vi=f"{name}: đã trả lời đủ nhưng chưa trình, nay đã quá hạn",
            en=f"{name}: everything is answered, but it was not submitted in time",
        )
    if is_own_to_submit:
        return Text(
            vi=f"{name}: đã trả lời đủ, chờ bạn trình",
            en=f"{name}: everything is answered, waits for you to submit it",
        )
    return Text(
        vi=f"{name}: đã trả lời đủ, chờ lãnh đạo trình",
        en=f"{name}: everything is answered, waits for the leader to submit it",
    )


def _line(row: dict[str, Any], on: date, *, is_own_to_submit: bool) -> Line:
    # A decision has no last day: that of the stage before it is not one.
    last_day = None if row["kind"] == DECIDE else row["last_day"]
    name = row["round__name"]
    says: str | Text = name
    if is_answered(row["answers"], on):
        is_late = last_day is not None and last_day < on
        says = _answered(name, is_late=is_late, is_own_to_submit=is_own_to_submit)
    elif row["state"] == State.SENT_BACK:
        says = _sent_back(name, row["refused"])
    return Line(says, reverse("dossier", args=[row["pk"]]), row["unit_id"], last_day)


def _rounds(person: Any, on: date) -> Pile:
    """Rounds that are being prepared or run, with how many dossiers are not through; the last day of anybody.

    Through is what is through all stages, as draws of re-checks count it; how many of these wait for a
    decision is said beside, of rounds of a programme.
    """
    rows = Round.objects.filter(state__in=[Round.State.PREPARING, Round.State.OPEN])
    rows = in_scope_of_each(rows, person, OPEN, "area_id", "programme__code")
    through = [State.DECIDED.value, State.CONCLUDED.value]
    dossiers = Dossier.objects.filter(round=OuterRef("pk")).order_by().values("round")
    under_way = dossiers.exclude(state__in=through).annotate(number=Count("pk")).values("number")
    decided_of = Q(state=State.CONCLUDED.value, round__programme__isnull=False)
    undecided = dossiers.filter(decided_of).annotate(number=Count("pk")).values("number")
    last, more = (
        model.objects.filter(round=OuterRef("pk")).order_by().values("round").annotate(day=Max("due_on"))
        for model in (StageDeadline, Extension)
    )
    found = list(
        rows.annotate(
            total=Window(Count("pk")),
            under_way=Coalesce(Subquery(under_way, output_field=IntegerField()), 0),
            undecided=Coalesce(Subquery(undecided, output_field=IntegerField()), 0),
            last_day=Greatest(Subquery(last.values("day")), Subquery(more.values("day"))),
        )
        .order_by(F("last_day").asc(nulls_last=True), "pk")
        .values("pk", "name", "state", "total", "under_way", "undecided", "last_day", "area_id")[:MOST]
    )
    lines = [
        Line(_of_round(row, on), reverse("round", args=[row["pk"]]), row["area_id"], row["last_day"])
        for row in found
    ]
    title = _("Rounds to look after")
    return Pile(title, found[0]["total"] if found else 0, reverse("rounds"), lines)


def _of_round(row: Any, on: date) -> Text:
    """How far it is; that it is to be closed once all is done in it, or its last day has passed."""
    name, count, waits = row["name"], row["under_way"], row["undecided"]
    if row["state"] == Round.State.PREPARING:
        return Text(vi=f"{name}: đang chuẩn bị", en=f"{name}: being prepared")
    said = [_COUNTED[kind](number) for kind, number in (("under_way", count), ("undecided", waits)) if number]
    if not said:
        return Text(
            vi=f"{name}: mọi hồ sơ đã xong, cần đóng", en=f"{name}: all dossiers are through, to be closed"
        )
    vi, en = (", ".join(one.in_(speaks) for one in said) for speaks in ("vi", "en"))
    if row["last_day"] is not None and row["last_day"] < on:
        vi += "; đã hết hạn, gia hạn hoặc đóng đợt"
        en += "; past its last day: extend it, or close it"
    return Text(vi=f"{name}: {vi}", en=f"{name}: {en}")


_COUNTED: Mapping[str, Callable[[int], Text]] = {
    "under_way": lambda n: Text(
        vi=f"còn {n} hồ sơ chưa qua hết các giai đoạn",
        en="1 dossier is not through all stages" if n == 1 else f"{n} dossiers are not through all stages",
    ),
    "undecided": lambda n: Text(
        vi=f"{n} hồ sơ chờ quyết định",
        en="1 waits for a decision" if n == 1 else f"{n} wait for a decision",
    ),
}


def _to_open(person: Any, now: datetime) -> Pile:
    """Programmes that run this year and have no round for a period whose last day lies in it."""
    today = day_of(now)
    # A period runs to just before `ends_before`: 2026 of the civil calendar ends before 1 January 2027.
    after, until = date(today.year, 1, 1), date(today.year + 1, 1, 1)
    held = Round.objects.exclude(state=Round.State.CANCELLED).filter(
        programme=OuterRef("pk"), period__ends_before__gt=after, period__ends_before__lte=until
    )
    asked = Q(first_year__lte=today.year) & (Q(last_year=None) | Q(last_year__gte=today.year))
    rows = Programme.objects.filter(asked, area__isnull=False).exclude(Exists(held))
    rows = in_scope_of_each(rows, person, OPEN, "area_id", "code").order_by("code")
    found = list(rows.annotate(total=Window(Count("pk")))[:MOST])
    lines = [
        Line(
            Text(
                vi=f"{one.name_vi}: chưa có đợt năm {today.year}",
                en=f"{one.name_en}: no round of {today.year} yet",
            ),
            reverse("programme", args=[one.code]),
            one.area_id,
        )
        for one in found
    ]
    return Pile(_("Rounds to open"), found[0].total if found else 0, reverse("round_new"), lines)
