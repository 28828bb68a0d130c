"""Who may read the log."""

from typing import Any

READ = "audit.read"


def may_read(user: Any) -> bool:
    """Whoever has the permission `audit.read`, as auditors do, and the installation's own administrators."""
    return bool(user is not None and user.is_authenticated and user.has_perm(READ))
