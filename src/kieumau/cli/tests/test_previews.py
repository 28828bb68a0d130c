"""What `kieumau criteria load` tells about a new version, before and after it is published."""

from pathlib import Path

import pytest

from kieumau.assessments.models import Assessment
from kieumau.cli.tests.test_commands import CATALOGUE, FIGURES, MAPPING, SET, UNITS, run
from kieumau.criteria.models import CriteriaSet

pytestmark = pytest.mark.django_db

SECOND = """\
  - code: "2"
    group: a
    kind: judged
    title: {vi: Tham mưu tốt, en: Advises well}
    question: {vi: Tham mưu tốt không?, en: Does it advise well?}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A town of four wards with figures, and a version in force that asks for 60 %, judged for 2025."""
    files = {"units.csv": UNITS, "catalogue.yaml": CATALOGUE, "mapping.yaml": MAPPING, "figures.csv": FIGURES}
    files |= {"set.yaml": SET.replace("70%", "60%"), "draft.yaml": SET + SECOND}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for words in (
        ("units", "load", tmp_path / "units.csv"),
        ("indicators", "load", tmp_path / "catalogue.yaml"),
        ("figures", "load", tmp_path / "figures.csv", "--mapping", tmp_path / "mapping.yaml"),
        ("criteria", "load", tmp_path / "set.yaml"),
        ("assess", "mau-70", "--period", "2025"),
    ):
        done = run(*words)
        assert done.exit_code == 0, done.output
    return tmp_path


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "vi",
            [
                "So với mau-70 v1:",
                "Thêm: 2 Tham mưu tốt",
                "Sửa: 1 Ít nhất 70 % khu được công nhận (tên, công thức)",
                "Thử trên năm 2025, 2 đơn vị:",
                "Số đơn vị đổi kết quả: 2.",
                "đạt → chưa đạt: 1",
                "đạt → chưa kết luận: 1",
                "Kết quả đã xét theo mau-70 v1 giữ nguyên.",
            ],
        ),
        (
            "en",
            [
                "Against mau-70 v1:",
                "Added: 2 Advises well",
                "Changed: 1 At least 70% of areas recognized (title, formula)",
                "Units whose outcome changes: 2.",
                "met → not met: 1",
                "Verdicts given under mau-70 v1 stay as they are.",
            ],
        ),
    ],
)
def test_the_same_summary_before_and_after(folder: Path, lang: str, said: list[str]) -> None:
    kept = list(Assessment.objects.order_by("id").values())
    dry = run("criteria", "load", folder / "draft.yaml", "--dry-run", "--lang", lang).stdout
    assert CriteriaSet.objects.count() == 1
    loaded = run("criteria", "load", folder / "draft.yaml", "--lang", lang).stdout
    assert CriteriaSet.objects.count() == 2
    for line in said:
        assert line in dry
        assert line in loaded
    assert dry.partition("\n")[2] == loaded.partition("\n")[2]
    assert list(Assessment.objects.order_by("id").values()) == kept


def test_a_criterion_that_is_removed(folder: Path) -> None:
    run("criteria", "load", folder / "draft.yaml")
    told = run("criteria", "load", folder / "set.yaml", "--dry-run", "--lang", "en").stdout
    assert "Removed: 2 Advises well" in told


def test_the_same_text_again_says_so(folder: Path) -> None:
    told = run("criteria", "load", folder / "set.yaml", "--lang", "en").stdout
    assert told.strip() == "mau-70: the same as version 1, which is published; nothing changes."


def test_the_first_version_says_what_units_come_out_as(folder: Path) -> None:
    (folder / "new.yaml").write_text(SET.replace("mau-70", "mau-new"), encoding="utf-8")
    told = run("criteria", "load", folder / "new.yaml", "--dry-run", "--lang", "en").stdout
    assert "This is the first version." in told
    assert "met: 1, not met: 1" in told
