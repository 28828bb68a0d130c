# ruff: noqa: E501 (the table of faults reads better in long lines)
"""Every check finds the fault that is planted for it, and nothing in a sound country."""

import pytest
from django.db import connection, transaction

from kieumau.kernel.messages import LANGUAGES
from kieumau.quality.actions import sweep
from kieumau.quality.checks import BY_CODE, CHECKS
from kieumau.quality.queries import places
from kieumau.quality.tests.country import NOW, Country

pytestmark = pytest.mark.django_db

# What somebody would have to do to the store for the check to find it. Guards of the database that
# would refuse it are taken away first: the checks are there for the day on which they failed.
UNGUARDED = """
    ALTER TABLE unit_term DROP CONSTRAINT unit_has_one_term_at_a_time;
    ALTER TABLE unit_term DROP CONSTRAINT unit_code_means_one_unit_at_a_time;
    ALTER TABLE unit_term DISABLE TRIGGER USER; ALTER TABLE unit_lineage DISABLE TRIGGER USER;
    ALTER TABLE figure_total DISABLE TRIGGER USER; ALTER TABLE figure DISABLE TRIGGER USER;
    ALTER TABLE criterion DISABLE TRIGGER USER; ALTER TABLE figure_return DISABLE TRIGGER USER;
    ALTER TABLE return_form_item DISABLE TRIGGER USER; ALTER TABLE return_deadline DISABLE TRIGGER USER;
"""
TERM = """INSERT INTO unit_term (unit_id, register, code, name, kind_id, parent_id, valid, sort_key, search_key)
    SELECT unit_id, register, {code}, {name}, kind_id, parent_id, {valid}, sort_key, search_key
    FROM unit_term WHERE unit_id = {unit}"""
VERDICT = """
    INSERT INTO criteria_set (code, version, title_vi, title_en, calendar, period_kind, verification, in_force,
        definition, derived, digest, loaded_at, loaded_by, text)
    VALUES ('thu', 1, 'Thử', 'Trial', 'civil', 'month', 'verified', '[2025-01-01,2026-01-01)', '{{}}', '{{}}',
        'x', now(), '', '');
    INSERT INTO criterion (criteria_set_id, code, position, kind, title_vi, title_en)
    SELECT id, '1', 1, 'measured', 'Một', 'One' FROM criteria_set WHERE code = 'thu';
    INSERT INTO assessment (criteria_set_id, period, unit, judged_on, judged_at, outcome, outcomes, met_count,
        not_met_count, not_due_count, not_applicable_count, no_data_count, not_judged_count, class_code, operands)
    SELECT id, {period}, {unit}, '{on}', now(), 1, ARRAY[{outcomes}], {met}, 0, 0, 0, 0, 0, '', '{{}}'
    FROM criteria_set WHERE code = 'thu';
"""
RETURN_ROW = """
    INSERT INTO return_form (code, version, catalogue, title_vi, title_en, source, verification, calendar,
        period_kind, digest, loaded_at, loaded_by)
    VALUES ('kho-thang', 1, 'kho', 'Tháng', 'Month', '', 'unverified', 'civil', 'month', 'x', now(), '');
    INSERT INTO return_form_item (form_id, indicator_id, position, group_vi, group_en)
    SELECT f.id, i.id, i.id, 'Nhóm', 'Group' FROM return_form f, indicator i WHERE i.id IN ({theft}, {fraud});
    INSERT INTO return_obligation (form_id, register, level, kinds, numbers, starts_on, due_working_days, lock_working_days)
    SELECT id, 'k', 3, ARRAY[]::text[], ARRAY[]::int[], '2025-01-01', 2, 10 FROM return_form;
    INSERT INTO return_deadline (obligation_id, period_id, opens_at, due_at, locks_at, opened_at, opened_by)
    SELECT id, {m2026_03}, '2026-04-01', '2026-04-05', '2026-04-20', now(), '' FROM return_obligation;
    INSERT INTO account_user (password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
        date_joined) SELECT '', false, x, '', '', '', false, true, now() FROM unnest(ARRAY['an', 'binh']) x;
    INSERT INTO figure_return (deadline_id, form_id, form_code, period_id, unit_id, path, state, is_owed, version, locks_at,
        submitted_at, submitted_by_id, accepted_by_id)
    SELECT d.id, f.id, f.code, {m2026_03}, {A01}, '1.', 'STATE', true, 1, d.locks_at, '2026-04-02',
        (SELECT id FROM account_user WHERE username = 'an'), ACCEPTED
    FROM return_deadline d, return_form f;
"""
BY_BINH = "(SELECT id FROM account_user WHERE username = 'binh')"
ACCEPTED = RETURN_ROW.replace("STATE", "accepted").replace("ACCEPTED", BY_BINH)
SUBMITTED = RETURN_ROW.replace("STATE", "submitted").replace("ACCEPTED", "NULL")
FIGURE = "UPDATE figure SET value = {value} WHERE (period, unit, indicator) = ({m2026_03}, {A01}, {theft})"
RETURN = "(period, unit) = ({m2026_03}, {A01})"
FIVE = "{theft}, {fraud}, {fires}, {tips}, {visits}"

