"""The country of the checks, and a program with a token."""

import pytest
from django.test import Client
from django.utils import timezone

from kieumau.accounts.tokens import make_token
from kieumau.quality.tests.country import Country


@pytest.fixture
def country(kept_checked: Country) -> Country:
    return kept_checked


@pytest.fixture
def program(db: None) -> Client:
    _, secret = make_token(name="program", days=1, actor="tests", now=timezone.now())
    return Client(headers={"Authorization": f"Bearer {secret}"})
