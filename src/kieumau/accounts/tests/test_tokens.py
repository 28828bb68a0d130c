"""A token opens from the moment it is made to the moment it expires or is revoked."""

from datetime import UTC, datetime, timedelta

import pytest

from kieumau.accounts.models import Token
from kieumau.accounts.tokens import make_token, revoke_token, token_of
from kieumau.kernel.messages import Refused

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.django_db


def test_a_token_opens_until_it_expires() -> None:
    made, secret = make_token(name="báo cáo", days=30, actor="an", now=NOW)
    end = NOW + timedelta(days=30)
    assert [token_of(secret, at) for at in (NOW, end - SECOND)] == [made, made]
    assert [token_of(secret, at) for at in (end, end + SECOND)] == [None, None]


def test_a_revoked_token_opens_nothing() -> None:
    _, secret = make_token(name="a", days=30, actor="an", now=NOW)
    revoke_token(name="a", now=NOW + SECOND)
    assert revoke_token(name="a", now=NOW + 2 * SECOND).revoked_at == NOW + SECOND
    assert token_of(secret, NOW + 2 * SECOND) is None


def test_the_secret_is_kept_nowhere() -> None:
    made, secret = make_token(name="a", days=1, actor="an", now=NOW)
    assert secret not in str(Token.objects.filter(pk=made.pk).values())
    for wrong in ("", "km_", secret[:-1], made.digest, f"km_{made.digest}"):
        assert token_of(wrong, NOW) is None


@pytest.mark.parametrize(
    ("name", "days", "code"),
    [("", 1, "bad-token"), ("b", 0, "bad-token"), ("b", 9_999, "bad-token"), ("a", 1, "repeated-token")],
)
def test_what_makes_no_token(name: str, days: int, code: str) -> None:
    make_token(name="a", days=1, actor="an", now=NOW)
    with pytest.raises(Refused) as caught:
        make_token(name=name, days=days, actor="an", now=NOW)
    assert caught.value.problems[0].code == code
    with pytest.raises(Refused):
        revoke_token(name="nobody", now=NOW)
