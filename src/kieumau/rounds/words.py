"""What stages, places and acts are called on pages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kieumau.calendars.library import calendar, decode
from kieumau.kernel.messages import Text
from kieumau.rounds.models import Evidence, Round
from kieumau.rounds.rules import Act, Place, Side, Stage, State
from kieumau.rounds.steps import LATE, Progress, Step
from kieumau.units.models import Level

STAGES = {
    Stage.BASELINE: _("Baseline survey"),
    Stage.SELF: _("Self-assessment"),
    Stage.VERIFICATION: _("Verification"),
    Stage.APPRAISAL: _("Appraisal"),
}
# The same within a sentence that is kept, as in notices.
STAGE_NAMES = {
    Stage.BASELINE: Text(vi="khảo sát ban đầu", en="the baseline survey"),
    Stage.SELF: Text(vi="tự đánh giá", en="self-assessment"),
    Stage.VERIFICATION: Text(vi="thẩm định", en="verification"),
    Stage.APPRAISAL: Text(vi="phúc tra", en="appraisal"),
}
# How a result that was found at a stage begins: “đã thẩm định là đạt”.
SAID_AT = {
    Stage.BASELINE: Text(vi="đã khảo sát là", en="surveyed as"),
    Stage.SELF: Text(vi="đã tự đánh giá là", en="self-assessed as"),
    Stage.VERIFICATION: Text(vi="đã thẩm định là", en="verified as"),
    Stage.APPRAISAL: Text(vi="đã phúc tra là", en="appraised as"),
}
# Who works on a stage at which level.
LEVELS = {
    Level.NATION: _("the nation's offices"),
    Level.PROVINCE: _("the provinces' offices"),
    Level.DISTRICT: _("the districts' offices"),
}
# The same within a sentence that is kept.
LEVEL_NAMES = {
    Level.NATION: Text(vi="cơ quan trung ương", en="the nation's offices"),
    Level.PROVINCE: Text(vi="cơ quan cấp tỉnh", en="the provinces' offices"),
    Level.DISTRICT: Text(vi="cơ quan cấp huyện", en="the districts' offices"),
}
# By which periods a set is judged.
JUDGED_BY = {
    "month": _("by the month"),
    "quarter": _("by the quarter"),
    "half": _("by the half-year"),
    "nine_months": _("by nine months"),
    "year": _("by the year"),
}
SIDES = {Side.UNIT: _("The unit"), Side.VERIFIERS: _("Verifiers"), Side.APPRAISERS: _("Appraisers")}
ROUND_STATES = {
    Round.State.PREPARING: _("being prepared"),
    Round.State.OPEN: _("open"),
    Round.State.CLOSED: _("closed"),
    Round.State.CANCELLED: _("cancelled"),
}
EVIDENCE_STATES = {
    Evidence.State.PENDING: _("not judged yet"),
    Evidence.State.ACCEPTED: _("accepted"),
    Evidence.State.REFUSED: _("not accepted"),
}
# What a list of units can be asked for; the keys are those of `finding.PLACES`.
PLACES = {
    "with-unit": _("With the unit"),
    "sent-back": _("Sent back"),
    "verification": _("Verification"),
    "appraisal": _("Appraisal"),
    "concluded": _("Waiting for a decision"),
    "decided": _("Decided"),
    "overdue": _("Overdue"),
}
PROGRESS: dict[str, Promise] = {
    Progress.TO_COME: _("Not there yet"),
    Progress.NOT_BEGUN: _("Not begun"),
    Progress.UNDER_WAY: _("Being worked on"),
    Progress.SENT_BACK: _("Sent back"),
    Progress.THROUGH: _("Through"),
    LATE: _("Overdue"),
}
ACTS = {
    Act.SUBMIT: _("submitted"),
    Act.SEND_BACK: _("sent back"),
    Act.CONCLUDE: _("concluded"),
    Act.DECIDE: _("decided"),
}
_STATES = {
    State.SENT_BACK: _("sent back to the unit"),
    State.CONCLUDED: _("waiting for a decision"),
    State.DECIDED: _("decided"),
}


def place_word(place: Place, *, is_decided: bool = True) -> str:
    """Where a dossier stands, in words: the stage while it is worked on.

    `is_decided`: does a decision come in its round? In one of no programme there is none to wait for.
    """
    if place.state is State.CONCLUDED and not is_decided:
        return str(_("through all stages"))
    return str(_STATES.get(place.state) or STAGES[place.stage])


def places(*, is_decided: bool) -> list[tuple[str, Promise]]:
    """What a list of units of a round can be asked for; see `place_word`."""
    if is_decided:
        return list(PLACES.items())
    undecided = {**PLACES, "concluded": _("Through all stages")}
    return [(key, said) for key, said in undecided.items() if key != "decided"]


def step(one: Step) -> str:
    """What a step is called: its stage, or the decision."""
    return str(_("Decision") if one is None else STAGES[one])


def period_label(made: Round) -> Text:
    """What the period of a round is called."""
    window = decode(made.period_id)
    return calendar(window.calendar).label(window)
