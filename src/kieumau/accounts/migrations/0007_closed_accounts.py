"""When an account was closed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_only_ended_units")]

    operations = [
        migrations.AddField("user", "closed_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=models.Q(("closed_at__isnull", True), ("is_active", False), _connector="OR"),
                name="closed_account_lets_nobody_in",
            ),
        ),
    ]
