"""The log: only added to, and chained as it is committed.

An entry is inserted by whoever acts; its link by a trigger that waits for the end of the transaction
(`DEFERRABLE INITIALLY DEFERRED`). So the one lock that all writers share is held while a commit takes, not
while an action takes. A statement of the trigger sees every link committed before it, because it begins
after the lock was granted (READ COMMITTED); under a stricter isolation a fork would break the primary key.
"""

import django.core.serializers.json
from django.db import migrations, models

TABLES = """
CREATE TABLE audit_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_id text NOT NULL,
    actor_name text NOT NULL,
    unit_id bigint,
    object_kind text NOT NULL,
    object_id text NOT NULL,
    object_name text NOT NULL,
    verb text NOT NULL CHECK (verb <> ''),
    old jsonb,
    new jsonb,
    why text NOT NULL,
    request_id text NOT NULL
);
CREATE INDEX audit_entry_at ON audit_entry (at, id);
CREATE INDEX audit_entry_object ON audit_entry (object_kind, object_id, at, id) WHERE object_kind <> '';
CREATE INDEX audit_entry_unit ON audit_entry (unit_id, at, id) WHERE unit_id IS NOT NULL;
CREATE INDEX audit_entry_actor ON audit_entry (actor_name, at, id);
CREATE INDEX audit_entry_verb ON audit_entry (verb, at, id);

CREATE TABLE audit_link (
    number bigint PRIMARY KEY CHECK (number > 0),
    entry_id bigint NOT NULL UNIQUE,
    chained_at timestamptz NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32)
);

CREATE TABLE audit_anchor (
    day date PRIMARY KEY,
    number bigint NOT NULL,
    hash bytea NOT NULL CHECK (length(hash) = 32)
);
"""

# Moments as seconds since 1970, exact: their text would depend on the session's time zone. The fields are
# told apart by JSON, so that no two entries are the same text.
CHAIN = """
CREATE FUNCTION audit_hash(before bytea, number bigint, chained_at timestamptz, e audit_entry)
RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(before || convert_to(jsonb_build_array(
        number, extract(epoch FROM chained_at), e.id, extract(epoch FROM e.at), e.actor_id, e.actor_name,
        e.unit_id, e.object_kind, e.object_id, e.object_name, e.verb, e.old, e.new, e.why, e.request_id
    )::text, 'UTF8'))
$$;

CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    last audit_link;
    moment timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('audit/chain', 0));
    SELECT * INTO last FROM audit_link ORDER BY number DESC LIMIT 1;
    moment := clock_timestamp();
    INSERT INTO audit_link (number, entry_id, chained_at, hash) VALUES (
        coalesce(last.number, 0) + 1, NEW.id, moment,
        audit_hash(coalesce(last.hash, sha256('')), coalesce(last.number, 0) + 1, moment, NEW)
    );
    INSERT INTO audit_anchor (day, number, hash)
    SELECT day, last.number, last.hash
    FROM (SELECT (last.chained_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day) d
    WHERE day < (moment AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER audit_entry_is_chained AFTER INSERT ON audit_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_chain();
"""

GUARDS = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is only added to, and its chain by the database alone'
        USING ERRCODE = 'restrict_violation', TABLE = TG_TABLE_NAME;
END $$;

CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_link_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_link
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_anchor_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_anchor
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_link_is_made BEFORE INSERT ON audit_link
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_anchor_is_made BEFORE INSERT ON audit_anchor
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION audit_refuse();
"""

BACKWARD = """
DROP TABLE audit_anchor, audit_link;
DROP TRIGGER audit_entry_is_chained ON audit_entry;
DROP FUNCTION audit_hash(bytea, bigint, timestamptz, audit_entry);
DROP TABLE audit_entry;
DROP FUNCTION audit_chain();
DROP FUNCTION audit_refuse();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor_id", models.TextField(blank=True)),
                ("actor_name", models.TextField(blank=True)),
                ("unit_id", models.BigIntegerField(null=True)),
                ("object_kind", models.TextField(blank=True)),
                ("object_id", models.TextField(blank=True)),
                ("object_name", models.TextField(blank=True)),
                ("verb", models.TextField()),
                ("old", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)),
                ("new", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)),
                ("why", models.TextField(blank=True)),
                ("request_id", models.TextField(blank=True)),
            ],
            options={
                "db_table": "audit_entry",
                "managed": False,
                "default_permissions": (),
                "permissions": [("read", "May read the log")],
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry_id", models.BigIntegerField(unique=True)),
                ("chained_at", models.DateTimeField()),
                ("hash", models.BinaryField()),
            ],
            options={"db_table": "audit_link", "managed": False, "default_permissions": ()},
        ),
        migrations.CreateModel(
            name="Anchor",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={"db_table": "audit_anchor", "managed": False, "default_permissions": ()},
        ),
        migrations.RunSQL(TABLES + CHAIN + GUARDS, BACKWARD),
    ]
