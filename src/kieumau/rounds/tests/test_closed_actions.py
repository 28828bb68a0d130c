"""Actions about a criterion are closed by themselves: called past the door, they let nobody else write.

No action asks what somebody may: the door of the page does, and the database again, in the policies of the
rows that it would write (ADR 43). They are called here as pages are served, by the role that owns nothing.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import Error, connection, transaction

from kieumau.accounts.acting import acting
from kieumau.accounts.models import User
from kieumau.accounts.row_security import ROLE
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.kernel.messages import Refused
from kieumau.rounds.actions import add_evidence, look_at_evidence, remove_evidence, say
from kieumau.rounds.models import Dossier
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, People, dossier_of, resolution, staff
from kieumau.rounds.tests.test_pages import submitted

UNIT, VERIFIER = "officer of Cái Khế", "verifier of Cần Thơ"
NOT_MET = Said(Outcome.NOT_MET, remark="Chưa đủ")
MAY = {
    # while the unit works on it
    "add": UNIT,
    "remove": UNIT,
    "say": UNIT,
    # while it is verified
    "accept": VERIFIER,
    "refuse": VERIFIER,
    "find": VERIFIER,
}


@pytest.fixture
def cast(world: Cast, grant: Any) -> People:
    return staff(world, grant)


@pytest.fixture
def everybody(world: Cast, cast: People, grant: Any) -> dict[str, User]:
    """Who might call an action: those whose turn it is, those who only read, one of the ward beside."""
    found = {UNIT: cast.officer, VERIFIER: cast.verifier}
    for role, unit in (("officer", "An Bình"), ("auditor", "Cần Thơ"), ("programme_office", "Cần Thơ")):
        found[f"{role} of {unit}"] = User.objects.create_user(role)
        grant(found[f"{role} of {unit}"], role, world.unit(unit))
    return {**found, "nobody": User.objects.create_user("nobody")}


def changes(act: Callable[..., Any], who: User) -> bool:
    """Does it go through? Nothing of it stays."""
    is_done = False
    with acting(who), transaction.atomic():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL ROLE {ROLE}")
                act(actor=who, now=NOW)
                is_done = True
        except (Error, Refused, Dossier.DoesNotExist):
            pass
        transaction.set_rollback(True)
    return is_done


@pytest.mark.parametrize("is_submitted", [False, True])
def test_nobody_else_writes(
    world: Cast, cast: People, everybody: dict[str, User], *, is_submitted: bool
) -> None:
    dossier = dossier_of(world)
    acts: dict[str, Callable[..., Any]]
    if is_submitted:
        evidence = submitted(dossier, cast)
        judge = partial(look_at_evidence, evidence, seen=1)
        acts = {
            "accept": partial(judge, is_accepted=True, reason=""),
            "refuse": partial(judge, is_accepted=False, reason="Mờ"),
            "find": partial(
                say, dossier.pk, criterion="1.1", stage=Stage.VERIFICATION, said=NOT_MET, seen=None
            ),
        }
    else:
        first, second = resolution(dossier.unit_id), resolution(dossier.unit_id)
        added = add_evidence(dossier.pk, criterion="1.1", document=first, actor=cast.officer, now=NOW)
        acts = {
            "add": partial(add_evidence, dossier.pk, criterion="1.1", document=second),
            "remove": partial(remove_evidence, added),
            "say": partial(say, dossier.pk, criterion="1.1", stage=Stage.SELF, said=NOT_MET, seen=None),
        }
    allowed = {
        (name, who) for name, act in acts.items() for who, user in everybody.items() if changes(act, user)
    }
    assert allowed == {(name, MAY[name]) for name in acts}
