"""Vietnamese order in the database, whatever its locale: the same key as `kernel.text.sort_key`."""

from django.db import migrations

TONES = r"U&'\0300\0309\0303\0301\0323'"
MARKS = r"U&'\0306\0302\031b'"
FORWARD = rf"""
create function kieumau_sort_key(name text) returns text
language sql immutable strict parallel safe as $body$
    with padded as (
        select regexp_replace(
            regexp_replace(
                translate(
                    normalize(name, NFD), 'ABCDEFGHIJKLMNOPQRSTUVWXYZĐ', 'abcdefghijklmnopqrstuvwxyzđ'
                ) collate "C",
                '(?<![0-9])([0-9][0-9])(?![0-9])', '0\1', 'g'
            ),
            '(?<![0-9])([0-9])(?![0-9])', '00\1', 'g'
        ) as name
    )
    select replace(translate(translate(name, {TONES}, ''), {MARKS}, '{{|}}'), 'đ', 'd{{')
        || E'\x01'
        || translate(
            regexp_replace(translate(name, {MARKS}, ''), '[^' || {TONES} || ']', '0', 'g'),
            {TONES}, '12345'
        ) collate "C"
    from padded
$body$;
comment on function kieumau_sort_key(text) is
    'Vietnamese order: letters first, then tones; compare with collate "C"';
"""


class Migration(migrations.Migration):
    dependencies = [("units", "0001_initial")]

    operations = [
        migrations.RunSQL(FORWARD, "drop function kieumau_sort_key(text)"),
    ]
