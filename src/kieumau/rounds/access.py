"""The doors to rounds and dossiers.

That there is a round is known to whoever signs in: who may not look at it is told why (`Denied`). A dossier
that is not yours is not there: 404.
"""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import Http404
from django.utils import timezone

from kieumau.accounts.doors import Denied
from kieumau.accounts.scopes import in_scope_of_each
from kieumau.audit.access import READ as AUDIT
from kieumau.programmes.models import Programme
from kieumau.rounds.extended import OF_ROW
from kieumau.rounds.holding import own_criteria
from kieumau.rounds.last_days import WITH_DAY_ASKED, last_day
from kieumau.rounds.models import Dossier, Extension, Round, StageDeadline
from kieumau.rounds.rules import SIDE_OF, Side, Stage
from kieumau.units.over import Over

READ = "rounds.read"
OPEN = "rounds.open"
EXTEND = "rounds.extend"
ASSESS = "rounds.assess"
SUBMIT = "rounds.submit"
VERIFY = "rounds.verify"
SEND_BACK = "rounds.send_back"
APPRAISE = "rounds.appraise"
DECIDE = "rounds.decide"

# What a version says is read once a process, not with every page.
LARGE = ("definition", "derived", "text")

UNOPENED = frozenset({Round.State.PREPARING, Round.State.CANCELLED})
# Who works on a stage, and who ends it.
_WORK = {Side.UNIT: ASSESS, Side.VERIFIERS: VERIFY, Side.APPRAISERS: APPRAISE}
_END = {Side.UNIT: SUBMIT, Side.VERIFIERS: VERIFY, Side.APPRAISERS: APPRAISE}


def readable(user: Any, dossier_id: int) -> Dossier:
    """A dossier of an open or closed round with its round, for somebody who may read it. 404 otherwise.

    With it come the `last_day` of its stage for the person, the `day_asked` for which it was sent back,
    the codes of his `own` criteria, by his teams,
    and what was `extended` for it (see there).
    """
    rows = Dossier.objects.select_related(
        "round__programme", "round__criteria_set", "round__period__calendar"
    ).defer(*(f"round__criteria_set__{name}" for name in LARGE))
    rows = rows.annotate(last_day=last_day(user.pk, timezone.localdate()), own=own_criteria(user.pk))
    rows = rows.annotate(extended=OF_ROW, day_asked=WITH_DAY_ASKED)
    rows = rows.exclude(round__state=Round.State.PREPARING)
    found = rows.filter(pk=dossier_id).first()
    if found is None or not may(user, READ, found):
        raise Http404
    return found


def may(user: Any, permission: str, dossier: Dossier) -> bool:
    """May the person do that over the dossier's unit, in the programme of its round?"""
    programme = dossier.round.programme.code if dossier.round.programme else ""
    return bool(user.is_authenticated and user.has_perm(permission, Over(dossier.unit_id, programme)))


def may_work(user: Any, dossier: Dossier, stage: Stage | None = None) -> bool:
    """May the person answer the criteria of the dossier at a stage: its own, where none is named?"""
    return may(user, _WORK[SIDE_OF[stage or Stage(dossier.stage)]], dossier)


def may_end(user: Any, dossier: Dossier) -> bool:
    """May the person submit it, or conclude the stage it is in?"""
    return may(user, _END[SIDE_OF[Stage(dossier.stage)]], dossier)


def may_send_back(user: Any, dossier: Dossier) -> bool:
    """May the person send it back to its unit?"""
    return may(user, SEND_BACK, dossier)


def readable_round(user: Any, round_id: int) -> Round:
    """A round in which the person may read at least one dossier, which he may open, or which he audits.

    404 where there is none; `Denied` for everybody else.
    """
    found = _round(round_id)
    if not (may_open(user, found.area_id, found.programme) or audits(user, found) or _reads_one(user, found)):
        raise Denied(READ, over(found))
    return found


def round_to_count(user: Any, round_id: int) -> tuple[Round, bool]:
    """A round, and whether the person may open it. One who may not must be shown one dossier, or `Denied`.

    Spares a query where dossiers are counted anyway. `Denied` for a round that others prepare, or cancelled.
    """
    found = _round(round_id)
    is_opener = may_open(user, found.area_id, found.programme)
    if found.state in UNOPENED and not is_opener and not audits(user, found):
        raise Denied(OPEN, over(found))
    return found, is_opener


def _round(round_id: int) -> Round:
    """With `due` and `extended`: the last days of its stages and what was extended, as JSON, in order."""
    deadlines = StageDeadline.objects.filter(round=OuterRef("pk")).order_by("stage", "-level")
    extensions = Extension.objects.filter(round=OuterRef("pk")).order_by("-at", "-pk")
    rows = Round.objects.select_related("programme", "criteria_set", "period__calendar")
    rows = rows.defer(*(f"criteria_set__{name}" for name in LARGE)).annotate(
        due=ArraySubquery(deadlines.values(json=JSONObject(stage="stage", level="level", due_on="due_on"))),
        extended=ArraySubquery(
            extensions.values(
                json=JSONObject(
                    stage="stage",
                    area_id="area_id",
                    path="path",
                    due_on="due_on",
                    reason="reason",
                    by="by",
                    at="at",
                )
            )
        ),
    )
    found = rows.filter(pk=round_id).first()
    if found is None:
        raise Http404
    return found


def over(made: Round) -> Over:
    """Where a round lies: all of its area, in its programme."""
    return Over(made.area_id, made.programme.code if made.programme else "")


def audits(user: Any, made: Round) -> bool:
    """Does the person read everything there, the log too? He sees rounds at any moment, and changes none."""
    return bool(
        user.is_authenticated and user.has_perm(AUDIT, over(made)) and user.has_perm(READ, over(made))
    )


def may_open(user: Any, area_id: int, programme: Programme | None = None) -> bool:
    """May the person open rounds over an area (or look after one that is there)?"""
    code = programme.code if programme else ""
    return bool(user.is_authenticated and user.has_perm(OPEN, Over(area_id, code)))


def may_vote(user: Any, dossier: Dossier) -> bool:
    """May the person put down how a council voted: whoever appraises or decides?"""
    return may(user, APPRAISE, dossier) or may(user, DECIDE, dossier)


def may_look_after(user: Any, permission: str, made: Round) -> bool:
    """May the person do that (close it, give it teams, extend it) to a round, over all of its area?"""
    programme = made.programme.code if made.programme else ""
    return bool(user.is_authenticated and user.has_perm(permission, Over(made.area_id, programme)))


def _reads_one(user: Any, made: Round) -> bool:
    if made.state in UNOPENED:
        return False
    return in_scope_of_each(
        Dossier.objects.filter(round=made), user, READ, "unit_id", "round__programme__code"
    ).exists()
