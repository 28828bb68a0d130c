"""What the pages of one programme share: its name, its tabs, the area that is looked at."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from kieumau.kernel.messages import Refused, Text
from kieumau.programmes import access, queries
from kieumau.programmes.models import Programme
from kieumau.units.models import Level, Term
from kieumau.units.queries import terms
from kieumau.web.synthetic import page_is_about

AREA, YEAR = "noi", "nam"
FIRST, LAST = 1900, 2200


@dataclass(frozen=True, slots=True)
class Frame:
    """A programme, the areas one may look at, and the one that is asked for (None: no units are loaded)."""

    programme: Programme
    areas: list[Term]
    area: Term | None
    today: date

    @property
    def name(self) -> Text:
        """The programme's name."""
        return Text(vi=self.programme.name_vi, en=self.programme.name_en)

    @property
    def is_whole(self) -> bool:
        """Is the whole programme looked at?"""
        return bool(self.areas) and self.area == self.areas[0]

    def year(self, request: HttpRequest) -> int:
        """The year asked for, else this one."""
        return year_of(request) or self.today.year

    def context(self, tab: str, *more: tuple[str, str]) -> dict[str, Any]:
        """What every template of the programme needs."""
        code, name = self.programme.code, self.name.in_(language())
        back = (name, reverse("programme", args=[code]) if more else "")
        return {
            "programme": self.programme,
            "programme_name": self.name,
            "programme_title": Text(vi=self.programme.title_vi, en=self.programme.title_en),
            "areas": self.areas,
            "area": self.area,
            "area_name": unit_name(self.area) if self.area else None,
            "area_query": "" if self.is_whole or not self.area else f"?{AREA}={self.area.unit_id}",
            "tab": tab,
            "today": self.today,
            "crumbs": [(gettext("Programmes"), reverse("programmes")), back, *more],
        }


def frame_of(request: HttpRequest, code: str) -> Frame:
    """The frame of a page. 404 for a programme that the person may not read. Two queries, or three."""
    programme = access.readable(request.user, code)
    today = timezone.localdate()
    areas = queries.areas(programme, today)
    asked = request.GET.get(AREA, "") if request.method in {"GET", "HEAD"} else request.POST.get(AREA, "")
    area = areas[0] if areas else None
    if area is not None and asked.isascii() and asked.isdecimal() and len(asked) < 10:
        area = next((one for one in areas if one.unit_id == int(asked)), None) or _below(
            area, int(asked), today
        )
    if areas:
        page_is_about(request, [int(areas[0].path.split(".")[0])])
    return Frame(programme, areas, area, today)


def year_of(request: HttpRequest) -> int | None:
    """The year that the address asks for."""
    asked = request.GET.get(YEAR, "")
    year = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else 0
    return year if FIRST <= year <= LAST else None


def language() -> str:
    """The language of the page."""
    return get_language() or "vi"


def unit_name(one: Term) -> Text:
    """A unit's full name."""
    return Text(vi=one.full_name("vi"), en=one.full_name("en"))


def sentences(refused: Refused) -> list[str]:
    """Every problem in the language of the page."""
    return [problem.in_(language()) for problem in refused.problems]


def _below(top: Term, unit_id: int, today: date) -> Term:
    """A commune of the programme, which has a plan of its own; the whole where there is no such unit."""
    return terms(today, top.path, Level.COMMUNE).filter(unit_id=unit_id).first() or top
