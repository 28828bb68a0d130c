"""A unit with an empty shelf, a store in a folder of its own, and somebody who has signed in."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.documents.stores import FolderStore
from kieumau.units.actions import load_rows
from kieumau.units.models import Term


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """Where this installation keeps its files."""
    settings.KIEUMAU_FILES = str(tmp_path / "files")
    return tmp_path / "files"


@pytest.fixture
def store(folder: Path) -> FolderStore:
    """The store there."""
    return FolderStore(folder)


@pytest.fixture
def unit(db: None) -> int:
    """An Bình, a ward."""
    keys = ("code", "name", "kind", "parent", "valid_from", "valid_to")
    rows = [
        ("VN", "Việt Nam", "quoc-gia", "", "2020-01-01", ""),
        ("92", "Cần Thơ", "thanh-pho", "VN", "2020-01-01", ""),
        ("31150", "An Bình", "phuong", "92", "2020-01-01", ""),
    ]
    load_rows([dict(zip(keys, row, strict=True)) for row in rows], [], actor=None, register="vn")
    return Term.objects.get(code="31150").unit_id


@pytest.fixture
def an(unit: int, folder: Path, client: Client) -> Client:
    """An, signed in."""
    an = User.objects.create_user("an")
    grant(an, "officer", unit)
    client.force_login(an)
    return client


def stored(folder: Path) -> list[str]:
    """The names of everything that lies in the store and on its way there."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())
