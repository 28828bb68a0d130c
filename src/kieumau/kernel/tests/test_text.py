"""Vietnamese order and search, as tables."""

import random
import unicodedata

import pytest

from kieumau.kernel.text import Speller, nearest, nfc, search_key, slug, sort_key, tidy

IN_ORDER = [
    [
        "a",
        "ă",
        "â",
        "b",
        "c",
        "d",
        "đ",
        "e",
        "ê",
        "g",
        "i",
        "o",
        "ô",
        "ơ",
        "u",
        "ư",
        "v",
        "y",
    ],
    ["ma", "mà", "mả", "mã", "má", "mạ", "mă", "mằ", "mâ", "mậ", "mb"],
    [
        "An Giang",
        "Bà Rịa - Vũng Tàu",
        "Cà Mau",
        "Cao Bằng",
        "Cần Thơ",
        "Đà Nẵng",
        "Đắk Lắk",
        "Điện Biên",
    ],
    ["Dương", "Đại", "Đạo", "Em"],
    ["An Bình", "An Hòa", "Ân Thi", "Ba Đình"],
    ["Phường 1", "Phường 02", "Phường 10", "Phường 27", "Phường An Đông"],
    ["hoa", "hoà bình", "hoa mai", "hoà nhập"],
    ["Thới", "Thơm", "Thuận"],
    ["tú", "tư", "từ", "tử", "tự", "tước"],
]


@pytest.mark.parametrize("names", IN_ORDER, ids=lambda names: names[0])
def test_names_sort_as_in_a_vietnamese_dictionary(names: list[str]) -> None:
    shuffled = names[:]
    random.Random(7).shuffle(shuffled)
    assert sorted(shuffled, key=sort_key) == names


def test_case_and_composition_do_not_matter() -> None:
    decomposed = unicodedata.normalize("NFD", "Đường Nguyễn Huệ")
    assert decomposed != "Đường Nguyễn Huệ"
    assert sort_key(decomposed) == sort_key("đường NGUYỄN Huệ")
    assert search_key(decomposed) == search_key("duong nguyen hue")
    assert nfc(decomposed) == "Đường Nguyễn Huệ"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Cần Thơ", "can tho"),
        ("Đồng Nai", "dong nai"),
        ("Bà Rịa - Vũng Tàu", "ba ria vung tau"),
        ("Phường Ô Môn", "phuong o mon"),
        ("  Kensington & Chelsea ", "kensington chelsea"),
        ("N'Trang Lơng", "n trang long"),
        ("", ""),
        ("—", ""),
    ],
)
def test_search_key(text: str, key: str) -> None:
    assert search_key(text) == key
    assert slug(text) == key.replace(" ", "-")


def test_tidy_removes_what_cannot_be_seen() -> None:
    assert tidy("\ufeff Xã\u00a0Mỹ  Khánh\u200b ") == "Xã Mỹ Khánh"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Mỹ Khan", "Mỹ Khánh"),
        ("ca khe", "Cái Khế"),
        ("AN-BINH", "An Bình"),
        ("zzzz", None),
        ("", None),
    ],
)
def test_nearest(typed: str, meant: str | None) -> None:
    assert nearest(typed, ["An Bình", "Cái Khế", "Mỹ Khánh", "Ninh Kiều"]) == ([meant] if meant else [])


def test_speller_gives_the_best_first() -> None:
    speller = Speller(["burglary", "robbery", "theft", "theft-person"])
    assert speller.nearest("thefts", 2) == ["theft", "theft-person"]
    assert speller.nearest("rubbery", 1) == ["robbery"]
