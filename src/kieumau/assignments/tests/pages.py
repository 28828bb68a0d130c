"""How a page is opened and sent, and what stands on it."""

from typing import Any

from django.test import Client
from django.urls import reverse

from kieumau.accounts.models import User


def signed_in(user: User) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def page(user: User, name: str, *args: Any, **asked: str) -> Any:
    return signed_in(user).get(reverse(name, args=args), asked)


def post(user: User, name: str, *args: Any, **typed: Any) -> Any:
    return signed_in(user).post(reverse(name, args=args), typed)
