"""Which texts are pointed out because their English is but the Vietnamese."""

from typing import Any

from kieumau.criteria.untranslated import Untranslated, contradicting, untranslated

# A text in both languages, and whether it is pointed out.
TEXTS = [
    ("Công nhận", "Recognized", False),
    ("Công nhận", "Công nhận", True),
    ("Công  nhận", " Công nhận", True),
    ("124/2021", "124/2021", False),
    ("", "", False),
]


def test_texts_that_say_the_same_in_both_languages() -> None:
    for vi, en, is_same in TEXTS:
        name = {"vi": vi, "en": en}
        assert bool(untranslated({"title": name})) is is_same, vi
        criterion = {"title": {"vi": "a", "en": "b"}, "document": {"name": name}}
        assert untranslated({"criteria": [{}, criterion]}) == [Untranslated(vi, 2)] * is_same, vi


# A text in both languages, and whether the English names another number.
NUMBERS = [
    ("ít nhất 92%", "at least 95%", True),
    ("đến 31/3", "until 31 March", False),
    ("từ 01/01 đến 31/3", "from 1 January to 31 March", False),
]


def test_texts_whose_english_says_other_numbers() -> None:
    for vi, en, is_other in NUMBERS:
        assert bool(contradicting({"title": {"vi": vi, "en": en}})) is is_other, vi


def test_what_is_no_set_has_none() -> None:
    nonsense: list[Any] = [
        None,
        [],
        "x",
        {"criteria": 7},
        {"criteria": [None, {"title": {"vi": 1, "en": 1}}]},
    ]
    for content in nonsense:
        assert untranslated(content) == []
