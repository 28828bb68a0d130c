"""An Hưng after its title: a set of 20 criteria in 2024, not recognized again, and the merger of 2025.

A chapter is passed over where it was done before.
"""

from datetime import date

from kieumau.awards.actions import decline
from kieumau.awards.rules import Decision
from kieumau.criteria.actions import load_set
from kieumau.demo import an_hung_figures as figures
from kieumau.demo import an_hung_plan
from kieumau.demo.an_hung_steps import (
    MERGED,
    MET,
    NEXT_APPRAISED,
    NEXT_CLOSED,
    NEXT_DECIDED,
    NEXT_LOOKED,
    NEXT_OPENED,
    NEXT_SUBMITTED,
    NEXT_VERIFIED,
    ROUND_2024,
    YEAR_2024,
    Cast,
    answer,
    ask_figures,
    at,
    beside,
    is_open,
    look,
    open_round,
    paper,
)
from kieumau.demo.posts import (
    ACTOR,
    APPRAISER,
    APPROVER,
    MINISTRY,
    OFFICER,
    PROVINCE,
    TEAMS,
    account,
    give_up,
    hold,
)
from kieumau.programmes.actions import add_row, change_row
from kieumau.programmes.models import Member
from kieumau.programmes.rules import MemberFacts, SetFacts
from kieumau.rounds.actions import add_evidence, close, conclude, submit
from kieumau.rounds.models import Round
from kieumau.rounds.rules import Stage, State

SET = "model-ward-2024"
SHORT_OF = "Trang thiết bị mới đạt 104/120 danh mục theo định mức (86,7 %), chưa đạt mức 90 %."
ENDING = "Các phường kết thúc hoạt động từ ngày 01/07/2025; hồ sơ chưa trình được dừng, đợt sau làm mới."
LAST_DAY = date(2025, 6, 30)


def open_2024(cast: Cast) -> None:
    """6 May 2024: the set has 20 criteria now; three more wards take part, An Hưng again."""
    if is_open(ROUND_2024):
        return
    ministry, office = account(MINISTRY.name, NEXT_OPENED), account(PROVINCE.name, NEXT_OPENED)
    criteria_set = load_set(SET, actor=ACTOR, now=NEXT_OPENED)
    add_row(cast.programme, SetFacts(criteria_set.pk, 2024), actor=ministry, now=NEXT_OPENED)
    wards = beside(cast)
    an_hung_plan.roll_out(cast.programme, wards, first_day=date(2024, 1, 2), office=office, now=NEXT_OPENED)
    open_round(cast, ROUND_2024, criteria_set, YEAR_2024, (cast.ward, *wards), {}, office, NEXT_OPENED)


def year_2024(cast: Cast) -> None:
    """An Hưng's second dossier: submitted in December 2024, and in the middle of being verified."""
    figures.report(cast.ward, ("2023-10", "2023-12"), figures.LAST_QUARTER, figures.STOCKS, at(2024, 1, 16))
    figures.report(
        cast.ward, ("2024-01", "2024-12"), figures.NEXT_YEAR, figures.NEXT_STOCKS, at(2024, 12, 16)
    )
    dossier = cast.second
    if dossier.submitted_at:
        return
    officer, approver = account(OFFICER.name, NEXT_SUBMITTED), account(APPROVER.name, NEXT_SUBMITTED)
    ask_figures(dossier, NEXT_SUBMITTED)
    asked = (
        ("1", "party-resolution", "11-NQ/ĐU", "Nghị quyết của Đảng ủy phường về an ninh, trật tự năm 2024"),
        ("2", "committee-plan", "24/KH-UBND", "Kế hoạch xây dựng phường điển hình năm 2024"),
    )
    for code, kind, reference, summary in asked:
        shown = paper(cast, kind, reference, date(2024, 2, 26), summary, officer, NEXT_SUBMITTED)
        add_evidence(dossier.pk, criterion=code, document=shown, actor=officer, now=NEXT_SUBMITTED)
    for code in ("1", "2", "3", "10"):
        answer(dossier, code, Stage.SELF, MET, officer, NEXT_SUBMITTED)
    submit(dossier.pk, actor=approver, now=NEXT_SUBMITTED)
    look(dossier, ["1", "3"], account(TEAMS[0].name, NEXT_LOOKED), NEXT_LOOKED)


def end_2024(cast: Cast) -> None:
    """April 2025: 19 of 20 are met, equipment is not, so no title. The round ends before the wards do."""
    dossier = cast.second
    if (dossier.stage, dossier.state) == (Stage.VERIFICATION, State.OPEN):
        team = account(TEAMS[0].name, NEXT_VERIFIED)
        look(dossier, ["2", "10"], account(TEAMS[1].name, NEXT_VERIFIED), NEXT_VERIFIED)
        conclude(dossier.pk, actor=team, now=NEXT_VERIFIED)
    if (cast.second.stage, cast.second.state) == (Stage.APPRAISAL, State.OPEN):
        appraiser = account(APPRAISER.name, NEXT_APPRAISED)
        for code in ("1", "2", "3", "10"):
            answer(dossier, code, Stage.APPRAISAL, MET, appraiser, NEXT_APPRAISED)
        conclude(dossier.pk, actor=appraiser, now=NEXT_APPRAISED)
    if cast.second.state == State.CONCLUDED:
        decision = Decision("1127/TB-BCA", NEXT_DECIDED.date(), "Bộ trưởng Bộ Công an")
        ministry = account(MINISTRY.name, NEXT_DECIDED)
        decline(cast.second, decision, reason=SHORT_OF, actor=ministry, now=NEXT_DECIDED)
    if dossier.round.state == Round.State.OPEN:
        close(dossier.round, reason=ENDING, actor=account(PROVINCE.name, NEXT_CLOSED), now=NEXT_CLOSED)


def merger(cast: Cast) -> None:
    """1 July 2025: the wards end; their people work for the ward that most of An Hưng went to."""
    programme, office = cast.programme, account(PROVINCE.name, MERGED)
    for one in Member.objects.filter(programme=programme, valid__upper_inf=True).exclude(unit=cast.heir):
        said = MemberFacts(one.phase, one.valid.lower, LAST_DAY, one.document_id)
        change_row(one, said, version=one.version, actor=office, now=MERGED)
    if not Member.objects.filter(programme=programme, unit=cast.heir).exists():
        an_hung_plan.roll_out(programme, [cast.heir], first_day=MERGED.date(), office=office, now=MERGED)
    reason = "Phường An Hưng kết thúc hoạt động do sắp xếp đơn vị hành chính."
    for post, role in ((OFFICER, "officer"), (APPROVER, "approver")):
        give_up(post, cast.ward, reason, MERGED)
        hold(post, role, cast.heir, MERGED)
