"""Units share what is alike byte by byte: what one of them takes off its shelf stays for the others."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kieumau.accounts.acting import acting
from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.accounts.tests.test_row_security import serving
from kieumau.documents import actions
from kieumau.documents.discarding import discard_unused
from kieumau.documents.intake import Limits, Taken, take_in
from kieumau.documents.models import File
from kieumau.documents.rules import Facts
from kieumau.documents.stores import FolderStore
from kieumau.documents.tests.conftest import stored
from kieumau.documents.tests.hostile import pdf
from kieumau.kernel.messages import Refused
from kieumau.units.actions import load_rows
from kieumau.units.models import Term

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
PLAN = Facts(kind="plan", issued_on=date(2026, 1, 20), summary="Kế hoạch của tỉnh", reference="12/KH")


@pytest.fixture
def other(unit: int) -> int:
    """A ward beside An Bình."""
    keys = ("code", "name", "kind", "parent", "valid_from")
    load_rows(
        [dict(zip(keys, ("31120", "Cái Khế", "phuong", "92", "2020-01-01"), strict=True))],
        actor=None,
        register="vn",
    )
    return Term.objects.get(code="31120").unit_id


@pytest.fixture
def taken(tmp_path: Path) -> Iterator[Taken]:
    """The province's plan, which every ward has received."""
    (came := tmp_path / "came").write_bytes(pdf())
    with take_in(came, "ke-hoach.pdf", limits=Limits()) as one:
        yield one


def somebody(name: str, unit: int) -> User:
    """An officer of that ward and of no other."""
    person = User.objects.create_user(name)
    grant(person, "officer", unit)
    return person


def test_the_file_of_another_ward_outlives_ones_own(
    unit: int, other: int, taken: Taken, store: FolderStore, folder: Path
) -> None:
    an, binh = somebody("an", unit), somebody("binh", other)
    mine = actions.add_with_files(unit, PLAN, [taken], store=store, actor=an, now=NOW)
    actions.add_with_files(other, PLAN, [taken], store=store, actor=binh, now=NOW)
    with acting(an), serving():
        assert File.objects.count() == 1, "he sees his own ward's alone"
        File.objects.filter(document=mine).delete()
        discard_unused([taken.sha256], store=store)
    assert len(stored(folder)) == 1
    with acting(binh), serving():
        File.objects.all().delete()
        discard_unused([taken.sha256], store=store)
    assert stored(folder) == []


def test_what_is_refused_takes_nothing_away_from_others(
    unit: int, other: int, taken: Taken, store: FolderStore, folder: Path
) -> None:
    an, binh = somebody("an", unit), somebody("binh", other)
    actions.add_with_files(other, PLAN, [taken], store=store, actor=binh, now=NOW)
    tomorrow = Facts(
        kind="plan", issued_on=date(2026, 11, 21), summary="Kế hoạch của tỉnh", reference="12/KH"
    )
    with acting(an), serving(), pytest.raises(Refused):
        actions.add_with_files(unit, tomorrow, [taken], store=store, actor=an, now=NOW)
    assert len(stored(folder)) == 1