PLANTED = {
    "overlapping-terms": TERM.format(
        unit="{A01}", code="'Z1'", name="'Hai'", valid="'[2025-05-01,2025-06-01)'"
    ),
    "code-means-two-units": "UPDATE unit_term SET code = 'A02' WHERE unit_id = {A01}",
    "parent-not-there": "UPDATE unit_term SET valid = '[2025-01-01,)' WHERE unit_id = {P1}",
    "shares-not-one": "UPDATE unit_lineage SET share = 0.9, basis = 'area' WHERE predecessor_id = {A13}",
    "successor-not-there": "UPDATE unit_lineage SET successor_id = {A14} WHERE predecessor_id = {A13}",
    "predecessor-not-there": "UPDATE unit_lineage SET predecessor_id = {A15} WHERE predecessor_id = {A13}",
    "stands-elsewhere": "UPDATE unit_position SET path = {N} || '.' || {P2} || '.' || {A01} || '.' WHERE unit_id = {A01}",
    "ended-without-heir": "DELETE FROM unit_lineage WHERE predecessor_id = {A13}",
    "begun-without-origin": "DELETE FROM unit_lineage WHERE successor_id = {A15}",
    "in-no-province": "UPDATE unit_position SET province_id = NULL WHERE unit_id = {A01}",
    "namesakes": "UPDATE unit_term SET (name, search_key) = ('Một', 'mot') WHERE unit_id IN ({A01}, {A02})",
    "name-not-normal": "UPDATE unit_term SET name = 'Phố  Hai' WHERE unit_id = {A02}",
    "even-shares": "UPDATE unit_lineage SET share = 0.5, basis = 'even' WHERE predecessor_id = {A13}",
    "reused-code": "UPDATE unit_term SET code = 'A13' WHERE unit_id = {A15}",
    "figure-of-unknown-unit": "UPDATE figure SET unit = 999999 WHERE " + RETURN,
    "figure-of-unknown-indicator": "UPDATE figure SET indicator = 9999 WHERE unit = {A01} AND indicator = {theft}",
    "figure-of-unknown-period": "UPDATE figure SET period = 7 WHERE " + RETURN,
    "figure-without-source": "UPDATE figure SET source = 99999 WHERE " + RETURN,
    "figure-of-another-kind-of-period": "UPDATE figure SET period = (SELECT p.id FROM period p JOIN calendar c"
    " ON c.id = p.calendar_id WHERE c.code = 'civil' AND p.code = '2025') WHERE " + RETURN,
    "figure-of-derived-indicator": "UPDATE figure SET indicator = {theft.share} WHERE "
    + RETURN
    + " AND indicator = {theft}",
    "unit-was-not-there": "UPDATE figure SET unit = {A13} WHERE " + RETURN,
    "figure-before-the-period-ends": "UPDATE figure SET period = (SELECT p.id FROM period p JOIN calendar c"
    " ON c.id = p.calendar_id WHERE c.code = 'civil' AND p.code = '2026-12') WHERE " + RETURN,
    "negative-count": FIGURE.replace("{value}", "-1"),
    "fraction-of-a-count": FIGURE.replace("{value}", "22.5"),
    "share-out-of-range": "UPDATE figure SET value = 88 WHERE " + RETURN + " AND indicator = {mood}",
    "beyond-all-measure": FIGURE.replace("{value}", "210000"),
    "total-differs-from-facts": "UPDATE figure_total SET value = value + 1 WHERE (period, unit, indicator)"
    " = ({m2026_03}, {P1}, {theft})",
    "own-figure-below-sum": "INSERT INTO figure (period, unit, indicator, source, state, value)"
    " SELECT {m2026_03}, {P1}, {theft}, max(id), 0, 3 FROM figure_source",
    "own-figure-far-above-sum": "INSERT INTO figure (period, unit, indicator, source, state, value)"
    " SELECT {m2026_03}, {P1}, {theft}, max(id), 0, 3000 FROM figure_source",
    "thin-province": "DELETE FROM figure WHERE period = {m2026_03} AND unit IN ("
    + ", ".join(f"{{A{number:02}}}" for number in range(1, 9))
    + ")",
    "impossible-jump-up": FIGURE.replace("{value}", "900"),
    "impossible-jump-down": FIGURE.replace("{value}", "0"),
    "repeated-value": "UPDATE figure SET value = 33 WHERE unit = {A01} AND indicator = {theft}"
    " AND period IN ({m2026_01}, {m2026_02}, {m2026_03}, {m2026_04})",
    "copied-return": "UPDATE figure n SET value = o.value FROM figure o WHERE (n.period, n.unit) = ({m2026_03}, {A01})"
    " AND (o.period, o.unit, o.indicator) = ({m2026_02}, {A01}, n.indicator)",
    "too-round": "UPDATE figure SET value = round(value, -1) WHERE unit = {A01} AND indicator IN ("
    + FIVE
    + ")",
    "far-from-peers": "UPDATE figure SET value = value * 30 WHERE unit = {A01} AND indicator = {theft}",
    "all-zero-return": "UPDATE figure SET value = 0 WHERE " + RETURN + " AND indicator IN (" + FIVE + ")",
    "hole-in-the-series": "DELETE FROM figure WHERE " + RETURN,
    "fell-silent": "DELETE FROM figure WHERE unit = {A01} AND period IN ({m2026_04}, {m2026_05}, {m2026_06})",
    "often-missing": "UPDATE figure SET (state, value) = (1, NULL) WHERE "
    + RETURN
    + " AND indicator IN ({theft}, {fires})",
    "often-refused": "UPDATE figure SET (state, value) = (3, NULL) WHERE "
    + RETURN
    + " AND indicator = {theft}",
    "revised-often": "INSERT INTO figure_superseded (period, unit, indicator, source, state, value, superseded_at)"
    " SELECT {m2026_03}, {A01}, {theft}, 1, 0, 22, now() FROM generate_series(1, 3)",
    "large-restatement": "INSERT INTO figure_superseded (period, unit, indicator, source, state, value,"
    " superseded_at) SELECT {m2026_03}, {A01}, {theft}, 1, 0, 200, now()",
    "removed-figure": "INSERT INTO figure_superseded (period, unit, indicator, source, state, value,"
    " superseded_at) SELECT {m2025_03}, {A15}, {theft}, 1, 0, 22, now()",
    "same-file-again": "INSERT INTO figure_source (name, sha256, mapping, recorded_at, recorded_by, register,"
    " is_synthetic) SELECT x, 'abc', '', now(), '', '', false FROM unnest(ARRAY['a.csv', 'b.csv']) x",
    "made-up-beside-real": "INSERT INTO figure_source (name, sha256, mapping, recorded_at, recorded_by, register,"
    " is_synthetic) VALUES ('demo', '', '', now(), '', '', true); UPDATE figure SET source = (SELECT id FROM"
    " figure_source WHERE is_synthetic) WHERE " + RETURN,
    "accepted-but-empty": ACCEPTED + "DELETE FROM figure WHERE " + RETURN,
    "submitted-but-incomplete": SUBMITTED + "DELETE FROM figure WHERE " + RETURN + " AND indicator = {theft}",
    "left-lying": SUBMITTED,
    "parts-on-a-map-not-one": "UPDATE unit_mapping SET numerator = 1, denominator = 2 WHERE from_unit = {A13}",
    "verdict-of-other-length": VERDICT.format(
        period="{m2025_03}", unit="{A01}", on="2025-04-02", outcomes="1, 1", met=2
    ),
    "verdict-of-absent-unit": VERDICT.format(
        period="{m2025_09}", unit="{A13}", on="2025-10-02", outcomes="1", met=1
    ),
    "set-not-in-force": VERDICT.format(
        period="{m2026_03}", unit="{A01}", on="2026-04-02", outcomes="1", met=1
    ),
    "judged-before-the-end": VERDICT.format(
        period="{m2025_03}", unit="{A01}", on="2025-03-02", outcomes="1", met=1
    ),
}


