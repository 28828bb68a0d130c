"""Tries are counted, waited for, taken back and forgotten."""

from datetime import UTC, datetime, timedelta

import pytest

from kieumau.accounts.signing.guessing import MustWait, begin_try, forget_old, take_back
from kieumau.accounts.signing.models import CountedTries
from kieumau.accounts.signing.rules import FREE_ADDRESS, password_buckets

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
HERE, THERE = "203.113.131.9", "198.51.100.7"

pytestmark = pytest.mark.django_db


def fail(
    times: int, *, name: str = "an", address: str = HERE, browser: str = "", now: datetime = NOW
) -> None:
    for _ in range(times):
        begin_try(password_buckets(name, address, browser), now=now)


def waits(*, name: str = "an", address: str = HERE, browser: str = "", now: datetime = NOW) -> timedelta:
    try:
        begin_try(password_buckets(name, address, browser), now=now)
    except MustWait as refused:
        return refused.until - now
    return timedelta(0)


def test_five_are_free_and_the_sixth_waits_half_a_minute() -> None:
    fail(5)
    assert waits() == timedelta(seconds=30)
    assert waits(now=NOW + timedelta(seconds=29)) == timedelta(seconds=1)


def test_who_waits_gets_one_more_try_and_then_waits_twice_as_long() -> None:
    fail(5)
    later = NOW + timedelta(seconds=30)
    assert waits(now=later) == timedelta(0)
    assert waits(now=later) == timedelta(minutes=1)


def test_trying_while_one_must_wait_counts_nothing() -> None:
    fail(5)
    for _ in range(50):
        assert waits() == timedelta(seconds=30)
    assert waits(now=NOW + timedelta(seconds=30)) == timedelta(0)


def test_the_victim_signs_in_from_a_known_browser_and_from_elsewhere() -> None:
    fail(5)
    assert waits(browser="hers") == timedelta(0)
    assert waits(address=THERE) == timedelta(0)
    assert waits(name="binh") == timedelta(0), "a colleague behind the same address"


def test_a_known_browser_that_was_stolen_waits_as_well() -> None:
    fail(5, browser="hers")
    assert waits(browser="hers") == timedelta(seconds=30)


def test_an_address_that_tries_many_names_waits() -> None:
    for number in range(FREE_ADDRESS):
        fail(1, name=f"name{number}")
    assert waits(name="another") == timedelta(seconds=30)
    assert waits(name="another", address=THERE) == timedelta(0)


def test_a_right_password_makes_the_place_new_but_forgives_the_address_one_try_only() -> None:
    for number in range(FREE_ADDRESS - 1):
        fail(1, name=f"name{number}")
    own = password_buckets("guesser", HERE, "")
    begin_try(own, now=NOW)
    take_back(own, began=NOW)
    assert waits(name="one.more") == timedelta(0)
    assert waits(name="another") == timedelta(seconds=30)


def test_a_right_password_lifts_no_lock_of_a_wrong_one_at_the_same_moment() -> None:
    for number in range(FREE_ADDRESS - 2):
        fail(1, name=f"name{number}")
    own, a_moment_later = password_buckets("guesser", HERE, ""), NOW + timedelta(milliseconds=1)
    begin_try(own, now=NOW)
    fail(1, name="victim", now=a_moment_later)
    take_back(own, began=NOW)
    assert waits(name="another", now=a_moment_later) == timedelta(seconds=30)


def test_a_day_later_all_is_forgotten() -> None:
    fail(5)
    tomorrow = NOW + timedelta(days=1)
    assert waits(now=tomorrow) == timedelta(0)
    assert CountedTries.objects.filter(tries=1).count() == 2
    assert forget_old(now=tomorrow) == 0
    assert forget_old(now=tomorrow + timedelta(days=1, seconds=1)) == 2
