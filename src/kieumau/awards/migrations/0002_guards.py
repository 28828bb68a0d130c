"""What was decided stays: titles and withdrawals neither change nor disappear."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION title_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was decided about titles is only added to'
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER title_stays BEFORE UPDATE OR DELETE ON title FOR EACH ROW EXECUTE FUNCTION title_stays();
CREATE TRIGGER title_withdrawal_stays BEFORE UPDATE OR DELETE ON title_withdrawal
    FOR EACH ROW EXECUTE FUNCTION title_stays();
"""
BACKWARD = """
DROP TRIGGER title_withdrawal_stays ON title_withdrawal;
DROP TRIGGER title_stays ON title;
DROP FUNCTION title_stays;
"""


class Migration(migrations.Migration):
    dependencies = [("awards", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
