"""What slows guessing down and what a session says of itself: plain Python, no clock, no Django.

Guessing is counted where it comes from, never at the account alone: whoever guesses somebody's password
from elsewhere locks himself, not the somebody.
"""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(days=1)

# Tries before the first wait: a person at one place, all people behind one address (an office), all who
# try codes for one account from browsers never seen there (a code has only six digits).
FREE_HERE, FREE_ADDRESS, FREE_CODES = 5, 50, 20
FREE_MAILS = 3


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where tries are counted: a fingerprint of the place, and how many are free of waiting."""

    key: str
    free: int


def wait_after(tries: int, free: int) -> timedelta:
    """How long to wait after so many failures in a row: nothing at first, then twice as long each time."""
    if tries < free:
        return timedelta(0)
    # Beyond twenty doublings it is the longest wait anyhow.
    doublings: int = 2 ** min(tries - free, 20)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)


def tries_now(tries: int, last_at: datetime, now: datetime) -> int:
    """The tries that still count: a day of quiet and all are forgotten."""
    return 0 if now - last_at >= FORGOTTEN_AFTER else tries


def account_key(name: str) -> str:
    """One key for a name however it is typed: composed, without case, without spaces around it."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def place(address: str) -> str:
    """Where somebody is: the address; of an IPv6 address the network, which one person has to himself."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def prefix(address: str) -> str:
    """As much of an address as is kept and shown: 203.113.0.0/16, 2001:ee0::/32; empty for none.

    Enough to tell the office from abroad, too little to tell a house.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    length = 16 if isinstance(found, ipaddress.IPv4Address) else 32
    return str(ipaddress.ip_network((found, length), strict=False))


def password_buckets(name: str, address: str, browser: str) -> list[Bucket]:
    """Where a try at a password counts. `browser` is the mark of one that signed in to this account before.

    A known browser has a count of its own: what others do at its address or with its name is not its fault.
    """
    account = account_key(name)
    if browser:
        return [Bucket(_print("browser", browser, account), FREE_HERE)]
    return [
        Bucket(_print("pair", place(address), account), FREE_HERE),
        Bucket(_print("address", place(address)), FREE_ADDRESS),
    ]


def code_buckets(name: str, address: str, browser: str) -> list[Bucket]:
    """Where a try at a second factor counts: as the password was right, at the account too, for strangers."""
    account = account_key(name)
    if browser:
        return [Bucket(_print("code browser", browser, account), FREE_HERE)]
    return [
        Bucket(_print("code pair", place(address), account), FREE_HERE),
        Bucket(_print("code", account), FREE_CODES),
    ]


def mail_buckets(mail: str, address: str, browser: str) -> list[Bucket]:
    """Where asking for a new password by mail counts, so that nobody's inbox is flooded.

    `browser` is the mark of one that signed in before to an account of that mail address: it has a count of
    its own, so that strangers who ask in vain keep nobody from setting his password anew.
    """
    if browser:
        return [Bucket(_print("mail browser", browser, account_key(mail)), FREE_MAILS)]
    return [
        Bucket(_print("mail", account_key(mail)), FREE_MAILS),
        Bucket(_print("mails", place(address)), FREE_CODES),
    ]


def _print(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()


# The first that fits names the program and the system; what is not known stays unnamed.
_PROGRAMS = [
    ("Edge", r"\bEdgA?/|\bEdgiOS/"),
    ("Cốc Cốc", r"\bcoc_coc_browser/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\bFirefox/|\bFxiOS/"),
    ("Chrome", r"\bChrome/|\bCriOS/|\bHeadlessChrome/"),
    ("Safari", r"\bSafari/"),
]
_SYSTEMS = [
    ("Android", r"\bAndroid\b"),
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Windows", r"\bWindows\b"),
    ("macOS", r"\bMac OS X\b|\bMacintosh\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("Linux", r"\bLinux\b|\bX11\b"),
]


def device(user_agent: str) -> str:
    """The kind of device, “Chrome · Windows”, from what a browser says of itself; empty where unknown."""
    said = user_agent[:500]
    found = [
        next((name for name, pattern in known if re.search(pattern, said)), "")
        for known in (_PROGRAMS, _SYSTEMS)
    ]
    return " · ".join(filter(None, found))
