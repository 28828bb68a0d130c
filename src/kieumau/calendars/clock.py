"""The clock of a transaction: what time it is for the database, where the application passes it in."""

from datetime import datetime

from django.db import connection

SETTING = "kieumau.now"


def set_clock(now: datetime) -> None:
    """What time it is for the rest of the transaction. Without it the database's own clock goes on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, now.isoformat()])
