"""Reading the log: filters, pages by key, words."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kieumau.audit.actions import record
from kieumau.audit.models import Entry
from kieumau.audit.naming import Names, names_in
from kieumau.audit.queries import Asked, Key, entries
from kieumau.audit.saying import said
from kieumau.audit.tests.words import ISSUED, LEFT
from kieumau.audit.verbs import known
from kieumau.kernel.messages import Text

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def entry(**values: object) -> Entry:
    return Entry(**{"at": NOW, "actor_name": "An", "verb": ISSUED.code, "object_name": "B/1"} | values)


SENTENCES = [
    (entry(), "An đã ban hành B/1", "An issued B/1"),
    (entry(actor_name=""), "Hệ thống đã ban hành B/1", "The installation issued B/1"),
    (entry(object_name="", object_id="7"), "An đã ban hành #7", "An issued #7"),
    (entry(verb=LEFT.code), "An đã rời đi", "An left"),
    (
        entry(actor_name="{object}", object_name="{actor}"),
        "{object} đã ban hành {actor}",
        "{object} issued {actor}",
    ),
    (entry(verb="gone.act"), "An: gone.act B/1", "An: gone.act B/1"),
]


@pytest.mark.parametrize(("one", "vi", "en"), SENTENCES)
def test_an_entry_in_words(one: Entry, vi: str, en: str) -> None:
    assert (said(one).sentence.vi, said(one).sentence.en) == (vi, en)


def test_what_changed_is_told_part_by_part() -> None:
    one = entry(old={"a": "1", "b": None, "e": "x"}, new={"a": "2", "c": [1, "ắ"], "d": "x" * 999})
    assert [part.in_("vi") for part in said(one).changes[:3]] == ["a: 1 → 2", "e: x → –", "c: 1, ắ"]
    assert [len(part.new.vi) for part in said(one).changes if part.new and part.name == "d"] == [201]


SPOKEN_OF = [
    ({"state": "draft"}, "Trạng thái: đang nhập", "State: draft"),
    ({"is_met": True}, "Đạt: có", "Met: yes"),
    ({"giver": 5, "partners": [5, 6]}, "Đơn vị giao: Xã Một", "Given by: One Commune"),
    ({"partners": [5, 6]}, "Đơn vị phối hợp: Xã Một, 6", "Partners: One Commune, 6"),
    ({"units": [5]}, "Đơn vị: Xã Một", "Units: One Commune"),
    ({"units": 5}, "Đơn vị: 5", "Units: 5"),
    ({"1.2.outcome": 1}, "Tiêu chí 1.2: kết quả: đạt", "Criterion 1.2: outcome: met"),
    (
        {"document.7.state": "pending"},
        "Văn bản 7: trạng thái: chưa đánh giá",
        "Document 7: state: not judged yet",
    ),
    ({"stages": ["self", "later"]}, "Các bước: tự đánh giá, later", "Stages: self-assessment, later"),
    ({"never.heard": 1}, "never.heard: 1", "never.heard: 1"),
    ({"due_until": "2026-11-30"}, "Hạn đến: 30/11/2026", "Due until: 30 Nov 2026"),
    (
        {"days": "2026-11-25/2026-11-26"},
        "Các ngày: 25/11/2026 – 26/11/2026",
        "Days: 25 Nov 2026 – 26 Nov 2026",
    ),
    ({"days": "2026-11-25/2026-11-25"}, "Các ngày: 25/11/2026", "Days: 25 Nov 2026"),
    # A moment in Vietnam's time; what only looks like a day stays as it is.
    (
        {"locks_at": "2026-11-30T17:30:00+00:00"},
        "Khóa lúc: 00:30 01/12/2026",
        "Locks at: 00:30, 1 Dec 2026",
    ),
    ({"due_on": "2026-13-40"}, "Hạn: 2026-13-40", "Due on: 2026-13-40"),
    ({"reference": "2026-11-30/KH"}, "Số ký hiệu: 2026-11-30/KH", "Reference: 2026-11-30/KH"),
]


@pytest.mark.parametrize(("new", "vi", "en"), SPOKEN_OF)
def test_ids_and_codes_are_shown_by_their_names(new: dict[str, object], vi: str, en: str) -> None:
    names = Names({"unit": {5: Text(vi="Xã Một", en="One Commune")}})
    first = said(entry(new=new), names).changes[0]
    assert (first.in_("vi"), first.in_("en")) == (vi, en)


RESULTS = [
    ({"1.2.outcome": 1, "1.2.stage": "self"}, {}, (None, "đạt")),
    ({"1.2.outcome": 1}, {"1.2.outcome": 2}, ("chưa đạt", "đạt")),
    ({"document.7.state": "refused"}, {"document.7.state": "pending"}, ("chưa đánh giá", "không chấp nhận")),
    ({"1.2.remark": "x"}, {}, None),
    # Of many at once none speaks for all.
    ({"1.1.outcome": 1, "1.2.outcome": 2}, {}, None),
]


@pytest.mark.parametrize(("new", "old", "told"), RESULTS)
def test_what_came_of_it_is_told_beside_the_sentence(
    new: dict[str, object], old: dict[str, object], told: tuple[str | None, str] | None
) -> None:
    found = said(entry(new=new, old=old)).result
    assert (found and (found.old and found.old.vi, found.new and found.new.vi)) == told


def test_no_sentence_of_the_log_ends_in_a_full_stop() -> None:
    assert [
        one.code for one in known() if one.sentence.vi.endswith(".") or one.sentence.en.endswith(".")
    ] == []


@pytest.mark.django_db
def test_names_are_asked_once_for_all_entries() -> None:
    many = [
        entry(unit_id=n, new={"giver": n, "role": "officer", "programme": "x", "crime.total": "1"})
        for n in range(1, 9)
    ]
    with CaptureQueriesContext(connection) as queries:
        found = names_in(many)
    assert len(queries) <= 3
    assert found.of_value("role", "officer") is not None
    with CaptureQueriesContext(connection) as queries:
        names_in([entry(new={"state": "draft"})])
    assert len(queries) == 0


@pytest.mark.django_db
def test_pages_by_key_show_every_entry_once() -> None:
    for n in range(10):
        record(actor="key", verb=LEFT, now=NOW - timedelta(seconds=n // 3))
    made = list(Entry.objects.filter(actor_name="key").order_by("pk").values_list("pk", flat=True))
    seen, below = [], None
    while page := entries(Asked(actor="key"), below=below, limit=3):
        seen += [one.pk for one in page]
        below = Key.read(str(Key.of(page[-1])))
    assert sorted(seen) == made
    assert seen == [one.pk for one in entries(Asked(actor="key"))]


@pytest.mark.django_db
def test_each_filter_leaves_out_what_does_not_fit() -> None:
    record(
        actor="f1", verb=ISSUED, object=("set", 1), unit_id=5, now=datetime(2026, 1, 1, 16, 59, tzinfo=UTC)
    )
    record(actor="f1", verb=LEFT, object=("set", 2), unit_id=6, now=datetime(2026, 1, 1, 17, 0, tzinfo=UTC))
    table = [
        (Asked(actor="f1"), 2),
        (Asked(actor="nobody"), 0),
        (Asked(actor="f1", verb=LEFT.code), 1),
        (Asked(actor="f1", unit_id=5), 1),
        (Asked(actor="f1", object_kind="set"), 2),
        (Asked(actor="f1", object_kind="set", object_id="2"), 1),
        (Asked(actor="f1", last=date(2026, 1, 1)), 1),
        (Asked(actor="f1", first=date(2026, 1, 2)), 1),
        (Asked(actor="f1", first=date.min, last=date.max), 2),
    ]
    for asked, count in table:
        assert len(entries(asked)) == count, asked


NONSENSE = ["", "~", "2026-01-01~1", "2026-01-01T00:00:00+00:00~x", "x~1"]


@pytest.mark.parametrize("text", NONSENSE)
def test_a_key_that_is_none(text: str) -> None:
    assert Key.read(text) is None


def test_a_key_is_read_as_it_was_written() -> None:
    assert Key.read(str(Key(NOW, 7))) == Key(NOW, 7)
