"""Pages for others are served by a role that owns nothing, or not at all."""

from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured


def serves_as_owner(environment: Mapping[str, str]) -> bool:
    """Would pages be served to others as the owner of the tables, past row security? A trial may."""
    is_on = environment.get("KIEUMAU_SERVING", "").lower() in {"1", "true", "yes"}
    return bool(environment.get("KIEUMAU_HOSTS", "").strip()) and not is_on


def refuse_as_owner(environment: Mapping[str, str]) -> None:
    """Raises ImproperlyConfigured, in words, where pages would be served past row security."""
    if serves_as_owner(environment):
        raise ImproperlyConfigured(
            "KIEUMAU_HOSTS đã đặt nhưng KIEUMAU_SERVING thì chưa: trang web sẽ bỏ qua bảo mật theo dòng. "
            "Đặt KIEUMAU_SERVING=1 hoặc dùng `kieumau serve`. · KIEUMAU_HOSTS is set but KIEUMAU_SERVING is "
            "not: pages would be served as the owner of the tables, past row security. Set KIEUMAU_SERVING=1 "
            "or use `kieumau serve` (docs/operations/database-roles.md)."
        )
