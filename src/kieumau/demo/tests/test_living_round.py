"""The demo's round over Cần Thơ: dossiers in all places, and only once."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kieumau.accounts.models import User
from kieumau.assessments.tests.cast import load_world
from kieumau.assignments.models import Assignment
from kieumau.audit.models import Entry
from kieumau.calendars.working_days import ZONE
from kieumau.demo import living_round
from kieumau.rounds.access import may_work
from kieumau.rounds.models import Dossier, Evidence, Hand, Round

pytestmark = pytest.mark.django_db


def test_a_newcomer_sees_life(settings: Any, tmp_path: Path) -> None:
    settings.KIEUMAU_FILES = str(tmp_path / "files")
    world = load_world(more=48)
    now = datetime(2026, 11, 22, 16, tzinfo=ZONE)
    assert living_round.load(now) == 50
    assert Round.objects.get().state == Round.State.OPEN
    places = Counter(Dossier.objects.values_list("stage", "state"))
    assert places == {
        (2, "open"): 41,
        (2, "sent_back"): 2,
        (3, "open"): 4,
        (4, "open"): 2,
        (4, "concluded"): 1,
    }
    ward = Evidence.objects.filter(dossier__unit=world.unit("Cái Khế"))
    assert set(ward.values_list("criterion__code", flat=True)) == {"1.1", "1.2"}
    appraiser = User.objects.get(username="can-tho.phuc-tra")
    for dossier in Dossier.objects.filter(stage=4, state="open").select_related("round__programme"):
        assert may_work(appraiser, dossier)
        assert not Hand.objects.filter(dossier=dossier, person=appraiser).exists()
    given = Assignment.objects.all()
    assert (given.count(), given.filter(due_on__lt=now.date()).count()) == (5, 2)
    before = Entry.objects.count()
    living_round.load(now)
    assert Entry.objects.count() == before
