"""Pages for others are served past row security by nobody."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from kieumau.accounts.serving import refuse_as_owner, serves_as_owner

TABLE = [
    # host names, the serving role is taken on, refused
    ("", "", False),  # a trial
    ("", "1", False),
    ("kieumau.example.vn", "1", False),
    ("kieumau.example.vn", "", True),
    ("kieumau.example.vn", "0", True),
]


@pytest.mark.parametrize(("hosts", "serving", "refused"), TABLE)
def test_who_may_serve(hosts: str, serving: str, refused: bool) -> None:
    environment = {"KIEUMAU_HOSTS": hosts, "KIEUMAU_SERVING": serving}
    assert serves_as_owner(environment) is refused
    if refused:
        with pytest.raises(ImproperlyConfigured, match="KIEUMAU_SERVING=1"):
            refuse_as_owner(environment)
    else:
        refuse_as_owner(environment)
