"""What templates write: numbers, changes, outcomes, tables."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils import translation

from kieumau.kernel.messages import Text
from kieumau.web.matrix import Column, Matrix, Row
from kieumau.web.paging import page_of, search_of, sort_of


@pytest.fixture(autouse=True)
def _vietnamese() -> Iterator[None]:
    with translation.override("vi"):
        yield


def written(template: str, /, **context: Any) -> str:
    request = context.pop("request", None)
    return (
        Template(template).render(RequestContext(request, context) if request else Context(context)).strip()
    )


@pytest.mark.parametrize(
    ("template", "value", "vietnamese", "english"),
    [
        ("{{ v|number }}", Decimal("1061.5"), "1.061,5", "1,061.5"),
        ("{{ v|number:0 }}", 3321, "3.321", "3,321"),
        ("{{ v|number }}", 0, "0", "0"),
        ("{{ v|number }}", Decimal("-3.5"), "−3,5", "−3.5"),
        ("{{ v|share }}", Fraction(16, 25), "64\xa0%", "64%"),
        ("{{ v|share:2 }}", Fraction(51, 61), "83,61\xa0%", "83.61%"),
        ("{{ v|percent }}", 80, "80\xa0%", "80%"),
        ("{{ v|in_fours }}", "ABCDEFGHIJ", "ABCD EFGH IJ", "ABCD EFGH IJ"),
        ("{{ v|day }}", date(2026, 11, 21), "21/11/2026", "21 Nov 2026"),
        (
            "{{ v|day }}",
            datetime(2026, 11, 20, 17, 30, tzinfo=UTC),
            "21/11/2026",
            "21 Nov 2026",
        ),  # 0:30 there
        ("{{ v|day }}", None, "", ""),
        ("{{ v|here }}", Text(vi="Tỷ lệ", en="Rate"), "Tỷ lệ", "Rate"),
        ("{% figure v decimals=1 as_share=True %}", Fraction(1, 3), "33,3\xa0%", "33.3%"),
        (
            "{% outcome_sentence v %}",
            {"met": 18, "not_due": 4},
            "Đạt 18/22, 4 chưa đến hạn",
            "18 of 22 met, 4 not yet due",
        ),
        ("{% outcome_sentence v %}", {"not_met": 2}, "Đạt 0/2, 2 chưa đạt", "0 of 2 met, 2 not met"),
    ],
)
def test_in_both_languages(template: str, value: object, vietnamese: str, english: str) -> None:
    assert written(template, v=value) == vietnamese
    with translation.override("en"):
        assert written(template, v=value) == english


@pytest.mark.parametrize(
    ("state", "words"), [(1, "chưa có số liệu"), (2, "không áp dụng"), (3, "từ chối cung cấp")]
)
def test_the_three_ways_to_have_no_figure_are_told_apart(state: int, words: str) -> None:
    shown = written("{% figure v s %}", v=None, s=state)
    assert words in shown
    assert "0" not in shown


@pytest.mark.parametrize(
    ("value", "polarity", "shown", "css_class", "said"),
    [
        (Fraction(-3009, 12407), -1, "−24,3\xa0%", "change-good", "tốt hơn"),
        (Fraction(1, 10), -1, "+10\xa0%", "change-bad", "xấu hơn"),
        (Fraction(1, 10), 1, "+10\xa0%", "change-good", "tốt hơn"),
        (Fraction(1, 10), 0, "+10\xa0%", 'class="change"', "10"),
        (0, -1, "không đổi", 'class="change"', "không đổi"),
        (None, -1, "–", "missing", "không so sánh được"),
    ],
)
def test_change(value: Any, polarity: int, shown: str, css_class: str, said: str) -> None:
    tag = written("{% change v p %}", v=value, p=polarity)
    assert shown in tag
    assert css_class in tag
    assert said in tag


def test_no_percentage_of_nothing() -> None:
    assert "cùng kỳ bằng 0" in written("{% change None from_zero=True %}")


class Verdict(IntEnum):
    MET = 1
    NOT_DUE = 3


def test_an_outcome_is_a_mark_and_a_word_from_a_key_or_an_enum() -> None:
    tag = '<span class="outcome o-not_due">Chưa đến hạn</span>'
    assert written("{% outcome v %}", v="not_due") == tag
    assert written("{% outcome v %}", v=Verdict.NOT_DUE) == tag


def test_an_unknown_outcome_is_an_error_of_ours() -> None:
    with pytest.raises(ValueError, match="not an outcome"):
        written("{% outcome v %}", v="perhaps")


def test_the_bar_shares_are_exact_and_in_order() -> None:
    bar = written("{% outcome_bar v %}", v={"not_due": 4, "met": 18, "no_data": 0})
    assert '<rect class="o-met" x="0.00%" width="81.81%" y="0" height="100%"/>' in bar
    assert '<rect class="o-not_due" x="81.81%" width="18.18%" y="0" height="100%"/>' in bar
    assert "o-no_data" not in bar


def test_a_bar_of_nothing_is_empty() -> None:
    assert "<rect" not in written("{% outcome_bar v %}", v={})


def test_the_matrix_counts_links_and_escapes() -> None:
    columns = [
        Column("1.1", "Kế hoạch & <b>", "/c/1/", "A"),
        Column("1.2", "Giảm", "", "A"),
        Column("2", "Ba", "", "B"),
    ]
    rows = [
        Row("Xã <An>", [Verdict.MET, "not_met", None], "/u/1/", "/u/1/#c-"),
        Row("Phường B", ["met", "met", "no_data"]),
    ]
    html = written("{% matrix v %}{% matrix_key v %}", v=Matrix("Bảng", "Xã, phường", columns, rows))
    assert "<b>" not in html
    assert "Xã &lt;An&gt;" in html
    assert '<td class="cell first o-met"><a href="/u/1/#c-1.1" tabindex="-1">đạt</a></td>' in html
    assert '<td class="cell o-not_met"><a href="/u/1/#c-1.2" tabindex="-1">chưa đạt</a></td>' in html
    assert '<td class="cell first"></td>' in html
    assert html.count('<td class="number first">1/3</td>') == 1
    assert html.count('<td class="number first">2/3</td>') == 1
    assert '<td class="number">2</td><td class="number">1</td><td class="number">0</td>' in html
    assert 'colspan="2" class="group" title="A"' in html


def test_sort_headers_turn_around_and_leave_the_page_number_behind() -> None:
    request = RequestFactory().get("/?tim=an&trang=4")
    head = '{% sort_header "met" "Đạt" sort falls True %}{% sort_header "name" "Tên" sort falls %}'
    html = written(head, request=request, sort="met", falls=True)
    assert 'href="?tim=an&amp;xep=met"' in html
    assert 'href="?tim=an&amp;xep=name"' in html
    assert 'aria-sort="descending"' in html
    assert html.count("aria-sort") == 1


def test_the_pager_keeps_the_rest_of_the_address() -> None:
    request = RequestFactory().get("/?tim=an&trang=2")
    html = written("{% pager page %}", request=request, page=page_of(request, range(120), 50))
    assert "?tim=an&amp;trang=3" in html
    assert "51–100 trong tổng số 120" in html


def test_one_page_needs_no_pager() -> None:
    request = RequestFactory().get("/")
    assert written("{% pager page %}", request=request, page=Paginator([1], 5).page(1)) == ""


@pytest.mark.parametrize(
    ("query", "page", "sort", "words"),
    [
        ("", 1, ("met", True), ""),
        ("trang=2&xep=name&tim= Cần Thơ ", 2, ("name", False), "Cần Thơ"),
        ("trang=x&xep=password", 1, ("met", True), ""),
        ("trang=99&xep=-name", 3, ("name", True), ""),
    ],
)
def test_addresses_of_lists(query: str, page: int, sort: tuple[str, bool], words: str) -> None:
    request = RequestFactory().get(f"/?{query}")
    assert page_of(request, range(120), 50).number == page
    assert sort_of(request, {"met", "name"}, "-met") == sort
    assert search_of(request) == words
