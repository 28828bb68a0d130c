"""The header speaks the reader's language wholly."""

from django.utils.translation import override

from kieumau.web import navigation


def test_no_english_word_is_left_in_the_vietnamese_header() -> None:
    """Every entry has a Vietnamese name of its own, in the bar, behind “More” and beside one's name."""
    labels = [one.label for one in navigation.entries()]
    labels += [one.label for one in navigation._own.values()]
    with override("en"):
        english = [str(label) for label in labels]
    with override("vi"):
        vietnamese = [str(label) for label in labels]
    assert len(labels) > 10
    assert not set(english) & set(vietnamese)
