"""What the pages of one programme share: its name, its tabs, the area that is looked at."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from kieumau.kernel.messages import Text
from kieumau.kernel.numbers import whole_number
from kieumau.programmes import access, queries
from kieumau.programmes.models import Programme
from kieumau.units.models import Level, Term
from kieumau.units.queries import terms
from kieumau.web.synthetic import page_is_about

AREA, YEAR = "noi", "nam"
FIRST, LAST = 1900, 2200


@dataclass(frozen=True, slots=True)
class Frame:
    """A programme, the areas one may look at, and the one that is asked for (None: no units are loaded).

    `instead_of` says which unit was asked for and is none of the programme's today: the whole is shown then.
    """

    programme: Programme
    areas: list[Term]
    area: Term | None
    today: date
    instead_of: Text | None = None

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
            "instead_of": self.instead_of,
            "area_query": "" if self.is_whole or not self.area else f"?{AREA}={self.area.unit_id}",
            "tab": tab,
            "today": self.today,
            "crumbs": [(gettext("Programmes"), reverse("programmes")), back, *more],
        }


def frame_of(request: HttpRequest, code: str) -> Frame:
    """The frame of a page. 404 where the person may not read the programme. Two to four queries."""
    programme = access.readable(request.user, code)
    today = timezone.localdate()
    areas = queries.areas(programme, today)
    asked = request.GET.get(AREA, "") if request.method in {"GET", "HEAD"} else request.POST.get(AREA, "")
    area, instead_of = areas[0] if areas else None, None
    if area is not None and asked:
        top, unit_id = area, whole_number(asked) or 0
        area = next((one for one in areas if one.unit_id == unit_id), None) or _below(top, unit_id, today)
        if area is None:
            area, instead_of = top, _asked_in_vain(unit_id, today)
    if areas:
        page_is_about(request, [int(areas[0].path.split(".")[0])])
    return Frame(programme, areas, area, today, instead_of)


def year_of(request: HttpRequest) -> int | None:
    """The year that the address asks for."""
    year = whole_number(request.GET.get(YEAR), LAST) or 0
    return year if year >= FIRST else None


def language() -> str:
    """The language of the page."""
    return get_language() or "vi"


def unit_name(one: Term) -> Text:
    """A unit's full name."""
    return Text(vi=one.full_name("vi"), en=one.full_name("en"))


def _below(top: Term, unit_id: int, today: date) -> Term | None:
    """A commune of the programme, which may have a plan of its own; None where there is no such unit."""
    return terms(today, top.path, Level.COMMUNE).filter(unit_id=unit_id).first()


def _asked_in_vain(unit_id: int, today: date) -> Text:
    """Why a unit is not looked at: it has ended, lies outside, or there is none."""
    last = Term.objects.filter(unit_id=unit_id).select_related("kind").order_by("-valid").first()
    if last is None:
        return Text(vi="Không có đơn vị được hỏi.", en="There is no unit such as was asked for.")
    name, ended = unit_name(last), last.valid.upper
    if ended is not None and ended <= today:
        last_day = ended - timedelta(days=1)
        return Text(
            vi=f"{name.vi} chỉ tồn tại đến hết ngày {last_day:%d/%m/%Y}.",
            en=f"{name.en} was there until {last_day.day} {last_day:%b %Y}.",
        )
    return Text(
        vi=f"{name.vi} không thuộc địa bàn của chương trình.",
        en=f"{name.en} does not lie in the area of the programme.",
    )
