"""Whether the set of a round still applies to a unit whose dossier is under way: the map may change late."""

from kieumau.calendars.working_days import ONE_DAY
from kieumau.criteria.applying import unit_ids
from kieumau.criteria.queries import definition
from kieumau.kernel.messages import Problem, Text
from kieumau.rounds.models import Dossier


def is_under_its_set(dossier: Dossier) -> bool:
    """Does the set apply to the unit on the last day of the period, by what is known now? One query.

    The dossier comes with its round, period and set.
    """
    made = dossier.round
    says, on = definition(made.criteria_set), made.period.ends_before - ONE_DAY
    return bool(unit_ids(says.applies_to, says.effective.starts, on, [dossier.unit_id]))


LEFT = Problem(
    "left-the-set",
    Text(
        vi="Vào ngày cuối kỳ, bộ tiêu chí của đợt không còn áp dụng cho đơn vị này, nên không trình được.",
        en="On the last day of the period the set of the round applies to this unit no more: its dossier "
        "cannot be submitted.",
    ),
    Text(
        vi="Nếu việc thay đổi đơn vị ghi sai, hãy đề nghị sửa lại. Nếu đúng, hồ sơ dừng ở đây: đợt đóng "
        "mà không có hồ sơ này.",
        en="Where what changed the unit was recorded wrongly, have it put right. Otherwise the dossier ends "
        "here: the round is closed without it.",
    ),
)
BACK_FOR_GOOD = Problem(
    "back-for-good",
    Text(
        vi="Bộ tiêu chí của đợt không còn áp dụng cho đơn vị này: hồ sơ trả lại sẽ không trình lại được.",
        en="The set of the round no longer applies to this unit: sent back, its dossier could not be "
        "submitted again.",
    ),
    Text(
        vi="Hãy kết luận, quyết định theo hồ sơ đã trình.",
        en="Conclude and decide it as it was submitted.",
    ),
)
