"""What the database itself refuses while figures are being written, told as a problem.

Guards are asked before anything is written (`ask_guards`), and nearly always that is the end of it. Between
their answer and the writing a lock moment may pass, though: then the database refuses the statement.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, IntegrityError
from psycopg.errors import RestrictViolation

from kieumau.indicators.actions.references import NotRecorded
from kieumau.kernel.messages import Problem, Text

MEANWHILE = Problem(
    "refused-meanwhile",
    Text(
        vi="Không lưu được: trong lúc lưu, báo cáo đã khóa hoặc đã nộp. Chưa lưu số liệu nào.",
        en="Not saved: while saving, the return was locked or submitted. No figure was stored.",
    ),
    Text(
        vi="Đề nghị cấp trên trả lại hoặc mở khóa báo cáo.",
        en="Ask your superior to send the return back, or to unlock it.",
    ),
)


def is_late(error: DatabaseError) -> bool:
    """Did a guard in the database refuse the statement?"""
    return isinstance(error.__cause__, RestrictViolation)


@contextmanager
def told_if_late() -> Iterator[None]:
    """Raises `NotRecorded` where the database refuses what is written within.

    The transaction is of no use then but to be rolled back, so that nothing stays half written.
    """
    try:
        yield
    except IntegrityError as error:
        if not is_late(error):
            raise
        raise NotRecorded([MEANWHILE]) from error
