"""What people who write formulas in a spreadsheet write first, and what it is here."""

from kieumau.kernel.messages import Text

# Signs that cannot be read, and what they mean where they can.
SIGNS = {
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "×": "*",
    "÷": "/",
    "−": "-",
    "–": "-",
    "&": "and",
    "|": "or",
    "!": "not",
}
# Two signs beside each other that are one here; the second is the one that cannot stand.
PAIRS = {"=>": ">=", "=<": "<=", "<>": "!=", "==": "=", "><": "!="}
# Functions of a spreadsheet that are no functions here.
FUNCTIONS = {
    "and": "a and b",
    "or": "a or b",
    "not": "not a",
    "sum": "a + b",
    "sumif": "total(x, last: 3)",
    "average": "(a + b) / 2",
    "iferror": "coalesce(x, 0)",
    "ifna": "coalesce(x, 0)",
    "isblank": "coalesce(x, 0)",
    "ifs": "bands(x, 90%: 1, else: 0)",
    "vlookup": "bands(x, 90%: 1, else: 0)",
    "countif": "count(a > 0, b > 0)",
    "int": "floor(x)",
    "trunc": "floor(x)",
    "roundup": "ceil(x)",
    "rounddown": "floor(x)",
    "mod": "x - y * floor(x / y)",
}


def sign(character: str) -> Text | None:
    """What to write for a character that cannot be read."""
    if character == ";":
        return Text(
            vi="Các phần trong ngoặc ngăn bằng dấu phẩy: if(a, b, c).",
            en="Parts in brackets are parted by commas: if(a, b, c).",
        )
    if character in "\"'“”":
        return Text(vi="Không cần dấu ngoặc kép.", en="No quotation marks are needed.")
    if character.isalpha() and not character.isascii():
        return Text(
            vi="Chỉ tiêu viết bằng mã, ví dụ tips.received: gõ vài chữ của tên rồi chọn trong danh sách.",
            en="Indicators are written by code, as in tips.received: type some of the name and choose.",
        )
    word = SIGNS.get(character)
    return Text(vi=f"Viết {word}.", en=f"Write {word}.") if word else None


def function(name: str, known: list[str]) -> Text | None:
    """What to write for a function that does not exist here; one known in small letters comes first."""
    small = name.lower()
    written = small if small in known else FUNCTIONS.get(small)
    return Text(vi=f"viết {written}", en=f"write {written}") if written else None


def comparison(before: str, token: str) -> Text | None:
    """What to write for a comparison that cannot stand behind the text `before`."""
    if not before:
        return Text(vi="Bỏ dấu = ở đầu công thức.", en="Leave out the = at the beginning.")
    if (pair := PAIRS.get(before[-1] + token[0])) is not None:
        return Text(vi=f"Viết {pair}", en=f"Write {pair}")
    if before.endswith(("=", "<", ">")):
        return Text(vi="Viết một trong = != < <= > >=.", en="Write one of = != < <= > >=.")
    return None


def is_grouped(digits: str) -> bool:
    """Was a point meant to part thousands? `1.000`, `12.500`: three decimals that end in a zero."""
    whole, _, decimals = digits.partition(".")
    return len(decimals) == 3 and decimals.endswith("0") and 0 < len(whole) <= 3 and int(whole) > 0
