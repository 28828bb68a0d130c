"""The door to evidence, by role and by the stage that the form says: nobody gets in by saying another one."""

from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.assessments.tests.cast import Cast
from kieumau.rounds.actions import add_evidence, conclude, look_at_evidence, remove_evidence, say
from kieumau.rounds.failures import NotAllowed
from kieumau.rounds.models import Dossier, Evidence
from kieumau.rounds.rules import Stage
from kieumau.rounds.tests.cast import NOW, People, dossier_of, resolution, staff
from kieumau.rounds.tests.test_pages import MET, signed_in, submitted


@pytest.fixture
def cast(world: Cast, grant: Any) -> People:
    """Hoa assesses Cái Khế, Lan submits for it, Minh verifies, Quang appraises."""
    return staff(world, grant, submitting="second_officer")


@pytest.fixture
def others(world: Cast, grant: Any) -> dict[str, User]:
    """Those who only read, or decide."""
    found = {}
    for role in ("programme_office", "auditor"):
        found[role] = User.objects.create_user(role)
        grant(found[role], role, world.unit("Cần Thơ"))
    return found


@pytest.fixture
def dossier(world: Cast) -> Dossier:
    return dossier_of(world)


# Where the dossier stands, what is done: the only role that may; at the stage it stands in, when judging.
MAY = {
    (2, "add"): "officer",
    (2, "remove"): "officer",
    (3, "accept"): "verifier",
    (3, "refuse"): "verifier",
    (4, "refuse"): "appraiser",  # it was accepted before
}


def evidence_at(dossier: Dossier, cast: People, stands: int) -> Evidence:
    """For 1.1, of a dossier that came to a stage as dossiers do."""
    if stands == Stage.SELF:
        document = resolution(dossier.unit_id)
        return add_evidence(dossier.pk, criterion="1.1", document=document, actor=cast.officer, now=NOW)
    found = submitted(dossier, cast)
    if stands == Stage.APPRAISAL:
        look_at_evidence(found, is_accepted=True, reason="", actor=cast.verifier, now=NOW)
        for code in ("1.1", "1.2"):
            said: dict[str, Any] = {"criterion": code, "stage": Stage.VERIFICATION, "said": MET, "seen": None}
            say(dossier.pk, actor=cast.verifier, now=NOW, **said)
        conclude(dossier.pk, actor=cast.verifier, now=NOW)
    return found


def tried(dossier: Dossier, evidence: Evidence, client: Client, do: str, at_stage: int, free: int) -> bool:
    """Did it change anything? Nothing of it stays."""
    data = {"do": do, "at_stage": at_stage, f"seen-{evidence.pk}": evidence.version}
    said = {**data, "document": free, f"reason-{evidence.pk}": "" if do == "accept" else "Mờ"}
    address = f"{reverse('dossier_evidence', args=[dossier.pk, '1.1'])}?minh-chung={evidence.pk}"
    with transaction.atomic():
        before = list(Evidence.objects.order_by("pk").values())
        client.post(address, said)
        has_changed = before != list(Evidence.objects.order_by("pk").values())
        transaction.set_rollback(True)
    return has_changed


@pytest.mark.parametrize("stands", [2, 3, 4])
def test_who_by_what_he_says(cast: People, others: dict[str, User], dossier: Dossier, stands: int) -> None:
    evidence = evidence_at(dossier, cast, stands)
    evidence.refresh_from_db()
    free = resolution(dossier.unit_id).pk
    roles = {"officer": cast.officer, "approver": cast.second_officer, "verifier": cast.verifier}
    everybody = {**roles, "appraiser": cast.appraiser, **others}
    for role, who in everybody.items():
        client = signed_in(who)
        for do, said in product(("add", "remove", "accept", "refuse"), (1, 2, 3, 4)):
            is_told_right = do in {"add", "remove"} or said == stands
            expected = MAY.get((stands, do)) == role and is_told_right
            assert tried(dossier, evidence, client, do, said, free) == expected, (role, do, said)


def test_what_was_let_in_at_another_stage_is_not_saved(cast: People, dossier: Dossier) -> None:
    """The door looked before the dossier moved on; the action looks again, holding it."""
    evidence = submitted(dossier, cast)
    document = resolution(dossier.unit_id)
    late: dict[str, Any] = {"actor": cast.officer, "now": NOW, "stage": Stage.SELF}
    early: dict[str, Any] = {**late, "actor": cast.verifier, "stage": Stage.APPRAISAL}
    with pytest.raises(NotAllowed, match="no longer in this stage"):
        add_evidence(dossier.pk, criterion="1.1", document=document, **late)
    with pytest.raises(NotAllowed, match="no longer in this stage"):
        remove_evidence(evidence, **late)
    with pytest.raises(NotAllowed, match="no longer in this stage"):
        look_at_evidence(evidence, is_accepted=True, reason="", **early)
