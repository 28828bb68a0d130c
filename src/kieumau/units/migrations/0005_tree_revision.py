"""The revision of the tree comes from a sequence: a number given in a transaction that failed never returns.

What a process keeps by revision would else be taken for what another transaction made under the same number.
"""

from django.db import migrations

FORWARD = """
create sequence unit_tree_revision start 1000;
update unit_tree set revision = nextval('unit_tree_revision');
"""
BACKWARD = "drop sequence unit_tree_revision"


class Migration(migrations.Migration):
    dependencies = [("units", "0004_mapping")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
