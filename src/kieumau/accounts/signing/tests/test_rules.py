"""Guessing is slowed down where it comes from, as a table anybody can read."""

from datetime import UTC, datetime, timedelta

import pytest

from kieumau.accounts.signing.rules import (
    FREE_ADDRESS,
    FREE_HERE,
    code_buckets,
    device,
    password_buckets,
    place,
    prefix,
    tries_now,
    wait_after,
)

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)

# After so many failed tries in a row at one account from one place, the next must wait:
WAITS = [
    (0, "0:00:00"),
    (1, "0:00:00"),
    (4, "0:00:00"),
    (5, "0:00:30"),
    (6, "0:01:00"),
    (7, "0:02:00"),
    (8, "0:04:00"),
    (9, "0:08:00"),
    (10, "0:16:00"),
    (11, "0:32:00"),
    (12, "1:00:00"),
    (13, "1:00:00"),
    (1_000_000, "1:00:00"),
]


@pytest.mark.parametrize(("tries", "waits"), WAITS)
def test_the_wait_grows(tries: int, waits: str) -> None:
    assert str(wait_after(tries, FREE_HERE)) == waits


def test_a_quiet_day_forgets() -> None:
    assert tries_now(7, NOW - timedelta(hours=23, minutes=59), NOW) == 7
    assert tries_now(7, NOW - timedelta(days=1), NOW) == 0


HERE, THERE, BROWSER = "203.113.131.9", "198.51.100.7", "known"

# Who shares a count with somebody guessing at “an” from HERE, in a browser never seen.
SHARED = [
    ("the same place, the same name", "an", HERE, "", True),
    ("the name typed otherwise", "  AN ", HERE, "", True),
    ("another place", "an", THERE, "", False),
    ("a browser that signed in before", "an", HERE, BROWSER, False),
]


@pytest.mark.parametrize(("who", "name", "address", "browser", "is_shared"), SHARED)
def test_the_victim_does_not_share_the_guessers_count(
    who: str, name: str, address: str, browser: str, is_shared: bool
) -> None:
    guesser = {one.key for one in password_buckets("an", HERE, "")}
    own = {one.key for one in password_buckets(name, address, browser)}
    assert bool(guesser & own) == is_shared, who


def test_one_address_has_many_tries_for_all_names_together() -> None:
    one, other = password_buckets("an", HERE, ""), password_buckets("binh", HERE, "")
    assert one[0].key != other[0].key
    assert (one[1].key, one[1].free) == (other[1].key, FREE_ADDRESS)


def test_codes_are_counted_at_the_account_too_but_not_for_a_known_browser() -> None:
    from_here, from_there = code_buckets("an", HERE, ""), code_buckets("an", THERE, "")
    assert from_here[0].key != from_there[0].key
    assert from_here[1].key == from_there[1].key
    assert len(code_buckets("an", HERE, BROWSER)) == 1


def test_a_fingerprint_says_nothing() -> None:
    for bucket in (*password_buckets("an", HERE, ""), *code_buckets("an", HERE, BROWSER)):
        assert len(bucket.key) == 64
        assert bucket.key != "an"
        assert HERE not in bucket.key


ADDRESSES = [
    ("203.113.131.9", "203.113.131.9", "203.113.0.0/16"),
    ("2001:ee0:4f01:2ec0:1::9", "2001:ee0:4f01:2ec0::/64", "2001:ee0::/32"),
    ("::ffff:203.113.131.9", "203.113.131.9", "203.113.0.0/16"),
    ("fe80::1%eth0", "fe80::/64", "fe80::/32"),
    ("", "unknown", ""),
    ("unix:", "unknown", ""),
]


@pytest.mark.parametrize(("address", "counted", "shown"), ADDRESSES)
def test_what_is_counted_and_shown_of_an_address(address: str, counted: str, shown: str) -> None:
    assert (place(address), prefix(address)) == (counted, shown)


DEVICES = [
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36", "Chrome · Windows"),
    ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
    ("Mozilla/5.0 (Windows NT 10.0) coc_coc_browser/120.0 Chrome/114.0 Safari/537.36", "Cốc Cốc · Windows"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari · iPhone"),
    (
        "Mozilla/5.0 (Linux; Android 15; SM-A155F) SamsungBrowser/27.0 Chrome/125.0",
        "Samsung Internet · Android",
    ),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
    ("curl/8.0", ""),
    ("", ""),
]


@pytest.mark.parametrize(("said", "shown"), DEVICES)
def test_the_kind_of_device(said: str, shown: str) -> None:
    assert device(said) == shown
