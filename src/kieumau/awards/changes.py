"""What a correction said anew, part by part, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kieumau.awards.models import ONE_DAY, Correction
from kieumau.kernel.days import in_words
from kieumau.kernel.messages import Text

_NAMES = {
    "reference": Text(vi="số quyết định", en="number of the decision"),
    "decided_on": Text(vi="ngày quyết định", en="day of the decision"),
    "issuer": Text(vi="cơ quan ban hành", en="issued by"),
    "first_day": Text(vi="ngày đầu", en="first day"),
    "last_day": Text(vi="ngày cuối", en="last day"),
    "certificate": Text(vi="số giấy chứng nhận", en="number of the certificate"),
    "ceremony_on": Text(vi="ngày trao", en="day of the ceremony"),
}
NOTHING = Text(vi="(trống)", en="(empty)")


@dataclass(frozen=True, slots=True)
class Change:
    """One part of a title: what it is called, what stood there, what stands there since; None for nothing."""

    name: Text
    old: Text | None
    new: Text | None

    def in_(self, language: str) -> str:
        """`number of the decision 77 → 78`, `day of the ceremony: 3 May 2026` where nothing stood."""
        name, new = self.name.in_(language), (self.new or NOTHING).in_(language)
        return f"{name} {self.old.in_(language)} → {new}" if self.old else f"{name}: {new}"

    @property
    def said(self) -> Text:
        """The same for a page."""
        return Text(vi=self.in_("vi"), en=self.in_("en"))


def changes_of(made: Correction) -> list[Change]:
    """The parts that a correction said anew, in the order of `_NAMES`; not what follows from them."""
    old, new = (dict(_parts(one)) for one in (made.old, made.new))
    return [
        Change(name, old.get(part), new.get(part))
        for part, name in _NAMES.items()
        if old.get(part) != new.get(part)
    ]


def _parts(said: dict[str, str | None]) -> Iterator[tuple[str, Text]]:
    for part, value in said.items():
        if part == "valid" and value:
            first, end = (date.fromisoformat(one) for one in value.strip("[)").split(","))
            yield "first_day", in_words(first)
            yield "last_day", in_words(end - ONE_DAY)
        elif value and part in _NAMES:
            yield (
                part,
                in_words(date.fromisoformat(value)) if part.endswith("_on") else Text(value, value),
            )
