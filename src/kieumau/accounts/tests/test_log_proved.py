"""An auditor proves the log on its page: the whole chain, also of entries that are hidden from him."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from kieumau.accounts.acting import acting
from kieumau.accounts.models import User
from kieumau.accounts.tests.test_row_security import serving
from kieumau.audit.actions import record
from kieumau.audit.models import Entry, Link
from kieumau.audit.proving import prove_part
from kieumau.audit.registry import whole_log
from kieumau.audit.tests.test_chain import forge
from kieumau.audit.tests.words import ISSUED
from kieumau.units.actions import load_rows
from kieumau.units.models import Term

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
INTACT, BROKEN, BUTTON = (
    "Nguyên vẹn: mắt xích",
    "Nhật ký không còn như trước",
    "Kiểm chứng nhật ký chưa bị sửa",
)


@pytest.fixture
def auditor(db: None, grant: Any) -> User:
    """An auditor of Cần Thơ, and a log with entries of no unit, which are not his to read."""
    keys = ("code", "name", "kind", "parent", "valid_from", "valid_to")
    rows = [
        ("VN", "Việt Nam", "quoc-gia", "", "2020-01-01", ""),
        ("92", "Cần Thơ", "thanh-pho", "VN", "2020-01-01", ""),
    ]
    load_rows([dict(zip(keys, row, strict=True)) for row in rows], [], actor=None, register="vn")
    made = User.objects.create_user("kiem-toan")
    grant(made, "auditor", Term.objects.get(code="92").unit_id)
    for number in range(3):
        record(actor="an", verb=ISSUED, object=("set", number), now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return made


def page(user: User, query: str = "?kiem-tra=1") -> str:
    client = Client()
    client.force_login(user)
    with connection.cursor() as cursor:  # signing in is an entry as well
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return " ".join(client.get(f"/nhat-ky/{query}").content.decode().split())


def test_the_button_says_up_to_which_link_it_is_intact(auditor: User) -> None:
    assert BUTTON in page(auditor, "")
    assert INTACT not in page(auditor, "")
    text, last = page(auditor), Link.objects.latest("number")
    assert INTACT in text
    assert bytes(last.hash).hex() in text
    assert "bộ 0" not in text


def test_it_says_where_the_log_breaks(auditor: User) -> None:
    link = Link.objects.latest("number")
    forge("UPDATE audit_entry SET why = 'khác' WHERE id = %s", [link.entry_id])
    text = page(auditor)
    assert BROKEN in text
    assert f"Dòng nhật ký {link.entry_id} (mắt xích {link.number})" in text
    assert INTACT not in text


def test_what_is_hidden_from_him_is_not_told_of_as_removed(auditor: User) -> None:
    with acting(auditor), serving():
        assert not Entry.objects.filter(object_kind="set").exists()
        assert {one.kind for one in prove_part(0).faults} >= {"removed"}, "why the whole log must be seen"
        with whole_log():
            assert prove_part(0).faults == ()
        assert not Entry.objects.filter(object_kind="set").exists(), "and only for as long as that takes"


def test_only_who_reads_the_log_may(db: None) -> None:
    stranger = User.objects.create_user("la")
    client = Client()
    client.force_login(stranger)
    assert client.get("/nhat-ky/?kiem-tra=1").status_code == 403
    assert Client().get("/nhat-ky/?kiem-tra=1").status_code == 302
