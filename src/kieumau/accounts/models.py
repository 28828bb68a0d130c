"""Who signs in."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Người dùng: somebody who signs in. Roles and scope come with the accounts issue."""

    class Meta:
        db_table = "account_user"
