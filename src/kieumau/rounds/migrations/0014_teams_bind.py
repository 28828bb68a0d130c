"""Teams made before teams bound anybody (migration 0010) bind once they are saved again."""

from django.db import migrations, models

# Those that were changed since were saved on a page that said what a team does.
SAVED_SINCE = "UPDATE round_team SET binds = true WHERE version > 1 AND ended_at IS NULL"


class Migration(migrations.Migration):
    dependencies = [("rounds", "0013_bound_late")]

    operations = [
        migrations.AddField("team", "binds", models.BooleanField(default=False)),
        migrations.RunSQL(SAVED_SINCE, migrations.RunSQL.noop),
        migrations.AlterField("team", "binds", models.BooleanField(default=True)),
    ]
