"""What is done to accounts."""

from django.contrib.auth.models import Permission

from kieumau.accounts.models import User


def let_issue(*, user: User) -> None:
    """Let somebody issue criteria sets, as the programme office does. Twice does no harm."""
    user.user_permissions.add(
        Permission.objects.get(content_type__app_label="criteria", codename="issue_set")
    )
