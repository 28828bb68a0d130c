"""An Hưng in 2023: planned in April, inspected in October, verified, appraised and recognized.

A chapter is passed over where it was done before.
"""

from datetime import date

from kieumau.assessments.rules import Outcome
from kieumau.awards.actions import Recognition, recognize
from kieumau.awards.models import Title
from kieumau.awards.rules import Decision
from kieumau.criteria.actions import load_set
from kieumau.demo import an_hung_figures as figures
from kieumau.demo import an_hung_plan, papers
from kieumau.demo.an_hung_steps import (
    ANSWERED,
    APPRAISED,
    DECIDED,
    INSPECTED,
    MET,
    NINE_MONTHS,
    OPENED,
    PLANNED,
    ROUND_2023,
    SENT_BACK,
    SUBMITTED,
    VERIFIED,
    YEAR_END,
    Cast,
    answer,
    ask_figures,
    at,
    is_open,
    look,
    open_round,
    paper,
)
from kieumau.demo.posts import ACTOR, APPRAISER, APPROVER, MINISTRY, OFFICER, PROVINCE, TEAMS, account, hold
from kieumau.documents.rules import Facts
from kieumau.indicators.actions import load_catalogue
from kieumau.programmes.models import Programme
from kieumau.rounds.actions import (
    Count,
    add_evidence,
    assign_team,
    close,
    conclude,
    record_vote,
    send_back,
    submit,
)
from kieumau.rounds.models import Evidence
from kieumau.rounds.rules import Stage, State
from kieumau.rounds.saying import Said

SET = "model-ward-2023"
COUNCIL = "Hội đồng thẩm định của Bộ Công an"
JUDGED = ("6", "18", "20", "22")  # due on 14 December
STRANDS = (range(1, 7), range(7, 13), range(13, 19), range(19, 23))


def plan(cast: Cast) -> None:
    """17 April 2023: the programme with its plan, bodies, targets and money, the pilot, people with roles."""
    if Programme.objects.filter(code=an_hung_plan.CODE).exists():
        return
    ministry = hold(MINISTRY, "programme_office", cast.nation, PLANNED)
    office = hold(PROVINCE, "programme_office", cast.province, PLANNED)
    hold(APPRAISER, "appraiser", cast.nation, PLANNED)
    hold(OFFICER, "officer", cast.ward, PLANNED)
    hold(APPROVER, "approver", cast.ward, PLANNED)
    for post in TEAMS:
        hold(post, "verifier", cast.province, PLANNED, an_hung_plan.CODE)
    load_catalogue(figures.CATALOGUE, actor=ACTOR)
    an_hung_plan.make(
        nation=cast.nation,
        province=cast.province,
        ward=cast.ward,
        criteria_set=load_set(SET, actor=ACTOR, now=PLANNED),
        ministry=ministry,
        office=office,
        now=PLANNED,
    )


def open_2023(cast: Cast) -> None:
    """4 May 2023: the round over the pilot, and a team for every criterion."""
    if is_open(ROUND_2023):
        return
    office = account(PROVINCE.name, OPENED)
    deadlines = {
        Stage.SELF: date(2023, 12, 20),
        Stage.VERIFICATION: date(2024, 1, 15),
        Stage.APPRAISAL: date(2024, 2, 29),
    }
    criteria_set = load_set(SET, actor=ACTOR, now=OPENED)
    made = open_round(cast, ROUND_2023, criteria_set, NINE_MONTHS, (cast.ward,), deadlines, office, OPENED)
    for post, codes in zip(TEAMS, STRANDS, strict=True):
        assign_team(
            made,
            area_id=cast.province,
            name=post.says.vi,
            criteria=[str(code) for code in codes],
            people=[account(post.name, OPENED)],
            actor=office,
            now=OPENED,
        )


def nine_months(cast: Cast) -> None:
    """The months as they were reported, the year before first."""
    runs = (("2022-01", "2022-09"), figures.NINE_MONTHS_BEFORE), (("2023-01", "2023-09"), figures.NINE_MONTHS)
    for (months, flows), now in zip(runs, (at(2023, 1, 16), at(2023, 9, 18)), strict=True):
        figures.report(cast.ward, months, flows, figures.STOCKS, now)


def inspection(cast: Cast) -> None:
    """12 October 2023: figures are asked as of that day, and the ward shows its evidence."""
    dossier = cast.first
    if Evidence.objects.filter(dossier=dossier).exists() or dossier.submitted_at:
        return
    officer = account(OFFICER.name, INSPECTED)
    ask_figures(dossier, INSPECTED)
    reports = (
        ("1", "registration", date(2023, 2, 20), "Bản đăng ký An toàn về an ninh, trật tự của 10 khu dân cư"),
        ("4", "report", date(2023, 9, 20), "Báo cáo hoạt động của ba mô hình tự quản về an ninh, trật tự"),
        ("14", "report", date(2023, 9, 18), "Báo cáo kết quả chín tháng đầu năm 2023"),
    )
    for number, (code, kind, day, summary) in enumerate(reports, start=31):
        shown = paper(cast, kind, f"{number}/BC-CAP", day, summary, officer, INSPECTED)
        add_evidence(dossier.pk, criterion=code, document=shown, actor=officer, now=INSPECTED)
    drill = Facts(kind="photographs", issued_on=date(2023, 7, 21), summary="Ảnh thực tập phương án chữa cháy")
    photograph = papers.put(cast.ward, drill, actor=officer, now=INSPECTED, is_picture=True)
    add_evidence(dossier.pk, criterion="10", document=photograph, actor=officer, now=INSPECTED)


