"""What to say about a YAML file that is wrong, in words of our own and in both languages.

Pydantic and the YAML parser speak English only. Their kinds of fault are known, so each has a pair of
sentences here; what has none gets a general one, and only the English then quotes the library.
"""

import re
from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

from kieumau.kernel.messages import Text

_TEXT = Text(vi="phải là chữ", en="must be text")
_INTEGER = Text(vi="phải là số nguyên, viết như 12", en="must be a whole number, such as 12")
_NUMBER = Text(vi="phải là số, viết như 12.5", en="must be a number, such as 12.5")
_BOOL = Text(vi="phải là true (có) hoặc false (không)", en="must be true or false")
_DATE = Text(vi="phải là ngày có thật, viết như 2025-07-01", en="must be a real date, such as 2025-07-01")
_TIME = Text(vi="phải là giờ, viết như “07:30”", en="must be a time of day, such as “07:30”")
_MOMENT = Text(
    vi="phải là ngày và giờ, viết như 2025-07-01T07:30:00",
    en="must be a date and time, such as 2025-07-01T07:30:00",
)
_LIST = Text(vi="phải là danh sách", en="must be a list")
_GROUP = Text(vi="phải là nhóm khóa (tên: giá trị)", en="must be a group of keys (name: value)")
_ONE_OF = Text(vi="phải là một trong: {expected}", en="must be one of: {expected}")
_KEY = Text(vi="phải có mọi khóa là chữ", en="must have text for every key")

# Pydantic's kinds of fault; the words in braces are the facts it gives with them.
RULES: Mapping[str, Text] = {
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "string_too_short": Text(
        vi="phải có ít nhất {min_length} ký tự", en="must have at least {min_length} characters"
    ),
    "string_too_long": Text(
        vi="phải có nhiều nhất {max_length} ký tự", en="must have at most {max_length} characters"
    ),
    "string_pattern_mismatch": Text(vi="phải theo mẫu {pattern}", en="must follow the pattern {pattern}"),
    "int_type": _INTEGER,
    "int_parsing": _INTEGER,
    "int_parsing_size": Text(vi="phải là số nguyên ngắn hơn", en="must be a shorter whole number"),
    "int_from_float": _INTEGER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "decimal_max_digits": Text(
        vi="phải có nhiều nhất {max_digits} chữ số", en="must have at most {max_digits} digits"
    ),
    "decimal_max_places": Text(
        vi="phải có nhiều nhất {decimal_places} chữ số thập phân",
        en="must have at most {decimal_places} decimals",
    ),
    "decimal_whole_digits": Text(
        vi="phải có nhiều nhất {whole_digits} chữ số trước dấu thập phân",
        en="must have at most {whole_digits} digits before the decimal point",
    ),
    "greater_than": Text(vi="phải lớn hơn {gt}", en="must be greater than {gt}"),
    "greater_than_equal": Text(vi="phải từ {ge} trở lên", en="must be {ge} or more"),
    "less_than": Text(vi="phải nhỏ hơn {lt}", en="must be less than {lt}"),
    "less_than_equal": Text(vi="phải từ {le} trở xuống", en="must be {le} or less"),
    "multiple_of": Text(vi="phải là bội số của {multiple_of}", en="must be a multiple of {multiple_of}"),
    "bool_type": _BOOL,
    "bool_parsing": _BOOL,
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "time_type": _TIME,
    "time_parsing": _TIME,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "datetime_object_invalid": _MOMENT,
    "literal_error": _ONE_OF,
    "enum": _ONE_OF,
    "union_tag_invalid": Text(
        vi="phải có {discriminator} là một trong: {expected_tags}",
        en="must have one of these as {discriminator}: {expected_tags}",
    ),
    "union_tag_not_found": Text(vi="phải có khóa {discriminator}", en="must have the key {discriminator}"),
    "too_short": Text(vi="phải có ít nhất {min_length} mục", en="must have at least {min_length} items"),
    "too_long": Text(vi="phải có nhiều nhất {max_length} mục", en="must have at most {max_length} items"),
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "iterable_type": _LIST,
    "dict_type": _GROUP,
    "mapping_type": _GROUP,
    "model_type": _GROUP,
    "model_attributes_type": _GROUP,
    "dataclass_type": _GROUP,
    "invalid_key": _KEY,
    "none_required": Text(vi="phải để trống", en="must be left empty"),
}

# What the YAML parser says, by words it uses.
_SYNTAX: tuple[tuple[str, Text], ...] = (
    ("mapping values are not allowed", Text(vi="dấu hai chấm không đúng chỗ", en="a colon out of place")),
    ("could not find expected ':'", Text(vi="thiếu dấu hai chấm sau khóa", en="no colon after a key")),
    ("cannot start any token", Text(vi="có ký tự không được phép, hoặc Tab", en="a character or tab")),
    ("unexpected end of stream", Text(vi="dấu nháy mở mà không đóng", en="a quote that never closes")),
    ("escape", Text(vi="sai ký hiệu sau dấu \\", en="a wrong sign after a \\")),
    ("control characters", Text(vi="có ký tự điều khiển", en="control characters")),
    ("single document", Text(vi="có nhiều hơn một tài liệu (---)", en="more than one document (---)")),
    ("did not find expected", Text(vi="thụt dòng hoặc dấu ngoặc không khớp", en="indentation or brackets")),
)


def rule(detail: ErrorDetails) -> Text:
    """What the value must be, to follow its name: “phải là số”, “must be a number”."""
    facts = {name: _fact(name, value) for name, value in detail.get("ctx", {}).items()}
    if known := RULES.get(detail["type"]):
        try:
            return Text(vi=known.vi.format_map(facts), en=known.en.format_map(facts))
        except KeyError:  # another version of pydantic gives other facts
            pass
    return Text(vi="không đúng yêu cầu", en=f"does not fit ({detail['msg']})")


def either(rules: list[Text]) -> Text:
    """Several rules of which one would do."""
    vi = list(dict.fromkeys(one.vi for one in rules))
    en = list(dict.fromkeys(one.en for one in rules))
    return Text(vi=", hoặc ".join(vi), en=", or ".join(en))


def found(detail: ErrorDetails) -> Text:
    """What the file has instead, in quotes or named."""
    value = detail.get("ctx", {}).get("tag", detail["input"])
    if value is None or value == "":
        return Text(vi="để trống", en="nothing")
    if isinstance(value, dict):
        return Text(vi="có một nhóm khóa", en="a group of keys")
    if isinstance(value, list | tuple):
        return Text(vi=f"có một danh sách {len(value)} mục", en=f"a list of {len(value)}")
    text = str(value).lower() if isinstance(value, bool) else str(value)
    text = f"“{text if len(text) <= 60 else text[:57] + '…'}”"
    return Text(vi=f"ghi {text}", en=text)


def syntax(said: str) -> Text:
    """What is wrong with text that is no YAML; `said` is what the parser said."""
    for words, text in _SYNTAX:
        if words in said:
            return Text(
                vi=f"Tệp không đúng cú pháp YAML: {text.vi}.",
                en=f"The file is not valid YAML: {text.en} ({said}).",
            )
    return Text(vi="Tệp không đúng cú pháp YAML.", en=f"The file is not valid YAML ({said}).")


def _fact(name: str, value: Any) -> str:
    """A fact as people write it: pydantic lists allowed words as `'a', 'b' or 'c'`."""
    if name in {"expected", "expected_tags"}:
        return ", ".join(f"“{word.strip(chr(39))}”" for word in re.split(r", | or ", str(value)))
    return f"“{value.strip(chr(39))}”" if name == "discriminator" else str(value)
