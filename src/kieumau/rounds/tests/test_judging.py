"""Two who judge the same evidence: the second has seen the first, or gets both and chooses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.audit.models import Entry
from kieumau.rounds.actions import add_evidence, conclude, look_at_evidence, say, submit
from kieumau.rounds.failures import JudgedMeanwhile
from kieumau.rounds.models import Dossier, Evidence
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import ALL, NOW, People, open_round, resolution

MET, NOT_MET = Said(Outcome.MET), Said(Outcome.NOT_MET, remark="Chưa đủ")
S, V = Stage.SELF, Stage.VERIFICATION
YES, NO = (True, ""), (False, "Mờ, không đọc được")


@pytest.fixture
def world(kept_judged: Cast, settings: Any, tmp_path: Path) -> Cast:
    settings.KIEUMAU_FILES = str(tmp_path / "files")
    return kept_judged


@pytest.fixture
def second(world: Cast, cast: People, grant: Callable[..., Any]) -> User:
    """Tâm, who verifies in Cần Thơ as Minh does."""
    tam = User.objects.create_user("tam")
    for user in (tam, cast.verifier):
        grant(user, "verifier", world.unit("Cần Thơ"))
    return tam


@pytest.fixture
def evidence(world: Cast, cast: People) -> Evidence:
    """The resolution of Cái Khế, submitted; nobody has looked at it."""
    dossier = Dossier.objects.get(round=open_round(world, stages=ALL), unit=world.unit("Cái Khế"))
    document = resolution(dossier.unit_id)
    for code in ("1.1", "1.2"):
        say(dossier.pk, criterion=code, stage=S, said=MET, seen=None, actor=cast.officer, now=NOW)
    made = add_evidence(dossier.pk, criterion="1.1", document=document, actor=cast.officer, now=NOW)
    submit(dossier.pk, actor=cast.officer, now=NOW)
    return made


TABLE = [
    # the first says, the second says, over which version, what stands then: state, version, by whom
    (YES, YES, 1, ("accepted", 2, "minh")),  # both say the same: nothing to choose
    (NO, NO, 1, ("refused", 2, "minh")),
    (YES, NO, 1, None),  # not seen: he gets both
    (NO, YES, 1, None),
    (NO, (False, "Thiếu dấu"), 1, None),  # the same for another reason is another judgment
    (YES, NO, 2, ("refused", 3, "tam")),  # seen: he chose
    (NO, YES, 2, ("accepted", 3, "tam")),
]


@pytest.mark.parametrize(("first", "then", "seen", "stands"), TABLE)
def test_the_second_of_two(
    evidence: Evidence,
    cast: People,
    second: User,
    first: tuple[bool, str],
    then: tuple[bool, str],
    seen: int,
    stands: tuple[str, int, str] | None,
) -> None:
    def judges(user: User, said: tuple[bool, str], over: int) -> Evidence:
        is_accepted, reason = said
        return look_at_evidence(
            evidence, is_accepted=is_accepted, reason=reason, actor=user, now=NOW, seen=over
        )

    judges(cast.verifier, first, 1)
    if stands is None:
        with pytest.raises(JudgedMeanwhile) as meanwhile:
            judges(second, then, seen)
        assert meanwhile.value.theirs.looked_at_by == cast.verifier
        assert meanwhile.value.theirs.reason == first[1]
        stands = ("accepted" if first[0] else "refused", 2, "minh")
    else:
        judges(second, then, seen)
    now = Evidence.objects.select_related("looked_at_by").get(pk=evidence.pk)
    assert now.looked_at_by is not None
    assert (now.state, now.version, now.looked_at_by.username) == stands


def test_every_judgment_is_in_the_log_with_the_one_before(
    evidence: Evidence, cast: People, second: User
) -> None:
    seen = evidence
    for user, (is_accepted, reason) in ((cast.verifier, YES), (second, NO), (second, NO)):
        seen = look_at_evidence(seen, is_accepted=is_accepted, reason=reason, actor=user, now=NOW)
    state, version, why = (f"document.{evidence.document_id}.{one}" for one in ("state", "version", "reason"))
    pending = {state: "pending", version: 1}
    accepted = {state: "accepted", version: 2}
    refused = {state: "refused", version: 3, why: NO[1]}
    told = Entry.objects.filter(verb="rounds.look_at_evidence").order_by("pk")
    assert [(one.old, one.new, one.why) for one in told] == [
        (pending, accepted, ""),
        (accepted, refused, NO[1]),
    ]


def signed_in(user: User) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def judged(client: Client, evidence: Evidence, do: str, reason: str, seen: int = 1) -> Any:
    """The form below a document, sent from the page of verification."""
    typed = {"do": do, f"reason-{evidence.pk}": reason, f"seen-{evidence.pk}": seen, "at_stage": int(V)}
    address = reverse("dossier_evidence", args=[evidence.dossier_id, "1.1"])
    return client.post(f"{address}?minh-chung={evidence.pk}", typed)


def test_the_page_gives_both_and_saves_what_was_chosen(
    evidence: Evidence, cast: People, second: User
) -> None:
    assert judged(signed_in(cast.verifier), evidence, "accept", "").status_code == 302
    client = signed_in(second)
    answer = judged(client, evidence, "refuse", "Thiếu con dấu")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "minh judged this" in page
    assert 'value="Thiếu con dấu"' in page, "what was typed is in the form again"
    assert f'name="seen-{evidence.pk}" value="2"' in page
    assert judged(client, evidence, "refuse", "Thiếu con dấu", seen=2).status_code == 302
    evidence.refresh_from_db()
    assert (evidence.state, evidence.reason) == ("refused", "Thiếu con dấu")
    there = client.get(reverse("dossier_criterion", args=[evidence.dossier_id, "1.1"])).content.decode()
    assert f"Put down: the evidence “{evidence.document}” is not accepted." in there


def test_what_is_typed_too_late_or_wrongly_stays_on_the_page(
    evidence: Evidence, cast: People, second: User
) -> None:
    client = signed_in(second)
    bare = judged(client, evidence, "refuse", "")
    assert bare.status_code == 422
    assert "Say why it is not accepted" in bare.content.decode()
    look_at_evidence(evidence, is_accepted=True, reason="", actor=cast.verifier, now=NOW)
    for code in ("1.1", "1.2"):
        say(evidence.dossier_id, criterion=code, stage=V, said=MET, seen=None, actor=cast.verifier, now=NOW)
    held = judged(client, evidence, "refuse", "Thiếu con dấu", seen=2)
    assert held.status_code == 422
    assert "found met by this document alone" in held.content.decode()
    conclude(evidence.dossier_id, actor=cast.verifier, now=NOW)
    late = judged(client, evidence, "refuse", "Thiếu con dấu", seen=2)
    assert late.status_code == 422
    assert "no longer in this stage" in late.content.decode()
    assert "Thiếu con dấu" in late.content.decode()
    evidence.refresh_from_db()
    assert evidence.state == "accepted"
