"""`kieumau criteria list`, `kieumau criteria schema`, and what `kieumau assess` says of caps."""

import json
import sys
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from kieumau.assessments.caps import AreaCap, cap_line
from kieumau.cli.clock import day_of
from kieumau.cli.say import Json, Lang, as_json, language, out, refusals
from kieumau.criteria.applying import for_unit, in_force
from kieumau.criteria.classes import cap_sentence
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.criteria.schema import schema
from kieumau.kernel.messages import Text
from kieumau.units.queries import term

MOST_LINES = 40


def list_sets(
    on: Annotated[str, typer.Option("--on", help="Vào ngày · on YYYY-MM-DD; default: today")] = "",
    unit: Annotated[
        str, typer.Option("--unit", help="Chỉ bộ áp dụng cho đơn vị · only sets that apply to this unit")
    ] = "",
    json_: Json = False,
    lang: Lang = "",
) -> None:
    """Các bộ tiêu chí có hiệu lực · The sets in force on a day, all or those that apply to a unit."""
    with refusals(lang, json_):
        day = day_of(on)
        found = for_unit(term(unit, day).unit_id, day) if unit else in_force(day)
    if json_:
        as_json([_said(one) for one in found])
        return
    if not found:
        nothing = Text(vi="Không có bộ tiêu chí nào.", en="There is no such set.")
        out.print(escape(nothing.in_(language(lang))))
        return
    table = Table()
    for place, head in enumerate(_HEADS):
        table.add_column(head.in_(language(lang)), no_wrap=place < len(_HEADS) - 1)
    for one in found:
        title = Text(vi=one.title_vi, en=one.title_en)
        table.add_row(*(escape(cell) for cell in (*_cells(one), title.in_(language(lang)))))
    out.print(table)


_HEADS = (
    Text(vi="bộ", en="set"),
    Text(vi="bản", en="version"),
    Text(vi="kỳ", en="period"),
    Text(vi="hiệu lực", en="in force"),
    Text(vi="tên", en="title"),
)


def _cells(one: CriteriaSet) -> tuple[str, ...]:
    effective = definition(one).effective
    span = f"{effective.starts} – {effective.ends or ''}"
    return one.code, str(one.version), f"{one.calendar}/{one.period_kind}", span


def _said(one: CriteriaSet) -> dict[str, object]:
    says = definition(one)
    return {
        "set": one.code,
        "version": one.version,
        "title": Text(vi=one.title_vi, en=one.title_en),
        "verification": one.verification,
        "calendar": one.calendar,
        "period_kind": one.period_kind,
        "applies_to": says.applies_to.model_dump(mode="json", exclude_none=True),
        "in_force": says.effective.model_dump(mode="json", by_alias=True),
        "extends": says.base and {"set": says.base.code, "version": says.base.version},
    }


def print_schema() -> None:
    """JSON Schema của tệp bộ tiêu chí · The JSON Schema of a set's YAML, for editors."""
    sys.stdout.write(json.dumps(schema(), ensure_ascii=False, indent=2) + "\n")


def caps_as_json(found: list[AreaCap]) -> list[dict[str, object]]:
    """Caps for programs."""
    return [
        {
            "class": one.cap.class_,
            "at_most": one.cap.at_most,
            "of": list(one.cap.of),
            "within": one.cap.within,
            "unit": one.unit_id,
            "name": one.name,
            "are": one.found.are,
            "may_be": one.found.may_be,
            "excess": one.found.excess,
            "counted": one.found.counted,
            "open": one.found.open,
        }
        for one in found
    ]


def show_caps(criteria_set: CriteriaSet, found: list[AreaCap], lang: str) -> None:
    """Each cap as a sentence, and below it the areas that exceed it; how many keep it."""
    says, spoken = definition(criteria_set), language(lang)
    for cap in says.caps or ():
        out.print(f"[bold]{escape(cap_sentence(says, cap).in_(spoken))}[/bold]")
        areas = [one for one in found if one.cap == cap]
        over = [one for one in areas if one.found.excess]
        for one in over[:MOST_LINES]:
            out.print(f"  [red]✗[/red] {escape(cap_line(one).in_(spoken))}")
        kept, more = len(areas) - len(over), len(over) - MOST_LINES
        said = Text(vi=f"{kept} nơi không vượt mức trần.", en=f"{kept} areas keep the cap.")
        if undecided := sum(one.found.open for one in areas):
            said = Text(
                vi=f"{said.vi} {undecided} đơn vị chưa rõ loại.",
                en=f"{said.en} {undecided} units have no class yet.",
            )
        if more > 0:
            said = Text(vi=f"và {more} nơi khác; {said.vi}", en=f"and {more} more; {said.en}")
        out.print(f"  {escape(said.in_(spoken))}")
    if any(one.found.excess for one in found):
        who = Text(
            vi="Hạ loại đơn vị nào do cơ quan có thẩm quyền quyết định.",
            en="Which units lose the class is for the authority to decide.",
        )
        out.print(escape(who.in_(spoken)))
