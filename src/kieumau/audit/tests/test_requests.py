"""Which ids of requests are kept, and that answers name them."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from kieumau.audit import requests
from kieumau.audit.middleware import NamedRequest
from kieumau.audit.verbs import sentence_of, verb

GIVEN = [
    ("a1b2c3d4", True),
    ("0af7651916cd43dd8448eb211c80319c", True),
    ("proxy_7.eu-1", True),
    ("", False),
    ("short", False),
    ("x" * 65, False),
    ("<script>alert(1)</script>", False),
    ("two words", False),
    ("line\nbreak", False),
    ("tiếng-việt", False),
]


@pytest.mark.parametrize(("given", "is_kept"), GIVEN)
def test_an_id_is_kept_or_replaced(given: str, is_kept: bool) -> None:
    assert (requests.checked(given) == given) is is_kept
    assert requests.checked(requests.checked(given)) != ""


def test_the_answer_names_the_request() -> None:
    seen = []

    def view(_: HttpRequest) -> HttpResponse:
        seen.append(requests.current())
        return HttpResponse()

    middleware = NamedRequest(view)
    first = middleware(RequestFactory().get("/", headers={"X-Request-ID": "proxy-12345"}))
    second = middleware(RequestFactory().get("/"))
    assert [first["X-Request-ID"], second["X-Request-ID"]] == seen
    assert seen[0] == "proxy-12345" != seen[1]


@pytest.mark.parametrize(
    ("vi", "en"),
    [("đã rời đi", "{actor} left"), ("{actor} đã rời {object}", "{actor} left")],
    ids=["nobody", "not the same"],
)
def test_a_sentence_that_does_not_say_who_or_what_is_refused(vi: str, en: str) -> None:
    with pytest.raises(ValueError, match="say"):
        verb("test.wrong", vi=vi, en=en)


def test_a_verb_that_nobody_knows_any_more_is_shown_bare() -> None:
    assert "gone.verb" in sentence_of("gone.verb").en
