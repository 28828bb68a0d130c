"""How many notices somebody has not read, counted before it is known for whom a connection works."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION notice_unread(person bigint) RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS
$$ SELECT count(*)::int FROM public.notice n WHERE n.person_id = $1 AND n.read_at IS NULL $$;
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_row_security")]

    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION notice_unread(bigint)")]
