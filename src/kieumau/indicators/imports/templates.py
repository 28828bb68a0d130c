"""Templates: text with `{Column|filter}` pieces, filled from the cells of a row."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from kieumau.kernel.messages import Text
from kieumau.kernel.text import nfc, slug, tidy
from kieumau.kernel.yamlfile import BilingualError

HEADER = "@header"
SHEET = "@sheet"

_PIECE = re.compile(r"\{([^{}|]+)((?:\|[^{}|]+)*)\}")
_FILTERS: dict[str, Callable[[str], str]] = {"slug": slug, "upper": str.upper, "lower": str.lower}
_PAD = re.compile(r"pad:([1-9]|1[0-9])")


@dataclass(frozen=True)
class Template:
    """Text with `{Column|filter}` pieces; filters: slug, upper, lower, pad:5 (leading zeros)."""

    text: str
    literals: tuple[str, ...]
    names: tuple[str, ...]
    filters: tuple[tuple[Callable[[str], str], ...], ...]

    @classmethod
    def parse(cls, text: str) -> "Template":
        """The template of `text`. Raises BilingualError for a loose brace or an unknown filter."""
        literals, names, filters, end = [], [], [], 0
        for piece in _PIECE.finditer(text):
            literals.append(nfc(text[end : piece.start()]))
            names.append(tidy(piece[1]))
            filters.append(tuple(_filter(word) for word in piece[2].split("|")[1:]))
            end = piece.end()
        literals.append(nfc(text[end:]))
        if any("{" in literal or "}" in literal for literal in literals):
            raise BilingualError(
                "bad-template",
                Text(vi=f"Ngoặc nhọn không khớp trong “{text}”.", en=f"Unmatched brace in “{text}”."),
            )
        return cls(text, tuple(literals), tuple(names), tuple(filters))

    def fill(self, texts: Sequence[str]) -> str:
        """The text with each piece replaced by the text given for it, in order of `names`."""
        if len(texts) == 1 and not self.filters[0] and self.literals == ("", ""):
            return texts[0]
        out = [self.literals[0]]
        for text, filters, literal in zip(texts, self.filters, self.literals[1:], strict=True):
            changed = text
            for change in filters:
                changed = change(changed)
            out += (changed, literal)
        return "".join(out)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The real columns it names."""
        return tuple(name for name in self.names if name not in (HEADER, SHEET))


def _filter(word: str) -> Callable[[str], str]:
    if found := _PAD.fullmatch(word.strip()):
        width = int(found[1])
        return lambda text: text.rjust(width, "0") if text.isdigit() else text
    if (known := _FILTERS.get(word.strip())) is None:
        raise BilingualError(
            "bad-template",
            Text(
                vi=f"Không có bộ lọc “{word}”: chỉ có slug, upper, lower, pad:5.",
                en=f"There is no filter “{word}”: only slug, upper, lower, pad:5.",
            ),
        )
    return known
