"""A small criteria set for tests, as text, and what it may refer to."""

from kieumau.criteria.files import Surroundings
from kieumau.formulas.catalogue import Entry, Type
from kieumau.kernel.messages import Text

MEASURED = """\
  - code: "2"
    kind: measured
    title: {vi: Công nhận khu dân cư, en: Areas recognized}
    formula: areas.recognised / areas.total >= 70%
"""

SMALL = f"""\
code: small
title: {{vi: Bộ nhỏ, en: Small set}}
summary: {{vi: Để thử., en: For tests.}}
verification: unverified
effective: {{from: 2022-01-01}}
period: {{calendar: civil, kind: year}}
applies_to: {{level: commune}}
rule: {{kind: all}}
groups:
  - code: a
    title: {{vi: Nhóm A, en: Group A}}
criteria:
  - code: "1"
    group: a
    kind: documented
    title: {{vi: Có kế hoạch, en: There is a plan}}
    document: {{code: plan, name: {{vi: Kế hoạch, en: Plan}}}}
    window: {{from: {{month: 1, day: 1}}, to: {{month: 3, day: 31}}}}
{MEASURED}  - code: "3"
    kind: judged
    title: {{vi: Tham mưu tốt, en: Advises well}}
    question: {{vi: Tham mưu tốt không?, en: Does it advise well?}}
"""


def entry(name: str, kind: Type = Type.NUMBER, formula: str = "") -> Entry:
    """An indicator as formulas see it."""
    return Entry(kind, Text(vi=name, en=name), formula=formula)


CATALOGUE = {
    "areas.total": entry("areas"),
    "areas.recognised": entry("areas recognized"),
    "areas.share": entry("share", Type.SHARE, "areas.recognised / areas.total"),
    "crime.total": entry("crime"),
    "crime.first": entry("a circle", formula="crime.second + 1"),
    "crime.second": entry("a circle", formula="crime.first + 1"),
}

SURROUNDINGS = Surroundings(
    catalogue=CATALOGUE,
    reported={
        "areas.total": ("civil", "month"),
        "areas.recognised": ("civil", "month"),
        "crime.total": ("nd09", "month"),
    },
    kinds={"commune": 3, "ward": 3, "province": 1},
)
