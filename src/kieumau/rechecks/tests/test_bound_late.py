"""Rounds of before there were lots: the log says what their draws are bound to, and that it came late."""

from datetime import timedelta
from importlib import import_module

from django.db import connection

from kieumau.audit.models import Entry
from kieumau.audit.proving import prove
from kieumau.audit.saying import said
from kieumau.rechecks.actions import Size, draw
from kieumau.rechecks.tests.test_row_security import cast, dossier
from kieumau.rechecks.verbs import BOUND_LATE
from kieumau.rechecks.verifying import verify
from kieumau.rounds.models import Dossier, Round
from kieumau.rounds.tests.cast import NOW, People

__all__ = ["cast", "dossier"]
put_down = import_module("kieumau.rechecks.migrations.0008_bound_late_in_the_log").put_down


def migrated() -> list[Entry]:
    """What the migration puts into the log, each time it is run."""
    with connection.schema_editor(atomic=False) as editor:
        put_down(None, editor)
    return list(Entry.objects.filter(verb=BOUND_LATE.code))


def test_what_an_older_round_is_bound_to_comes_into_the_log_once(dossier: Dossier, cast: People) -> None:
    assert migrated() == []  # put down since there are lots: its own entry says it
    late = NOW + timedelta(days=3)
    Round.objects.filter(pk=dossier.round_id).update(bound_late_at=late)
    (entry,) = migrated()
    made = Round.objects.get(pk=dossier.round_id)
    assert entry.new == {
        "draws": made.commitment,
        "round_made_at": NOW.isoformat(),
        "bound_at": late.isoformat(),
        "lots_shown": 1,
    }
    assert (entry.object_kind, entry.object_id, entry.unit_id) == ("round", str(made.pk), made.area_id)
    assert "put down late" in said(entry).sentence.en
    assert migrated() == [entry]
    again = draw(made, area_id=made.area_id, size=Size(1, 1), actor=cast.appraiser, now=NOW, reason="Nữa")
    assert verify(again).holds
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # the chain, as at the end of a transaction
    assert prove().faults == ()
