"""What rounds from before there were lots are bound to goes into the log, and that it came late.

The log says it of every round since (`rounds.ask_for_round`). Of the older ones the commitment stood on their
pages alone, where whoever owns the database could have put another: from now on the chain holds it.
`lots_shown` counts draws that had revealed a lot before that moment: of those the log proves nothing.
"""

import json
from typing import Any

from django.db import migrations

from kieumau.rechecks.verbs import BOUND_LATE
from kieumau.rounds import lots

ROUNDS = """
    SELECT r.id, r.area_id, r.name, r.lot, r.made_at, r.bound_late_at,
        (SELECT count(*) FROM recheck_draw d WHERE d.round_id = r.id AND d.lot <> '')
    FROM round r
    WHERE r.state <> 'cancelled' AND r.bound_late_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM audit_entry e
        WHERE e.object_kind = 'round' AND e.object_id = r.id::text AND e.new ? 'draws')
    ORDER BY r.id
"""
ENTRY = """
    INSERT INTO audit_entry (at, actor_id, actor_name, unit_id, object_kind, object_id, object_name, verb,
        old, new, why, request_id)
    VALUES (now(), '', '', %s, 'round', %s, %s, %s, NULL, %s, '', '')
"""


def put_down(_apps: Any, schema_editor: Any) -> None:
    """One entry for each such round; none where there is one already."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(ROUNDS)
        for round_id, area_id, name, lot, made_at, late_at, shown in cursor.fetchall():
            said = {
                "draws": lots.commitment(lot),
                "round_made_at": made_at.isoformat(),
                "bound_at": late_at.isoformat(),
                "lots_shown": shown,
            }
            cursor.execute(ENTRY, [area_id, str(round_id), name, BOUND_LATE.code, json.dumps(said)])


class Migration(migrations.Migration):
    dependencies = [
        ("rechecks", "0007_written_by_who_may"),
        ("rounds", "0013_bound_late"),
        ("audit", "0002_past"),
    ]

    operations = [migrations.RunPython(put_down, migrations.RunPython.noop)]
