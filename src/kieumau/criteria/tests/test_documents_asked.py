"""What published sets ask for can be put on a shelf, under the name that the newest version gives it."""

from pathlib import Path
from typing import Any

import pytest

from kieumau.criteria.tests.test_versions import PLAIN, load
from kieumau.documents.kinds import kinds

pytestmark = pytest.mark.django_db

ASKS = PLAIN.replace(
    "code: plan, name: {vi: Kế hoạch, en: Plan}",
    "code: party-resolution, name: {vi: Nghị quyết của Đảng ủy, en: X}",
)


def test_the_kind_a_set_asks_for_is_offered_first(tmp_path: Path, django_assert_num_queries: Any) -> None:
    assert "party-resolution" not in kinds()
    load(tmp_path, ASKS)
    assert kinds()["party-resolution"].en == "X"
    with django_assert_num_queries(1):
        assert next(iter(kinds())) == "party-resolution"
    load(tmp_path, ASKS.replace("en: X", "en: Resolution of the Party committee"))
    assert kinds()["party-resolution"].en == "Resolution of the Party committee"
    assert "plan" in kinds(), "the general ones stay"
