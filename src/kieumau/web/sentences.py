"""What was refused, as pages say it."""

from collections.abc import Iterable

from django.utils.translation import get_language

from kieumau.kernel.messages import Problem, Refused


def sentences(refused: Refused | Iterable[Problem]) -> list[str]:
    """Every problem in the language of the page."""
    problems = refused.problems if isinstance(refused, Refused) else refused
    return [problem.in_(get_language() or "vi") for problem in problems]
