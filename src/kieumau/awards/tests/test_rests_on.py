"""Beside what figures alone say, the page of a unit tells what the dossier of its title came to."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from kieumau.accounts.acting import acting
from kieumau.accounts.tests.test_row_security import serving
from kieumau.awards.tests import test_titles
from kieumau.awards.tests.test_titles import given
from kieumau.rounds.models import Dossier
from kieumau.rounds.tests.cast import People

dossier = test_titles.dossier


def test_the_page_of_the_unit_says_what_the_title_rests_on(
    dossier: Dossier, cast: People, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """A stranger is told the counts of a dossier that he may not read; nothing where it led to no title."""
    settings.KIEUMAU_OPEN_READING = True
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 22, 9, tzinfo=UTC))
    asked = f"{reverse('unit', args=[dossier.unit_id])}?bo=model-ward&ky=2026"

    def said() -> str:
        with acting(None), serving():
            return " ".join(strip_tags(Client().get(asked).content.decode()).split())

    assert "Hồ sơ: 5/5 đạt" not in said()
    title = given(dossier, cast)
    page = said()
    recognized = f"công nhận ngày {title.decided_on:%d/%m/%Y}"
    assert f"Hồ sơ: 5/5 đạt, phúc tra xong ngày 22/11/2026, {recognized} ({title.reference}," in page
    assert "Đây là kết quả chỉ tính từ số liệu" in page