def year_end(cast: Cast) -> None:
    """14 to 18 December 2023: the four that were not due are answered, and the dossier is submitted."""
    dossier = cast.first
    if dossier.submitted_at:
        return
    officer, approver = account(OFFICER.name, YEAR_END), account(APPROVER.name, SUBMITTED)
    ask_figures(dossier, YEAR_END)
    answers = {
        "6": ("notice", "Thông báo xếp loại phong trào toàn dân bảo vệ an ninh Tổ quốc năm 2023: xuất sắc"),
        "18": ("report", "Báo cáo tình hình trật tự năm 2023: không phát sinh địa bàn phức tạp"),
        "20": ("decision", "Quyết định phân loại đơn vị năm 2023: hoàn thành tốt nhiệm vụ"),
        "22": ("report", "Báo cáo khảo sát ẩn danh sự hài lòng của người dân năm 2023"),
    }
    for number, (code, (kind, summary)) in enumerate(answers.items(), start=57):
        shown = paper(cast, kind, f"{number}/BC-CAP", date(2023, 12, 13), summary, officer, YEAR_END)
        answer(dossier, code, Stage.SELF, MET, officer, YEAR_END)
        add_evidence(dossier.pk, criterion=code, document=shown, actor=officer, now=YEAR_END)
    submit(dossier.pk, actor=approver, now=SUBMITTED)


def verification(cast: Cast) -> None:
    """The teams look at their criteria; the survey goes back and is answered again; all is verified."""
    dossier = cast.first
    if (dossier.stage, dossier.state) != (Stage.VERIFICATION, State.OPEN):
        return
    officer, approver = account(OFFICER.name, ANSWERED), account(APPROVER.name, ANSWERED)
    teams = [account(post.name, SENT_BACK) for post in TEAMS]
    for team, codes in zip(teams, STRANDS, strict=True):
        look(dossier, [str(code) for code in codes if str(code) != "22"], team, SENT_BACK)
    reason = "Báo cáo khảo sát chưa nêu số phiếu phát ra, thu về và cách chọn hộ được hỏi."
    last = date(2024, 1, 8)
    send_back(dossier.pk, actor=teams[3], now=SENT_BACK, reason=reason, criteria=["22"], due_until=last)
    minutes = "Biên bản khảo sát: phát 300 phiếu, thu 288 phiếu, 273 phiếu hài lòng (94,8 %)"
    shown = paper(cast, "minutes", "01/BB-CAP", date(2024, 1, 3), minutes, officer, ANSWERED)
    told = Said(
        Outcome.MET, remark="Bổ sung biên bản: 300 phiếu phát ra, 288 thu về; hộ được chọn ngẫu nhiên."
    )
    answer(dossier, "22", Stage.SELF, told, officer, ANSWERED)
    add_evidence(dossier.pk, criterion="22", document=shown, actor=officer, now=ANSWERED)
    submit(dossier.pk, actor=approver, now=ANSWERED)
    look(dossier, ["22"], teams[3], VERIFIED)
    conclude(dossier.pk, actor=teams[0], now=VERIFIED)


def appraisal(cast: Cast) -> None:
    """22 February 2024: the ministry looks on site, and a council votes."""
    dossier = cast.first
    if (dossier.stage, dossier.state) != (Stage.APPRAISAL, State.OPEN):
        return
    appraiser = account(APPRAISER.name, APPRAISED)
    for code in JUDGED:
        answer(dossier, code, Stage.APPRAISAL, MET, appraiser, APPRAISED)
    conclude(dossier.pk, actor=appraiser, now=APPRAISED)
    summary = "Biên bản họp Hội đồng thẩm định Công an phường điển hình, kiểu mẫu năm 2023"
    day, reference = APPRAISED.date(), "06/BB-HĐTĐ"
    minutes = paper(cast, "minutes", reference, day, summary, appraiser, APPRAISED, issuer=COUNCIL)
    record_vote(
        dossier.pk,
        council=COUNCIL,
        held_on=APPRAISED.date(),
        count=Count(members=9, in_favor=9, against=0),
        minutes=minutes,
        actor=appraiser,
        now=APPRAISED,
    )


def recognition(cast: Cast) -> None:
    """15 April 2024, four months after the year: the title for a year, by decision, with a certificate."""
    dossier = cast.first
    if Title.objects.filter(dossier=dossier).exists():
        return
    ministry = account(MINISTRY.name, DECIDED)
    decision = Decision("2604/QĐ-BCA", DECIDED.date(), "Bộ trưởng Bộ Công an")
    summary = "Quyết định công nhận Công an phường điển hình, kiểu mẫu năm 2023"
    day, by = DECIDED.date(), decision.issuer
    shown = paper(cast, "decision", decision.reference, day, summary, ministry, DECIDED, issuer=by)
    given = Recognition(
        starts_on=DECIDED.date(),
        certificate="Giấy chứng nhận số 17/2024",
        ceremony_on=date(2024, 4, 26),
        document=shown,
    )
    recognize(dossier, decision, given, actor=ministry, now=DECIDED)
    close(dossier.round, reason="Đã công nhận.", actor=account(PROVINCE.name, DECIDED), now=DECIDED)
