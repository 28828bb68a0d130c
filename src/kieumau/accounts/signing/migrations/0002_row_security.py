"""Invitations are seen by whoever made them and by those who look after the unit."""

from django.db import migrations

from kieumau.accounts.row_security import ROLE

_SEEN = (
    "(SELECT app_whole()) OR unit_id = ANY (ARRAY(SELECT app_reach())) OR made_by_id = (SELECT app_person())"
)
FORWARD = f"""
ALTER TABLE account_invitation ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_reach ON account_invitation TO {ROLE} USING ({_SEEN}) WITH CHECK ({_SEEN});
"""
BACKWARD = """
DROP POLICY in_reach ON account_invitation;
ALTER TABLE account_invitation DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("signing", "0001_invitations_sessions_and_tries"),
        ("accounts", "0008_people_and_log_in_scope"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
