"""Days in words, as each reader is used to: 12/10/2023 in Vietnamese, 12 Oct 2023 in English."""

from datetime import date

from kieumau.kernel.messages import Text

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def in_words(day: date) -> Text:
    """One day."""
    return Text(vi=f"{day:%d/%m/%Y}", en=f"{day.day} {MONTHS[day.month - 1]} {day.year}")


def span_in_words(first: date, last: date) -> Text:
    """From one day to another, both counted; a single day by itself."""
    if first == last:
        return in_words(first)
    begins, ends = in_words(first), in_words(last)
    return Text(vi=f"{begins.vi} – {ends.vi}", en=f"{begins.en} – {ends.en}")
