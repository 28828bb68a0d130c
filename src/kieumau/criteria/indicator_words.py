"""What helps to write a formula: the indicators there are, and examples beside those of a spreadsheet."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Text
from kieumau.kernel.text import search_key


@dataclass(frozen=True, slots=True)
class Word:
    """One indicator that a formula may name."""

    code: str
    name: Text
    measure: Text
    is_derived: bool


@dataclass(frozen=True, slots=True)
class Example:
    """What is meant, as a spreadsheet would have it, and as a formula says it here."""

    means: object
    sheet: str
    formula: str


EXAMPLES = (
    Example(_("a share of at least 70%"), "=B2/B3>=70%", "areas.recognised / areas.total >= 70%"),
    Example(
        _("both of two conditions"),
        "=AND(B2=B3;B4>0)",
        "areas.registered = areas.total and initiatives.running > 0",
    ),
    Example(_("one of two conditions"), "=OR(B2>=2;B3>=750)", "teams.total >= 2 or households >= 750"),
    Example(
        _("down by 5% against the same period last year"), "=(B2-C2)/C2<=-5%", "change(crime.total) <= -5%"
    ),
    Example(_("no more than in the same period last year"), "=B2<=C2", "fire.count <= year_ago(fire.count)"),
    Example(
        _("at least 2 of 3 conditions"),
        "=(B2>0)+(B3>0)+(B4>0)>=2",
        "at_least(2, areas.total > 0, teams.total > 0, fire.count = 0)",
    ),
    Example(_("a missing figure counts as zero"), "=IFERROR(B2;0)=0", "coalesce(fire.count, 0) = 0"),
    Example(
        _("points by steps"),
        "=IF(B2>=90%;5;IF(B2>=70%;3;0))",
        "bands(areas.recognised / areas.total, 90%: 5, 70%: 3, else: 0)",
    ),
)


def indicators() -> list[Word]:
    """Every indicator, by its code. One query."""
    known = catalogue()
    return [
        Word(code, known[code].name, known[code].measure, bool(known[code].formula)) for code in sorted(known)
    ]


def search(words: str) -> list[Word]:
    """The indicators whose code or name holds every word, written with or without accents."""
    wanted = search_key(words).split()
    return [
        one
        for one in indicators()
        if all(word in search_key(f"{one.code} {one.name.vi} {one.name.en}") for word in wanted)
    ]
