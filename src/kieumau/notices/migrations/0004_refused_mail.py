"""How often in a row mail to somebody was refused, and when it is tried again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_unread")]

    operations = [
        migrations.AddField("preference", "failures", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("preference", "retry_at", models.DateTimeField(null=True)),
    ]
