"""No figure beyond all measure."""

from decimal import Decimal

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0005_redefinition"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("value__isnull", True),
                    models.Q(
                        ("value__gt", Decimal("-1.000000000000000000000000000E+30")),
                        ("value__lt", Decimal("1.000000000000000000000000000E+30")),
                    ),
                    _connector="OR",
                ),
                name="figure_is_within_bounds",
            ),
        ),
    ]
