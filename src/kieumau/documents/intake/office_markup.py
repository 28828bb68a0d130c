"""What stands in the markup of a Word or Excel file, read as Word and Excel do, however it is spelled.

Links that fetch something when the file is opened, fields that start a program, document types, and markup
that hides under another name. A link that somebody has to click stays.
"""

import re
from collections.abc import Mapping
from xml.parsers import expat

from kieumau.documents.intake.limits import MEGABYTE

MARKUP = frozenset({"xml", "rels", "vml", "svg"})
_LONGEST_TAG = 4 * MEGABYTE  # an attribute may hold a picture; longer ones would be read over and over
_LETTERS = {"utf-8", "us-ascii", "ascii"}
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00")
_STARTS = re.compile(r"\s*DDE(?:AUTO)?\b", re.IGNORECASE)
_MOST_OF_A_FIELD = 200
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[/\\]{2}")


class FoundWrong(Exception):
    """What the markup holds; `code` of the refusal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Markup:
    """The markup of one part, fed piece by piece. `feed` and `close` raise `FoundWrong`."""

    def __init__(self, name: str) -> None:
        """`name` of the part within the archive."""
        self._parser: expat.XMLParserType | None = None
        self._fed, self._field = 0, ""
        lower = name.casefold()
        if lower.endswith(".vml"):
            return  # never was well-formed
        parser = self._parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.XmlDeclHandler = self._letters
        if lower.endswith(".rels"):
            parser.StartElementHandler = self._relation
        elif lower == "[content_types].xml":
            parser.StartElementHandler = self._kind
        elif lower.startswith("word/"):
            parser.StartElementHandler = self._words

    def feed(self, piece: bytes) -> None:
        """Look at the next bytes."""
        if not self._fed and piece.startswith(_WIDE):
            raise FoundWrong("office-not-seen-through")
        self._fed += len(piece)
        self._parse(piece, is_last=False)
        if self._parser and self._fed - self._parser.CurrentByteIndex > _LONGEST_TAG:
            raise FoundWrong("zip-bomb")

    def close(self) -> None:
        """The part has ended; one without any content says nothing."""
        if self._fed:
            self._parse(b"", is_last=True)

    def _parse(self, piece: bytes, *, is_last: bool) -> None:
        if self._parser is None:
            return
        try:
            self._parser.Parse(piece, is_last)
        except (expat.ExpatError, LookupError, ValueError):
            raise FoundWrong("broken-archive") from None

    def _doctype(self, *_said: object) -> None:
        raise FoundWrong("office-with-entities")

    def _letters(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.casefold() not in _LETTERS:
            raise FoundWrong("office-not-seen-through")

    def _relation(self, name: str, said: Mapping[str, str]) -> None:
        """A link from one part to another, or to something outside the file."""
        if _local(name) != "Relationship":
            return
        mode = said.get("TargetMode", "").strip().casefold()
        leads_out = mode == "external" or _ELSEWHERE.match(said.get("Target", "").strip())
        if leads_out and said.get("Type", "").rpartition("/")[2] != "hyperlink":
            raise FoundWrong("office-that-fetches")

    def _kind(self, _name: str, said: Mapping[str, str]) -> None:
        """What kind of content a part has: markup is called so, or nobody would look at it."""
        path = said.get("PartName") or f".{said.get('Extension', '')}"
        is_markup = path.rpartition(".")[2].casefold() in MARKUP
        if said.get("ContentType", "").strip().casefold().endswith("xml") and not is_markup:
            raise FoundWrong("office-not-seen-through")

    def _words(self, name: str, said: Mapping[str, str]) -> None:
        """Fields of a text; their words may be cut into runs."""
        local = _local(name)
        if local == "fldSimple":
            self._check_field(next((text for key, text in said.items() if _local(key) == "instr"), ""))
        elif local == "fldChar":
            self._field = ""
        elif local in {"instrText", "delInstrText"} and self._parser:
            self._parser.CharacterDataHandler = self._field_goes_on
            self._parser.EndElementHandler = self._field_pauses

    def _field_goes_on(self, text: str) -> None:
        self._field = (self._field.lstrip() + text)[:_MOST_OF_A_FIELD]

    def _field_pauses(self, _name: str) -> None:
        self._check_field(self._field)
        if self._parser:
            self._parser.CharacterDataHandler = self._parser.EndElementHandler = None

    @staticmethod
    def _check_field(words: str) -> None:
        if _STARTS.match(words):
            raise FoundWrong("office-with-macros")


def _local(name: str) -> str:
    return name.rpartition(":")[2]
