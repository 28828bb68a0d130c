"""Who re-checked a dossier has no hand in it afterwards, also where both happen at the same moment."""

from django.db import migrations

from kieumau.accounts.row_security import as_owner

# Both ask for the person and the dossier first: who comes second sees what the other wrote.
FORWARD = """
CREATE FUNCTION dossier_person_alone(dossier bigint, person bigint) RETURNS void LANGUAGE sql AS $$
    SELECT pg_advisory_xact_lock(hashtextextended('hand/' || dossier || '/' || person, 0))
$$;

CREATE OR REPLACE FUNCTION recheck_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND old.outcome IS NOT NULL THEN
        RAISE EXCEPTION 'what a re-check found stays'
            USING ERRCODE = 'restrict_violation', TABLE = 'recheck';
    END IF;
    IF new.person_id IS NOT NULL THEN
        PERFORM public.dossier_person_alone(new.dossier_id, new.person_id);
        IF EXISTS (
            SELECT FROM dossier_hand h
            WHERE h.dossier_id = new.dossier_id AND h.person_id = new.person_id
        ) THEN
            RAISE EXCEPTION 'a person who had a hand in the dossier does not re-check it'
                USING ERRCODE = 'restrict_violation', TABLE = 'recheck';
        END IF;
    END IF;
    RETURN new;
END $$;

CREATE FUNCTION dossier_hand_of_no_rechecker() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.dossier_person_alone(new.dossier_id, new.person_id);
    IF EXISTS (
        SELECT FROM recheck c WHERE c.dossier_id = new.dossier_id AND c.person_id = new.person_id
    ) THEN
        RAISE EXCEPTION 'a person who re-checked the dossier has no hand in it'
            USING ERRCODE = 'restrict_violation', TABLE = 'dossier_hand';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER dossier_hand_of_no_rechecker BEFORE INSERT ON dossier_hand
    FOR EACH ROW EXECUTE FUNCTION dossier_hand_of_no_rechecker();
"""
BACKWARD = """
DROP TRIGGER dossier_hand_of_no_rechecker ON dossier_hand;
DROP FUNCTION dossier_hand_of_no_rechecker;
CREATE OR REPLACE FUNCTION recheck_by_another() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND old.outcome IS NOT NULL THEN
        RAISE EXCEPTION 'what a re-check found stays'
            USING ERRCODE = 'restrict_violation', TABLE = 'recheck';
    END IF;
    IF new.person_id IS NOT NULL AND EXISTS (
        SELECT FROM dossier_hand h WHERE h.dossier_id = new.dossier_id AND h.person_id = new.person_id
    ) THEN
        RAISE EXCEPTION 'a person who had a hand in the dossier does not re-check it'
            USING ERRCODE = 'restrict_violation', TABLE = 'recheck';
    END IF;
    RETURN new;
END $$;
DROP FUNCTION dossier_person_alone;
"""


class Migration(migrations.Migration):
    dependencies = [("rechecks", "0003_row_security")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        as_owner("recheck_by_another", "dossier_hand_of_no_rechecker"),
    ]
