"""Does a unit, an area or a criteria set belong to a programme?"""

from collections.abc import Collection, Iterator
from datetime import date

from kieumau.criteria.models import CriteriaSet
from kieumau.kernel.messages import Problem, Text
from kieumau.programmes.models import Programme, ProgrammeSet
from kieumau.programmes.rules import set_of_year
from kieumau.units.models import Position, Term


def area_problems(programme: Programme, area_id: int, on: date) -> Iterator[Problem]:
    """What keeps a round of the programme from lying in an area on a day. Programmes without one: nothing."""
    if programme.area_id is not None and not _lies_within(area_id, programme.area_id, on):
        yield Problem(
            "outside-the-programme",
            Text(
                vi=f"Địa bàn không thuộc phạm vi của chương trình {programme.name_vi}.",
                en=f"The area lies outside that of the programme {programme.name_en}.",
            ),
        )


def unit_problems(programme: Programme, unit_id: int, on: date) -> Iterator[Problem]:
    """What keeps a unit out of the programme on a day: its place, its level, its kind."""
    yield from area_problems(programme, unit_id, on)
    term = Term.objects.filter(unit=unit_id, valid__contains=on).select_related("kind").first()
    is_of_kind = term is not None and (not programme.kinds or term.kind.code in programme.kinds)
    if term is None or term.kind.level != programme.level or not is_of_kind:
        yield Problem(
            "not-of-the-programme",
            Text(
                vi=f"Chương trình {programme.name_vi} không dành cho loại đơn vị này.",
                en=f"The programme {programme.name_en} is not for units of this kind.",
            ),
        )


def kind_problems(programme: Programme, level: int, kinds: Collection[str]) -> Iterator[Problem]:
    """What keeps units of a level and of some kinds (none: those of the programme) out of it."""
    if level != programme.level or (programme.kinds and set(kinds) - set(programme.kinds)):
        yield Problem(
            "not-of-the-programme",
            Text(
                vi=f"Chương trình {programme.name_vi} không dành cho loại đơn vị đã chọn.",
                en=f"The programme {programme.name_en} is not for units of the kinds chosen.",
            ),
        )


def set_problems(programme: Programme, chosen: CriteriaSet, year: int) -> Iterator[Problem]:
    """What keeps a criteria set from being that of the programme in a year."""
    by_year = dict(ProgrammeSet.objects.filter(programme=programme).values_list("from_year", "criteria_set"))
    first = set_of_year(list(by_year), year)
    if first is None:
        yield Problem(
            "no-set-for-the-year",
            Text(
                vi=f"Chương trình {programme.name_vi} chưa có bộ tiêu chí cho năm {year}.",
                en=f"The programme {programme.name_en} has no criteria set for {year}.",
            ),
            hint=Text(vi="Thêm bộ tiêu chí ở trang của chương trình.", en="Add one on the programme's page."),
        )
    elif by_year[first] != chosen.pk:
        own = CriteriaSet.objects.only("code", "version").get(pk=by_year[first])
        yield Problem(
            "not-the-set-of-the-year",
            Text(
                vi=f"Năm {year} chương trình {programme.name_vi} dùng bộ tiêu chí {own}.",
                en=f"In {year} the programme {programme.name_en} is judged by the set {own}.",
            ),
        )


def _lies_within(unit_id: int, area_id: int, on: date) -> bool:
    paths = dict(
        Position.objects.filter(unit__in=[unit_id, area_id], valid__contains=on).values_list("unit", "path")
    )
    return unit_id in paths and area_id in paths and paths[unit_id].startswith(paths[area_id])
