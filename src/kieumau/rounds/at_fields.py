"""What an action refused, said at the fields of the form that it is about."""

from collections.abc import Mapping

from django.forms import BaseForm
from django.utils.translation import get_language

from kieumau.kernel.messages import Problem, Refused
from kieumau.web.sentences import sentences

# By the code of the problem, the field of the form.
OF_VOTE = {
    "no-council": "council",
    "voted-before": "council",
    "held-in-the-future": "held_on",
    "nobody-present": "members",
    "too-many-votes": "in_favor",
    "another-shelf": "minutes",
    "no-reason": "reason",
}
OF_SENDING_BACK = {
    "no-reason": "reason",
    "back-until-the-past": "until",
    "back-without-a-day": "until",
    "no-such-criterion": "criteria",
}


def put_at_fields(form: BaseForm, refused: Refused, fields: Mapping[str, str]) -> list[str]:
    """Adds each problem to its field, so that a summary leads there; gives back the others in words."""
    left: list[Problem] = []
    for problem in refused.problems:
        name = fields.get(problem.code, "")
        if name in form.fields:
            form.add_error(name, problem.in_(get_language() or "vi"))
        else:
            left.append(problem)
    return sentences(left)
