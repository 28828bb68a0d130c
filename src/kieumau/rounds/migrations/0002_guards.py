"""What the database itself refuses: a second side, a finding out of its stage, history that changes."""

from django.db import migrations

FORWARD = """
-- Whoever found something at a stage is, for good, on that stage's side of the dossier.
ALTER TABLE dossier_finding ADD COLUMN side smallint
    GENERATED ALWAYS AS (CASE WHEN stage <= 2 THEN 1 WHEN stage = 3 THEN 2 ELSE 3 END) STORED;
ALTER TABLE dossier_finding ADD CONSTRAINT dossier_finding_is_of_its_side
    FOREIGN KEY (dossier_id, person_id, side) REFERENCES dossier_hand (dossier_id, person_id, side);

-- Findings change only while their stage is worked on; whoever moves the dossier waits for who saves.
CREATE FUNCTION dossier_finding_in_its_stage() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one dossier_finding := CASE TG_OP WHEN 'DELETE' THEN old ELSE new END;
    place record;
BEGIN
    IF TG_OP = 'UPDATE' AND (old.dossier_id, old.stage, old.criterion_id)
            <> (new.dossier_id, new.stage, new.criterion_id) THEN
        RAISE EXCEPTION 'a finding stays where it is'
            USING ERRCODE = 'restrict_violation', TABLE = 'dossier_finding';
    END IF;
    SELECT d.stage, d.state INTO place FROM dossier d WHERE d.id = one.dossier_id FOR SHARE;
    IF FOUND AND (place.stage <> one.stage OR place.state NOT IN ('open', 'sent_back')) THEN
        RAISE EXCEPTION 'the dossier is not in that stage'
            USING ERRCODE = 'restrict_violation', TABLE = 'dossier_finding';
    END IF;
    RETURN one;
END $$;
CREATE TRIGGER dossier_finding_in_its_stage BEFORE INSERT OR UPDATE OR DELETE ON dossier_finding
    FOR EACH ROW EXECUTE FUNCTION dossier_finding_in_its_stage();

-- The unit adds and removes evidence while it works on the dossier; others look at it afterwards.
CREATE FUNCTION dossier_evidence_in_its_stage() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one dossier_evidence := CASE TG_OP WHEN 'DELETE' THEN old ELSE new END;
    place record;
BEGIN
    SELECT d.stage, d.state INTO place FROM dossier d WHERE d.id = one.dossier_id FOR SHARE;
    IF NOT FOUND THEN
        RETURN one;
    END IF;
    IF place.state NOT IN ('open', 'sent_back') OR (TG_OP = 'UPDATE') <> (place.stage > 2) THEN
        RAISE EXCEPTION 'evidence is added by the unit and looked at by others, each in its stage'
            USING ERRCODE = 'restrict_violation', TABLE = 'dossier_evidence';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF (old.dossier_id, old.criterion_id, old.document_id, old.added_by_id)
                <> (new.dossier_id, new.criterion_id, new.document_id, new.added_by_id) THEN
            RAISE EXCEPTION 'evidence stays what it is'
                USING ERRCODE = 'restrict_violation', TABLE = 'dossier_evidence';
        END IF;
        IF new.looked_at_by_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM dossier_hand h
            WHERE h.dossier_id = new.dossier_id AND h.person_id = new.looked_at_by_id AND h.side > 1
        ) THEN
            RAISE EXCEPTION 'evidence is looked at by who did not assess'
                USING ERRCODE = 'restrict_violation', TABLE = 'dossier_evidence';
        END IF;
    END IF;
    RETURN one;
END $$;
CREATE TRIGGER dossier_evidence_in_its_stage BEFORE INSERT OR UPDATE OR DELETE ON dossier_evidence
    FOR EACH ROW EXECUTE FUNCTION dossier_evidence_in_its_stage();

CREATE FUNCTION round_history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was done in a round is only added to'
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER dossier_move_stays BEFORE UPDATE OR DELETE ON dossier_move
    FOR EACH ROW EXECUTE FUNCTION round_history_stays();
CREATE TRIGGER dossier_hand_stays BEFORE UPDATE OR DELETE ON dossier_hand
    FOR EACH ROW EXECUTE FUNCTION round_history_stays();
CREATE TRIGGER dossier_vote_stays BEFORE UPDATE OR DELETE ON dossier_vote
    FOR EACH ROW EXECUTE FUNCTION round_history_stays();
CREATE TRIGGER round_extension_stays BEFORE UPDATE OR DELETE ON round_extension
    FOR EACH ROW EXECUTE FUNCTION round_history_stays();
-- Dossiers of a round that was opened are there for good.
CREATE FUNCTION dossier_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM round r WHERE r.id = old.round_id AND r.state <> 'preparing') THEN
        RAISE EXCEPTION 'the dossier of an open round is not deleted'
            USING ERRCODE = 'restrict_violation', TABLE = 'dossier';
    END IF;
    RETURN old;
END $$;
CREATE TRIGGER dossier_stays BEFORE DELETE ON dossier FOR EACH ROW EXECUTE FUNCTION dossier_stays();
"""

BACKWARD = """
DROP TRIGGER dossier_stays ON dossier;
DROP FUNCTION dossier_stays;
DROP TRIGGER round_extension_stays ON round_extension;
DROP TRIGGER dossier_vote_stays ON dossier_vote;
DROP TRIGGER dossier_hand_stays ON dossier_hand;
DROP TRIGGER dossier_move_stays ON dossier_move;
DROP FUNCTION round_history_stays;
DROP TRIGGER dossier_evidence_in_its_stage ON dossier_evidence;
DROP FUNCTION dossier_evidence_in_its_stage;
DROP TRIGGER dossier_finding_in_its_stage ON dossier_finding;
DROP FUNCTION dossier_finding_in_its_stage;
ALTER TABLE dossier_finding DROP CONSTRAINT dossier_finding_is_of_its_side;
ALTER TABLE dossier_finding DROP COLUMN side;
"""


class Migration(migrations.Migration):
    dependencies = [("rounds", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
