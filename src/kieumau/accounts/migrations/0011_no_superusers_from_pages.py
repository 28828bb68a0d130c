"""Whoever serves pages makes nobody a superuser: the command line does.

Django writes every column of an account, so that the role may not be refused the column itself.
"""

from django.db import migrations

from kieumau.accounts.row_security import ROLE

GUARD = f"""
CREATE FUNCTION account_user_rises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'accounts are made superusers on the command line only'
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER account_user_is_made_superuser BEFORE INSERT ON account_user
    FOR EACH ROW WHEN (current_user = '{ROLE}' AND (NEW.is_superuser OR NEW.is_staff))
    EXECUTE FUNCTION account_user_rises();
CREATE TRIGGER account_user_becomes_superuser BEFORE UPDATE ON account_user
    FOR EACH ROW WHEN (current_user = '{ROLE}' AND (NEW.is_superuser AND NOT OLD.is_superuser
        OR NEW.is_staff AND NOT OLD.is_staff))
    EXECUTE FUNCTION account_user_rises();
"""
UNGUARD = """
DROP TRIGGER account_user_is_made_superuser ON account_user;
DROP TRIGGER account_user_becomes_superuser ON account_user;
DROP FUNCTION account_user_rises();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_roles_only_end")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
