"""A role that was given is ended once and never opened again, by whoever serves pages.

The serving role may write nothing of a grant but its end (`row_security._limits`).
"""

from django.db import migrations

from kieumau.accounts.row_security import ROLE

_THERE = (
    "(SELECT app_whole()) OR unit_id = ANY (ARRAY(SELECT app_reach())) OR user_id = (SELECT app_person())"
)
ONCE = f"""
DROP POLICY ended ON account_grant;
CREATE POLICY ended ON account_grant FOR UPDATE TO {ROLE}
    USING (ended_at IS NULL AND ({_THERE})) WITH CHECK (ended_at IS NOT NULL AND ({_THERE}));
"""
AGAIN = f"""
DROP POLICY ended ON account_grant;
CREATE POLICY ended ON account_grant FOR UPDATE TO {ROLE} USING ({_THERE}) WITH CHECK ({_THERE});
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_what_ended_in_parts")]

    operations = [migrations.RunSQL(ONCE, AGAIN)]
