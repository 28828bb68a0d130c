"""Both languages are complete: every text of the screens, counted."""

import re
from pathlib import Path

from kieumau.web.catalog import PACKAGE, read_catalog, review, used_texts

# Letters that only Vietnamese has; English texts may hold names.
VIETNAMESE = re.compile(
    r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE
)
NAMES = re.compile("Kiểu Mẫu|Tiếng Việt|Cần Thơ")


def test_every_text_is_in_vietnamese() -> None:
    faults = review(used_texts(), read_catalog())
    assert faults.lines() == []


def test_message_ids_are_english() -> None:
    ids = [text for _, text in used_texts()]
    assert [text for text in ids if VIETNAMESE.search(NAMES.sub("", text))] == []


def test_templates_hold_no_vietnamese_of_their_own() -> None:
    def is_sample(path: Path) -> bool:
        return path.name == "styleguide.html"

    templates = [path for path in PACKAGE.rglob("templates/**/*.html") if not is_sample(path)]
    assert templates
    assert [
        path.name for path in templates if VIETNAMESE.search(NAMES.sub("", path.read_text("utf-8")))
    ] == []