@pytest.fixture
def country(kept_checked: Country) -> Country:
    return kept_checked


def plant(country: Country, code: str) -> None:
    fault = PLANTED[code]
    for word, number in country.words().items():
        fault = fault.replace("{" + word + "}", str(number))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(UNGUARDED)
        cursor.execute(fault)


def test_a_fault_is_known_for_every_check() -> None:
    assert set(PLANTED) == set(BY_CODE)
    assert len(CHECKS) >= 30


def test_a_sound_country_has_nothing_to_find(country: Country) -> None:
    found = sweep(actor="test", now=NOW).counts
    assert {code: count for code, count in found.items() if count} == {}


def test_a_planted_fault_is_found(country: Country) -> None:
    missed = []
    for check in CHECKS:
        with transaction.atomic():
            plant(country, check.code)
            made = sweep(actor="test", now=NOW, checks=[check])
            doubts = made.doubts.all()
            if made.counts[check.code] < 1 or doubts.count() != min(made.counts[check.code], 300):
                missed.append(check.code)
            for place in places(doubts[:3]):
                for language in LANGUAGES:
                    assert place.sentence.in_(language)
                    assert "{" not in place.sentence.in_(language)
            transaction.set_rollback(True)
    assert missed == []


def test_a_fault_is_found_where_it_is(country: Country) -> None:
    plant(country, "impossible-jump-up")
    [place] = places(sweep(actor="test", now=NOW).doubts.filter(check_code="impossible-jump-up"))
    assert place.unit is not None
    assert place.period is not None
    assert place.unit.vi == "Phường Phố A01"
    assert place.period.vi == "tháng 3 năm 2026"
    assert "900" in place.sentence.vi


def test_a_check_changes_nothing(country: Country) -> None:
    with connection.cursor() as cursor:
        sums = "SELECT (SELECT md5(string_agg(f::text, ',' ORDER BY f::text)) FROM figure f), (SELECT count(*) FROM unit_term)"
        cursor.execute(sums)
        before = cursor.fetchone()
        sweep(actor="test", now=NOW)
        cursor.execute(sums)
        assert cursor.fetchone() == before
