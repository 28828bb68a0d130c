"""The permission to record acts."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("units", "0005_tree_revision")]

    operations = [
        migrations.AlterModelOptions(
            name="change",
            options={
                "ordering": ("takes_effect_on", "key"),
                "permissions": [("record_act", "May record and undo acts that change units")],
            },
        )
    ]
