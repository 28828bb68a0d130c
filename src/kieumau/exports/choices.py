"""What the page of exports offers: indicators by catalogue, the last period, criteria sets, formats."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kieumau.calendars.library import calendar
from kieumau.criteria.models import CriteriaSet
from kieumau.exports.formats import FORMATS
from kieumau.exports.periods import as_typed
from kieumau.indicators.catalogue import SHIPPED, CatalogueFile
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Text
from kieumau.kernel.yamlfile import read
from kieumau.web.days import KNOWN

FOR_WHOM = {
    "csv": _("CSV: for programs, codes besides names"),
    "xlsx": _("Excel: for people, everything in words"),
    "parquet": _("Parquet: for statistics programs"),
    "sdmx-csv": _("SDMX-CSV 2.0: for exchange between statistics offices"),
}


def choices(asked: QueryDict, today: date, language: str) -> dict[str, Any]:
    """What the page shows. Two queries, three where the catalogue changed."""
    known = catalogue()
    chosen = set(asked.getlist("chi-tieu"))
    by_catalogue = groupby(known.values(), key=lambda one: one.catalogue)
    sets = CriteriaSet.objects.order_by("code", "-version").values_list(
        "code", "version", "title_vi", "title_en"
    )
    return {
        "catalogues": [(_titles().get(code), list(some)) for code, some in by_catalogue],
        "main": [one for one in known.values() if one.is_main],
        "chosen": chosen,
        "period": asked.get("ky") or _last_month(next(iter(known.values())).calendar if known else "", today),
        "within": asked.get("trong", ""),
        "level": asked.get("cap", "commune"),
        "map": asked.get("ban-do", "today"),
        "day": asked.get("ngay", ""),
        "known": asked.get(KNOWN, ""),
        "format": asked.get("dang", "xlsx"),
        "formats": [(word, FOR_WHOM[word]) for word in FORMATS],
        "levels": [
            ("commune", gettext("Communes")),
            ("province", gettext("Provinces")),
            ("nation", gettext("The nation")),
        ],
        "maps": [("today", gettext("Today's map")), ("reported", gettext("As reported"))],
        "sets": [(f"{code}/{number}", Text(vi=vi, en=en), number) for code, number, vi, en in sets],
        "set": asked.get("bo", ""),
    }


@cache
def _titles() -> Mapping[str, Text]:
    """What the catalogues that come with the product are called; others have only a code."""
    files = (read(path, CatalogueFile) for path in sorted(SHIPPED.glob("*.yaml")))
    return {one.code: one.title.text() for one in files}


def _last_month(code: str, today: date) -> str:
    """The last month of a calendar that has ended."""
    if not code:
        return ""
    own = calendar(code)
    last = own.previous(own.containing("month", today))
    return as_typed(own.period_code(last)) if last else ""
