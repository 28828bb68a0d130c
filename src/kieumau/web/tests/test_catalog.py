"""The catalogue tool: finds every text, says every fault."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from kieumau.web.catalog import compile_catalog, read_catalog, review, save, updated, used_texts

TEMPLATE = """{% load i18n %}
  {% translate "Search" %} {% translate "May" context "month" %}
    {% blocktranslate count n=n %}{{ n }} unit{% plural %}{{ n }} units{% endblocktranslate %}
<p title="it's {% translate 'Show' %}">don't "break</p>
"""
MODULE = """
from django.utils.translation import gettext as _, ngettext, pgettext
name = _("No such unit")
html = f"<b>{_('Inside a string')}</b>"
text = ngettext("%(n)s day", "%(n)s days", n)
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "templates" / "a.html").write_text(TEMPLATE)
    (tmp_path / "views.py").write_text(MODULE)
    (tmp_path / "tests" / "test_a.py").write_text('_("Only in a test")')
    return tmp_path


def test_texts_are_found_in_templates_modules_and_f_strings(package: Path) -> None:
    assert set(used_texts(package)) == {
        (None, "Search"),
        ("month", "May"),
        (None, "%(n)s unit"),
        (None, "Show"),
        (None, "No such unit"),
        (None, "Inside a string"),
        (None, "%(n)s day"),
    }


def test_places_are_lines_of_the_file(package: Path) -> None:
    assert used_texts(package)[None, "Show"].places == ["templates/a.html:4"]
    assert used_texts(package)[None, "No such unit"].places == ["views.py:3"]


def test_every_fault_has_its_kind(package: Path) -> None:
    catalog = Catalog(locale="vi", fuzzy=False)
    catalog.add("Search", "")
    catalog.add("Show", "Xem", flags=["fuzzy"])
    catalog.add("May", "Tháng năm", context="month")
    catalog.add(("%(n)s unit", "%(n)s units"), ("%(m)s đơn vị",))
    catalog.add("Gone", "Mất")
    faults = review(used_texts(package), catalog)
    assert [line.split(" ")[0] for line in faults.empty] == ["'Search'"]
    assert faults.fuzzy == ["'Show'"]
    assert faults.obsolete == ["'Gone'"]
    assert faults.placeholders == ["'%(n)s unit'"]
    assert len(faults.missing) == 3


def test_update_adds_drops_and_keeps(package: Path, tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    catalog = Catalog(locale="vi", fuzzy=False)
    catalog.add("Search", "Tìm")
    catalog.add("Gone", "Mất")
    save(updated(used_texts(package), catalog), path)
    kept = read_catalog(path)
    faults = review(used_texts(package), kept)
    assert not faults.missing
    assert not faults.obsolete
    assert len(faults.empty) == 6
    written = path.read_text()
    save(updated(used_texts(package), kept), path)
    assert path.read_text() == written


def test_compiling_writes_what_django_reads(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    catalog = Catalog(locale="vi", fuzzy=False)
    catalog.add("Search", "Tìm")
    save(catalog, path)
    target = compile_catalog(path)
    assert target.name == "django.mo"
    assert "Tìm".encode() in target.read_bytes()
