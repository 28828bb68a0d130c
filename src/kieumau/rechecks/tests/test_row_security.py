"""With every filter forgotten, dossiers and what belongs to them are those of the own units only."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import Error, connection, transaction

from kieumau.accounts.acting import acting
from kieumau.accounts.models import User
from kieumau.accounts.row_security import ROLE
from kieumau.accounts.tests.granting import grant
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast, load_world
from kieumau.rechecks.actions import Size, draw
from kieumau.rounds.actions import (
    Count,
    add_evidence,
    conclude,
    look_at_evidence,
    record_vote,
    say,
    send_back,
    submit,
)
from kieumau.rounds.models import Dossier
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, TODAY, People, open_round, people, resolution

TABLES = (
    "dossier",
    "dossier_hand",
    "dossier_finding",
    "dossier_evidence",
    "dossier_move",
    "dossier_vote",
    "recheck",
)
MET = Said(Outcome.MET)


@pytest.fixture
def cast(db: None) -> People:
    return people()


@pytest.fixture
def dossier(cast: People) -> Dossier:
    """That of Cái Khế, through all stages, voted on and drawn for a re-check; An Bình's has only begun."""
    world = load_world()
    made = open_round(world, stages=(Stage.SELF, Stage.VERIFICATION))
    found = Dossier.objects.get(round=made, unit=world.unit("Cái Khế"))
    for code in ("1.1", "1.2"):
        say(found.pk, criterion=code, stage=Stage.SELF, said=MET, seen=None, actor=cast.officer, now=NOW)
    document = resolution(found.unit_id)
    proof = add_evidence(found.pk, criterion="1.1", document=document, actor=cast.officer, now=NOW)
    submit(found.pk, actor=cast.officer, now=NOW)
    look_at_evidence(proof, is_accepted=True, reason="", actor=cast.verifier, now=NOW)
    for code in ("1.1", "1.2"):
        say(
            found.pk,
            criterion=code,
            stage=Stage.VERIFICATION,
            said=MET,
            seen=None,
            actor=cast.verifier,
            now=NOW,
        )
    conclude(found.pk, actor=cast.verifier, now=NOW)
    count = Count(members=9, in_favor=8, against=1)
    record_vote(
        found.pk, council="Hội đồng", held_on=TODAY, count=count, minutes=None, actor=cast.appraiser, now=NOW
    )
    draw(made, area_id=world.unit("Cần Thơ"), size=Size(1, 1), actor=cast.appraiser, now=NOW, reason="Thử")
    found.world = world  # type: ignore[attr-defined]
    return found


@contextmanager
def serving(user: Any) -> Iterator[Any]:
    """A cursor of the role that serves pages, for somebody."""
    with acting(user), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        yield cursor
        cursor.execute("RESET ROLE")


def seen(user: Any) -> tuple[int, ...]:
    """How many rows of each table somebody gets who asks for all."""
    with serving(user) as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in TABLES))
        return tuple(cursor.fetchone())


SEEN = [
    # role, where, rows of dossier, hand, finding, evidence, move, vote, recheck
    ("verifier", "Việt Nam", (2, 2, 10, 1, 2, 1, 1)),
    ("verifier", "Cần Thơ", (2, 2, 10, 1, 2, 1, 1)),
    ("verifier", "Hồ Chí Minh", (0, 0, 0, 0, 0, 0, 0)),
    ("officer", "Cái Khế", (1, 2, 10, 1, 2, 1, 1)),
    ("officer", "An Bình", (1, 0, 0, 0, 0, 0, 0)),
    ("administrator", "Việt Nam", (0, 0, 0, 0, 0, 0, 0)),
    ("", "", (0, 0, 0, 0, 0, 0, 0)),
]


def test_a_forgotten_filter_shows_the_own_units_only(dossier: Dossier) -> None:
    world: Cast = dossier.world  # type: ignore[attr-defined]
    for number, (role, where, expected) in enumerate(SEEN):
        user = User.objects.create_user(f"người-{number}")
        if role:
            grant(user, role, world.unit(where))
        assert seen(user) == expected, (role, where)


WRITES = [
    "UPDATE dossier_finding SET remark = 'của tôi' WHERE dossier_id = {0} RETURNING id",
    "UPDATE dossier SET version = 99 WHERE id = {0} RETURNING id",
    "UPDATE recheck SET remark = 'của tôi' WHERE dossier_id = {0} RETURNING id",
]
REFUSED = [
    "INSERT INTO dossier_hand (dossier_id, person_id, side) VALUES ({0}, {1}, 2)",
    "DELETE FROM dossier WHERE id = {0}",
    "DELETE FROM dossier_finding",
    "UPDATE dossier_move SET reason = 'x'",
    "UPDATE recheck_draw SET seed = 'x'",
]


def test_nothing_elsewhere_is_written(dossier: Dossier) -> None:
    world: Cast = dossier.world  # type: ignore[attr-defined]
    user = User.objects.create_user("người")
    grant(user, "verifier", world.unit("Hồ Chí Minh"))
    with serving(user) as cursor:
        for sql in WRITES:
            cursor.execute(sql.format(dossier.pk))
            assert cursor.fetchall() == []
        for sql in REFUSED:
            with pytest.raises(Error), transaction.atomic():
                cursor.execute(sql.format(dossier.pk, user.pk))


def test_a_unit_submits_as_the_role_that_serves_pages(cast: People) -> None:
    """Submitting freezes figures, takes away what they no longer say, seals documents and tells people."""
    world = load_world()
    dossier = Dossier.objects.get(round=open_round(world), unit=world.unit("Cái Khế"))
    document = resolution(dossier.unit_id)
    grant(cast.officer, "officer", dossier.unit_id)
    grant(cast.officer, "approver", dossier.unit_id)
    grant(cast.verifier, "verifier", world.unit("Cần Thơ"))
    officer, verifier = (User.objects.get(pk=one.pk) for one in (cast.officer, cast.verifier))
    with serving(officer):
        for code in ("1.1", "1.2"):
            say(dossier.pk, criterion=code, stage=Stage.SELF, said=MET, seen=None, actor=officer, now=NOW)
        add_evidence(dossier.pk, criterion="1.1", document=document, actor=officer, now=NOW)
        assert submit(dossier.pk, actor=officer, now=NOW).stage == Stage.VERIFICATION
    with serving(verifier):
        assert send_back(dossier.pk, actor=verifier, now=NOW, reason="Thiếu").stage == Stage.SELF
    with serving(officer):
        assert submit(dossier.pk, actor=officer, now=NOW).stage == Stage.VERIFICATION
