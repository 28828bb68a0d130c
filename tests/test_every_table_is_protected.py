"""Every table has row security, or stands here with the reason why the role that serves needs none for it.

A new model fails until its table is protected (`accounts.row_security.protect`, in a migration) or named.
"""

import pytest
from django.db import connection

from kieumau.accounts.row_security import ROLE

OPEN = "may be read by whoever may read pages, written by actions that ask (ADR 35)"
SIGNING = "asked and written before anybody is known: signing in"
# Tables without policies: why. What the role may do to them beside that is in `row_security.limit`.
WITHOUT: dict[str, str] = {
    **dict.fromkeys(["unit", "unit_kind", "unit_change", "unit_term", "unit_position", "unit_carried"], OPEN),
    **dict.fromkeys(["unit_lineage", "unit_mapping", "unit_tree", "calendar", "period", "special_day"], OPEN),
    **dict.fromkeys(
        ["indicator", "indicator_check", "indicator_redefinition", "figure", "figure_remark"], OPEN
    ),
    **dict.fromkeys(["figure_source", "figure_source_cells", "figure_superseded", "figure_total"], OPEN),
    **dict.fromkeys(["criteria_set", "criterion", "assessment", "fact_write"], OPEN),
    **dict.fromkeys(["return_form", "return_form_item", "return_obligation", "return_deadline"], OPEN),
    **dict.fromkeys(["title", "title_withdrawal", "title_correction"], "the register of titles is public"),
    **dict.fromkeys(
        ["programme", "programme_set", "programme_seat", "programme_member", "programme_plan_stage"],
        "a programme is of the whole country: read by all who work in it, written by who keeps it",
    ),
    "programme_target": "a target is published; its money is protected (programme_budget_line)",
    **dict.fromkeys(
        ["round", "round_deadline", "round_extension", "round_team", "round_team_criterion"],
        "rounds and who verifies in them are the same for all units; their dossiers are protected",
    ),
    "round_team_person": "as the team itself",
    "recheck_draw": "a draw must be repeatable by anybody who reads the round; what it found is protected",
    **dict.fromkeys(["criteria_draft", "criteria_draft_text"], "drafts have no unit: of whoever drafts"),
    **dict.fromkeys(["quality_sweep", "quality_doubt"], "what the checks say of figures, which are open"),
    **dict.fromkeys(["account_user", "account_counted_tries", "account_running_session"], SIGNING),
    **dict.fromkeys(["account_emailaddress", "account_emailconfirmation", "mfa_authenticator"], SIGNING),
    **dict.fromkeys(["socialaccount_socialaccount", "socialaccount_socialapp"], SIGNING),
    **dict.fromkeys(["socialaccount_socialtoken", "django_session"], SIGNING),
    "account_token": "nobody reads the secrets (columns are limited); found one by one by a function",
    **dict.fromkeys(
        ["account_user_groups", "account_user_user_permissions", "auth_group", "auth_group_permissions"],
        "Django's own, always empty: roles are `account_grant`",
    ),
    **dict.fromkeys(["auth_permission", "django_content_type"], "names of models"),
    **dict.fromkeys(["audit_link", "audit_anchor"], "digests without words; only read"),
    "past_row": "what rows of open tables said before; only added to",
    "past_kept": "which tables that is kept of",
    "django_migrations": "only read",
    **dict.fromkeys(
        ["procrastinate_jobs", "procrastinate_events", "procrastinate_workers"],
        "left by pages, done by workers, who are the owner",
    ),
    "procrastinate_periodic_defers": "as the jobs",
}


@pytest.mark.django_db
def test_every_table_is_protected_or_has_a_reason() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p') AND NOT relrowsecurity"
        )
        assert {name for (name,) in cursor.fetchall()} == set(WITHOUT)


@pytest.mark.django_db
def test_every_protected_table_says_who_reads_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE relrowsecurity AND NOT EXISTS ("
            "  SELECT FROM pg_policies p WHERE p.tablename = c.relname AND p.cmd IN ('SELECT', 'ALL')"
            "  AND %s = ANY (p.roles))",
            [ROLE],
        )
        assert cursor.fetchall() == []
