"""A round that lives: every commune of Cần Thơ, with dossiers in all places, so that a newcomer sees work.

Some wait to be appraised, and some for the decision whether their unit is recognized: with the accounts that
the demo prints, both can be tried.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from kieumau.accounts.models import User
from kieumau.assessments.rules import Outcome
from kieumau.assessments.setting import period_id
from kieumau.assignments.actions import DirectiveFacts, give_for, record_directive
from kieumau.assignments.actions.give import came_from_directive
from kieumau.assignments.models import Directive
from kieumau.calendars.library import window
from kieumau.calendars.models import Period
from kieumau.criteria.actions import load_set
from kieumau.demo import papers
from kieumau.demo.posts import (
    ACTOR,
    CITY_APPRAISER,
    UNITS,
    VERIFIER,
    WARD_APPROVER,
    WARD_OFFICER,
    account,
    hold,
)
from kieumau.demo.vietnam import SET
from kieumau.documents.rules import Facts
from kieumau.programmes.actions import add_row, make_programme
from kieumau.programmes.models import Programme
from kieumau.programmes.rules import ProgrammeFacts, SetFacts
from kieumau.rounds.actions import (
    Wish,
    add_evidence,
    conclude,
    look_at_evidence,
    prepare,
    say,
    send_back,
    submit,
)
from kieumau.rounds.jobs import open_soon
from kieumau.rounds.models import Dossier, Evidence, Round
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.units.models import Level
from kieumau.units.queries import term, terms

CONFERENCE = "Hội nghị giao ban tháng 11 về phong trào bảo vệ an ninh Tổ quốc (giả lập)"
NAME = "An toàn về an ninh, trật tự năm 2026"
PROGRAMME = "an-toan-an-ninh-trat-tu"
CITY, WARD, YEAR = "92", "Cái Khế", "2026"
EVERY = 4  # of the communes in their order one is on its way
MET = Said(Outcome.MET)
PAPERS = (
    (
        "1.1",
        "party-resolution",
        "NQ/ĐU",
        date(2026, 1, 28),
        "Nghị quyết về an ninh, trật tự năm 2026",
    ),
    ("1.2", "committee-plan", "KH-UBND", date(2026, 2, 9), "Kế hoạch bảo đảm an ninh, trật tự năm 2026"),
    ("1.3", "registration", "ĐK-UBND", date(2026, 2, 25), "Bản đăng ký An toàn về an ninh, trật tự"),
)
ASKED = (*(code for code, *_ in PAPERS), "3.1")
BACK = "Bản đăng ký chưa có danh sách nhà trường, doanh nghiệp; đề nghị bổ sung."


@dataclass(frozen=True, slots=True)
class Who:
    """Who works on a dossier: the unit, from `at` on, the city, a day later, and then who appraises."""

    unit: User
    city: User
    appraiser: User
    at: datetime

    @property
    def later(self) -> datetime:
        """When the city looks at it."""
        return self.at + timedelta(days=1)

    @property
    def last(self) -> datetime:
        """When it is appraised."""
        return self.at + timedelta(days=2)


def load(now: datetime | None = None) -> int:
    """Open the round over Cần Thơ and bring some dossiers on their way; how many there are. Once is enough.

    Opened a few days before `now`; a load that was interrupted goes on where it stopped.
    """
    now = now or timezone.now()
    began = now - timedelta(days=4)
    city = term(CITY, now.date(), "vn")
    ward = terms(now.date(), city.path, Level.COMMUNE).get(name=WARD).unit_id
    made = Round.objects.filter(name=NAME, area=city.unit_id).first()
    made = prepare((made or _ask(city.unit_id, account("van-phong", began), began)).pk, now=began)
    verifier = hold(VERIFIER, "verifier", city.unit_id, began)
    appraiser = hold(CITY_APPRAISER, "appraiser", city.unit_id, began)
    hold(WARD_APPROVER, "approver", ward, began)
    own = Who(hold(WARD_OFFICER, "officer", ward, began), verifier, appraiser, began + timedelta(hours=3))
    others = Who(account(UNITS, began), verifier, appraiser, began + timedelta(hours=5))
    dossiers = {one.unit_id: one for one in Dossier.objects.filter(round=made).select_related("round")}
    in_order = [one.unit_id for one in terms(now.date(), city.path, Level.COMMUNE) if one.unit_id != ward]
    for unit_id, way in zip(in_order[1::EVERY], WAYS, strict=False):
        _bring(dossiers[unit_id], way, others)
    _bring(dossiers[ward], _begun, own)
    _give(city.unit_id, [ward, *in_order[:4]], now)
    return len(dossiers)


@transaction.atomic
def _give(city: int, units: list[int], now: datetime) -> None:
    """A conference concluded something, and some communes are to do it."""
    if Directive.objects.filter(title=CONFERENCE).exists():
        return
    office, held = account("van-phong", now), now - timedelta(days=12)
    facts = DirectiveFacts(
        source=Directive.Source.CONFERENCE,
        issuer_id=city,
        issued_on=held.date(),
        title=CONFERENCE,
        text="Các xã, phường rà soát việc đăng ký của cơ quan, doanh nghiệp, nhà trường trước khi trình.",
    )
    said = record_directive(facts, actor=office, now=held)
    came = came_from_directive(said)
    for units_, days in ((units[:3], 9), (units[3:], -2)):
        due = (now + timedelta(days=days)).date()
        text = "Rà soát, bổ sung danh sách đăng ký An toàn về an ninh, trật tự của cơ quan, doanh nghiệp"
        give_for(came, units_, text=text, due_on=due, giver_id=city, actor=office, now=held)


def _ask(city: int, office: User, now: datetime) -> Round:
    criteria_set = load_set(SET, actor=ACTOR, now=now)
    wish = Wish(
        name=NAME,
        criteria_set=criteria_set,
        period=Period.objects.select_related("calendar").get(
            pk=period_id(criteria_set, window(YEAR, criteria_set.calendar))
        ),
        area_id=city,
        stages=(Stage.SELF, Stage.VERIFICATION, Stage.APPRAISAL),
        programme=_programme(city, criteria_set.pk, office, now),
        deadlines={
            Stage.SELF: (now + timedelta(days=18)).date(),
            Stage.VERIFICATION: (now + timedelta(days=40)).date(),
            Stage.APPRAISAL: (now + timedelta(days=60)).date(),
        },
    )
    return open_soon(wish, actor=office, now=now)


def _programme(city: int, criteria_set: int, office: User, now: datetime) -> Programme:
    """The title that the round leads to; made where it is not there."""
    if (there := Programme.objects.filter(code=PROGRAMME).first()) is not None:
        return there
    facts = ProgrammeFacts(
        area_id=city,
        name_vi="Xã, phường đạt tiêu chuẩn An toàn về an ninh, trật tự",
        name_en="Communes and wards safe in security and order",
        title_vi="Đạt tiêu chuẩn An toàn về an ninh, trật tự",
        title_en="Safe in security and order",
        legal_basis="Thông tư 124/2021/TT-BCA",
        level=Level.COMMUNE,
        kinds=(),
        first_year=2026,
        last_year=None,
        lasts_months=12,
    )
    made = make_programme(PROGRAMME, facts, actor=office, now=now)
    add_row(made, SetFacts(criteria_set, 2026), actor=office, now=now)
    return made


@transaction.atomic
def _bring(dossier: Dossier, way: Callable[[Dossier, Who], None], who: Who) -> None:
    """The way of one dossier, unless somebody has begun it."""
    if dossier.version == 1 and not Evidence.objects.filter(dossier=dossier).exists():
        way(dossier, who)


def _begun(dossier: Dossier, who: Who) -> None:
    """Two papers are there; a registration and an answer are missing."""
    _show(dossier, who, PAPERS[:2])


def _submitted(dossier: Dossier, who: Who) -> None:
    """Everything is answered, and waits for the city."""
    _show(dossier, who, PAPERS)
    say(dossier.pk, criterion="3.1", stage=Stage.SELF, said=MET, seen=None, actor=who.unit, now=who.at)
    submit(dossier.pk, actor=who.unit, now=who.at + timedelta(hours=2))


def _looked_at(dossier: Dossier, who: Who) -> None:
    """The city has begun to look."""
    _submitted(dossier, who)
    _look(dossier, who, ASKED[:2])


def _sent_back(dossier: Dossier, who: Who) -> None:
    """One paper was not what it should be."""
    _looked_at(dossier, who)
    due = (who.later + timedelta(days=9)).date()
    send_back(dossier.pk, actor=who.city, now=who.later, reason=BACK, criteria=["1.3"], due_until=due)


def _verified(dossier: Dossier, who: Who) -> None:
    """The city is done with it; it waits to be appraised."""
    _submitted(dossier, who)
    _look(dossier, who, ASKED)
    conclude(dossier.pk, actor=who.city, now=who.later + timedelta(hours=1))


def _appraised(dossier: Dossier, who: Who) -> None:
    """It is through all stages, and waits for the decision."""
    _verified(dossier, who)
    for code in ASKED:
        say(
            dossier.pk,
            criterion=code,
            stage=Stage.APPRAISAL,
            said=MET,
            seen=None,
            actor=who.appraiser,
            now=who.last,
        )
    conclude(dossier.pk, actor=who.appraiser, now=who.last + timedelta(hours=1))


WAYS = (
    _verified,
    _submitted,
    _begun,
    _sent_back,
    _appraised,
    _looked_at,
    _submitted,
    _begun,
    _verified,
    _begun,
    _sent_back,
    _submitted,
)


def _show(dossier: Dossier, who: Who, shown: tuple[tuple[str, str, str, date, str], ...]) -> None:
    """Answer documented criteria with a paper each."""
    for code, kind, sign, day, summary in shown:
        facts = Facts(kind=kind, issued_on=day, summary=f"{summary} (giả lập)", reference=f"05-{sign}")
        paper = papers.put(dossier.unit_id, facts, actor=who.unit, now=who.at)
        say(dossier.pk, criterion=code, stage=Stage.SELF, said=MET, seen=None, actor=who.unit, now=who.at)
        add_evidence(dossier.pk, criterion=code, document=paper, actor=who.unit, now=who.at)


def _look(dossier: Dossier, who: Who, codes: tuple[str, ...]) -> None:
    for code in codes:
        for one in Evidence.objects.filter(dossier=dossier, criterion__code=code):
            look_at_evidence(one, is_accepted=True, reason="", actor=who.city, now=who.later)
        say(
            dossier.pk,
            criterion=code,
            stage=Stage.VERIFICATION,
            said=MET,
            seen=None,
            actor=who.city,
            now=who.later,
        )
