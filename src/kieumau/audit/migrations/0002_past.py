"""Rows as they were: see `kieumau.audit.past`.

`past_keep('table')` begins to keep a table: a column `recorded_at`, triggers, a view in the schema `known`.
Rows that are there count as recorded before anything was kept. A migration that changes the columns of a kept
table calls `past_view('table', false)` before and `past_view('table', true)` after.
"""

from django.db import migrations, models

TABLES = """
CREATE SCHEMA known;
CREATE TABLE past_kept (
    relation text PRIMARY KEY,
    since timestamptz NOT NULL,
    changed_at timestamptz NOT NULL
);
"""

MOMENTS = """
CREATE FUNCTION past_moment() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('kieumau.recorded_at', true), '')::timestamptz, now())
$$;
CREATE FUNCTION past_known_at() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT current_setting('kieumau.known_at')::timestamptz
$$;
"""

TRIGGERS = """
CREATE FUNCTION past_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.past_kept SET changed_at = n.last
    FROM (SELECT max(recorded_at) AS last FROM added) n
    WHERE relation = TG_TABLE_NAME AND n.last > changed_at;
    RETURN NULL;
END $$;

CREATE FUNCTION past_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moment timestamptz := public.past_moment();
BEGIN
    IF OLD.recorded_at < moment THEN
        INSERT INTO public.past_row (relation, recorded_at, gone_at, "row")
        VALUES (TG_TABLE_NAME, OLD.recorded_at, moment, to_jsonb(OLD));
    END IF;
    NEW.recorded_at := moment;
    UPDATE public.past_kept SET changed_at = moment WHERE relation = TG_TABLE_NAME AND moment > changed_at;
    RETURN NEW;
END $$;

CREATE FUNCTION past_removed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moment timestamptz := public.past_moment();
BEGIN
    INSERT INTO public.past_row (relation, recorded_at, gone_at, "row")
    SELECT TG_TABLE_NAME, g.recorded_at, moment, to_jsonb(g) FROM gone g WHERE g.recorded_at < moment;
    UPDATE public.past_kept SET changed_at = moment
    WHERE relation = TG_TABLE_NAME AND moment > changed_at AND EXISTS (SELECT FROM gone);
    RETURN NULL;
END $$;
"""

KEEPING = """
CREATE FUNCTION past_view(kept text, is_wanted boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    names text;
BEGIN
    IF NOT is_wanted THEN
        EXECUTE format('DROP VIEW known.%I', kept);
        RETURN;
    END IF;
    SELECT string_agg('r.' || quote_ident(attname), ', ' ORDER BY attnum) INTO names
    FROM pg_attribute
    WHERE attrelid = format('public.%I', kept)::regclass AND attnum > 0 AND NOT attisdropped
        AND attname <> 'recorded_at';
    EXECUTE format('
        CREATE VIEW known.%1$I AS
        SELECT %2$s FROM public.%1$I r WHERE r.recorded_at <= public.past_known_at()
        UNION ALL
        SELECT %2$s FROM public.past_row p, jsonb_populate_record(NULL::public.%1$I, p."row") r
        WHERE p.relation = %1$L AND p.recorded_at <= public.past_known_at()
            AND p.gone_at > public.past_known_at()
    ', kept, names);
END $$;

CREATE FUNCTION past_keep(kept text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE public.%I ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT ''-infinity''', kept);
    EXECUTE format('ALTER TABLE public.%I ALTER COLUMN recorded_at SET DEFAULT public.past_moment()', kept);
    EXECUTE format('CREATE TRIGGER past_added AFTER INSERT ON public.%I REFERENCING NEW TABLE AS added
        FOR EACH STATEMENT EXECUTE FUNCTION public.past_added()', kept);
    EXECUTE format('CREATE TRIGGER past_changed BEFORE UPDATE ON public.%I
        FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION public.past_changed()', kept);
    EXECUTE format('CREATE TRIGGER past_removed AFTER DELETE ON public.%I REFERENCING OLD TABLE AS gone
        FOR EACH STATEMENT EXECUTE FUNCTION public.past_removed()', kept);
    INSERT INTO public.past_kept (relation, since, changed_at) VALUES (kept, now(), '-infinity');
    PERFORM public.past_view(kept, true);
END $$;

CREATE FUNCTION past_release(kept text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.past_view(kept, false);
    EXECUTE format('DROP TRIGGER past_added ON public.%I', kept);
    EXECUTE format('DROP TRIGGER past_changed ON public.%I', kept);
    EXECUTE format('DROP TRIGGER past_removed ON public.%I', kept);
    EXECUTE format('ALTER TABLE public.%I DROP COLUMN recorded_at', kept);
    DELETE FROM public.past_kept WHERE relation = kept;
    DELETE FROM public.past_row WHERE relation = kept;
END $$;
"""

BACKWARD = """
DROP FUNCTION past_release(text);
DROP FUNCTION past_keep(text);
DROP FUNCTION past_view(text, boolean);
DROP FUNCTION past_removed();
DROP FUNCTION past_changed();
DROP FUNCTION past_added();
DROP FUNCTION past_known_at();
DROP FUNCTION past_moment();
DROP TABLE past_kept;
DROP SCHEMA known;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Past",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("relation", models.TextField()),
                ("recorded_at", models.DateTimeField()),
                ("gone_at", models.DateTimeField()),
                ("row", models.JSONField()),
            ],
            options={"db_table": "past_row", "default_permissions": ()},
        ),
        migrations.AddIndex(
            model_name="past", index=models.Index(fields=["relation", "gone_at"], name="past_row_gone")
        ),
        migrations.RunSQL(TABLES + MOMENTS + TRIGGERS + KEEPING, BACKWARD),
    ]
