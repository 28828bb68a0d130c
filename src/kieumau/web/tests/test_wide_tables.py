"""Wide tables slide in a box of their own, which the keyboard reaches and readers of screens announce."""

import re
from pathlib import Path

import pytest

import kieumau

HERE = Path(kieumau.__file__).parent
BOX = re.compile(r"<div\b[^>]*?\bclass=\"sheet\b(?:\{%.*?%\}|[^>])*>", re.DOTALL)
TEMPLATES = [
    path for path in sorted(HERE.rglob("templates/**/*.html")) if BOX.search(path.read_text("utf-8"))
]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_the_box_of_a_wide_table_has_a_name_and_takes_the_focus(path: Path) -> None:
    text = path.read_text("utf-8")
    for box in BOX.findall(text):
        assert 'role="region"' in box, box
        assert 'tabindex="0"' in box, box
        name = re.search(r'aria-(label|labelledby)="(.+?)"', box, re.DOTALL)
        assert name, box
        if name[1] == "labelledby" and "{" not in name[2]:
            assert any(f'id="{name[2]}"' in one for one in (text, _around(path))), f"{path}: {name[2]}"


def _around(path: Path) -> str:
    """The other templates of the package: a part of a page is named by a heading beside it."""
    return "\n".join(one.read_text("utf-8") for one in path.parent.glob("*.html"))
