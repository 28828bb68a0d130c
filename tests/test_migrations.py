"""Migrations stand for the models, and can be taken back."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

OURS = {config.label for config in apps.get_app_configs() if config.name.startswith("kieumau.")}


@pytest.mark.django_db
def test_no_model_change_is_without_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_operation_can_be_taken_back() -> None:
    loader = MigrationLoader(connection=None)
    one_way = [
        f"{label}.{name}: {operation.describe()}"
        for (label, name), migration in loader.disk_migrations.items()
        if label in OURS
        for operation in migration.operations
        if not operation.reversible
    ]
    assert one_way == []


def test_migrations_are_named_by_hand() -> None:
    names = [name for label, name in MigrationLoader(connection=None).disk_migrations if label in OURS]
    assert not [name for name in names if "_auto_" in name]


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_all_the_way_back_and_forth() -> None:
    for label in sorted(OURS):
        if apps.get_app_config(label).models_module and _has_migrations(label):
            call_command("migrate", label, "zero", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_tables where schemaname = 'public' and tablename = 'figure'")
        assert cursor.fetchone() == (0,)
    call_command("migrate", verbosity=0)


def _has_migrations(label: str) -> bool:
    return any(found == label for found, _ in MigrationLoader(connection=None).disk_migrations)
