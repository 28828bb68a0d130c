"""What the chapters of An Hưng's story share: the places, the days, and the steps that recur."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from kieumau.accounts.models import User
from kieumau.assessments.actions import assess_unit
from kieumau.assessments.rules import Outcome
from kieumau.assessments.setting import period_id
from kieumau.calendars.library import decode, window
from kieumau.calendars.models import Period
from kieumau.criteria.models import CriteriaSet
from kieumau.demo import an_hung_plan, papers
from kieumau.demo.posts import ACTOR
from kieumau.documents.models import Document
from kieumau.documents.rules import Facts
from kieumau.programmes.models import Programme
from kieumau.rounds.actions import Wish, look_at_evidence, named, prepare, say
from kieumau.rounds.jobs import open_soon
from kieumau.rounds.models import Dossier, Evidence, Round, StageFinding
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.units.queries import children, unit

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NINE_MONTHS, YEAR_2024 = "nd09:2023-9M", "nd09:2024"
ROUND_2023 = "Thí điểm Công an phường điển hình, kiểu mẫu năm 2023"
ROUND_2024 = "Công an phường điển hình, kiểu mẫu năm 2024"
ROLL_OUT = ("Ba Đình", "Điện Biên", "Lam Sơn")
WARD_POLICE = "Công an phường An Hưng"
MET = Said(Outcome.MET)


def at(year: int, month: int, day: int, hour: int = 9) -> datetime:
    """That hour there."""
    return datetime(year, month, day, hour, tzinfo=ZONE)


PLANNED, OPENED, INSPECTED = at(2023, 4, 17), at(2023, 5, 4), at(2023, 10, 12, 15)
YEAR_END, SUBMITTED, SENT_BACK = at(2023, 12, 14), at(2023, 12, 18), at(2023, 12, 27)
ANSWERED, VERIFIED, APPRAISED = at(2024, 1, 4), at(2024, 1, 12), at(2024, 2, 22)
DECIDED, NEXT_OPENED, NEXT_SUBMITTED = at(2024, 4, 15), at(2024, 5, 6), at(2024, 12, 18)
NEXT_LOOKED, NEXT_VERIFIED, NEXT_APPRAISED = at(2024, 12, 26), at(2025, 1, 10), at(2025, 2, 20)
NEXT_DECIDED, NEXT_CLOSED, MERGED = at(2025, 4, 14), at(2025, 6, 30), at(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class Cast:
    """Where it takes place: the nation, Thanh Hóa, the ward as it was, the ward that most of it went to."""

    nation: int
    province: int
    ward: int
    heir: int

    @property
    def programme(self) -> Programme:
        """The programme, once it is set up."""
        return Programme.objects.get(code=an_hung_plan.CODE)

    def dossier(self, name: str) -> Dossier:
        """An Hưng's in a round, once that is open."""
        rows = Dossier.objects.select_related("round__programme", "round__criteria_set", "round__period")
        return rows.get(round__name=name, unit=self.ward)

    @property
    def first(self) -> Dossier:
        """The dossier of 2023."""
        return self.dossier(ROUND_2023)

    @property
    def second(self) -> Dossier:
        """The dossier of 2024."""
        return self.dossier(ROUND_2024)


def beside(cast: Cast) -> list[int]:
    """The wards of the same town that follow the pilot."""
    on = INSPECTED.date()
    town = unit(cast.ward, on).parent_id or cast.province
    return [one.unit_id for one in children(town, on).filter(kind="phuong", name__in=ROLL_OUT)]


def is_open(name: str) -> bool:
    """Has the round of that name been opened?"""
    return Round.objects.filter(name=name).exclude(state=Round.State.PREPARING).exists()


def open_round(
    cast: Cast,
    name: str,
    criteria_set: CriteriaSet,
    period: str,
    wards: tuple[int, ...],
    deadlines: dict[Stage, date],
    actor: User,
    now: datetime,
) -> Round:
    """Ask for a round, and do at once what its background job would."""
    wish = Wish(
        name=name,
        criteria_set=criteria_set,
        period=Period.objects.select_related("calendar").get(pk=period_id(criteria_set, window(period))),
        area_id=cast.province,
        stages=(Stage.SELF, Stage.VERIFICATION, Stage.APPRAISAL),
        programme=cast.programme,
        kinds=("phuong",),
        only=named(wards),
        deadlines=deadlines,
    )
    return prepare(open_soon(wish, actor=actor, now=now).pk, now=now)


def ask_figures(dossier: Dossier, now: datetime) -> None:
    """What figures say as of that day."""
    made = dossier.round
    assess_unit(
        criteria_set=made.criteria_set,
        window=decode(made.period_id),
        unit_id=dossier.unit_id,
        on=now.date(),
        now=now,
        actor=ACTOR,
    )


def paper(
    cast: Cast,
    kind: str,
    reference: str,
    day: date,
    summary: str,
    actor: User,
    now: datetime,
    *,
    issuer: str = WARD_POLICE,
) -> Document:
    """A paper on the ward's shelf, its own or somebody else's."""
    facts = Facts(kind=kind, issued_on=day, summary=summary, reference=reference, issuer=issuer)
    return papers.put(cast.ward, facts, actor=actor, now=now)


def answer(dossier: Dossier, code: str, stage: Stage, said: Said, actor: User, now: datetime) -> None:
    """Say what a criterion came out as, over what was said before."""
    there = StageFinding.objects.filter(dossier=dossier, stage=stage, criterion__code=code)
    seen: Any = there.values_list("version", flat=True).first()
    say(dossier.pk, criterion=code, stage=stage, said=said, seen=seen, actor=actor, now=now)


def look(dossier: Dossier, codes: Iterable[str], actor: User, now: datetime) -> None:
    """Somebody who verifies accepts the evidence of some criteria and finds met what people had to answer."""
    for code in codes:
        for one in Evidence.objects.filter(dossier=dossier, criterion__code=code, state="pending"):
            look_at_evidence(one, is_accepted=True, reason="", actor=actor, now=now)
        own = StageFinding.objects.filter(dossier=dossier, stage=Stage.SELF, criterion__code=code)
        if own.filter(is_measured=False).exists():
            answer(dossier, code, Stage.VERIFICATION, MET, actor, now)
