"""Days in words."""

from datetime import date

from kieumau.kernel.days import in_words, span_in_words
from kieumau.kernel.messages import Text


def test_a_day_is_written_as_its_reader_is_used_to() -> None:
    assert in_words(date(2023, 10, 2)) == Text(vi="02/10/2023", en="2 Oct 2023")


def test_a_span_names_both_days_and_a_single_one_once() -> None:
    first, last = date(2026, 11, 25), date(2026, 11, 26)
    assert span_in_words(first, last) == Text(vi="25/11/2026 – 26/11/2026", en="25 Nov 2026 – 26 Nov 2026")
    assert span_in_words(first, first) == in_words(first)
