"""How much a unit needs by a norm: of one unit with every step, or of all units by one query."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import ibis.expr.datatypes as dt

from kieumau.calendars.library import calendar as calendar_of
from kieumau.criteria.applying import applies, class_column, unit_ids
from kieumau.formulas.compile import DEN, NUM, add_columns
from kieumau.formulas.evaluate import evaluate_placed
from kieumau.formulas.placing import facts_of, operands_of, place
from kieumau.formulas.trace import Trace
from kieumau.formulas.tree import Node
from kieumau.formulas.values import Facts, OperandValue
from kieumau.formulas.windows import Fact, Operand, Window
from kieumau.indicators.queries import catalogue, operand_values
from kieumau.indicators.set_based import Beside, rows, wide_table
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.resources.norms import Readable, read_norm
from kieumau.units.queries import unit

CLASS = Fact("unit", "class")


@dataclass(frozen=True, slots=True)
class Required:
    """What one unit needs: `value` is None where that is unknown, `trace` says why and how."""

    value: Fraction | None
    trace: Trace


def required(norm: Readable, unit_id: int, window: Window) -> Required:
    """What a unit needs over a window, as it stands on the window's last day. About five queries.

    Raises Refused where the norm is not in force on that day or does not apply to the unit, and
    `UnknownUnit` where the unit is not there.
    """
    placed, day = _placed(norm, window)
    found = unit(unit_id, day)
    if not applies(norm.norm.applies_to, found, norm.norm.effective.starts):
        name = found.full_name("vi"), found.full_name("en")
        reason = Text(
            vi=f"Định mức {norm.norm.code} không áp dụng cho {name[0]}.",
            en=f"The norm {norm.norm.code} does not apply to {name[1]}.",
        )
        hint = norm.norm.summary.text()
        raise Refused([Problem("does-not-apply", reason, hint)])
    values = operand_values(unit_id, operands_of(placed), slack_days=norm.norm.figures_slack_days)
    word = norm.norm.class_of(found.kind_id)
    return _required(placed, values, {CLASS: word} if word else {})


def worked_out(
    norm: Readable, figures: Mapping[str, OperandValue], class_code: str, window: Window
) -> Required:
    """What a unit would need that had these figures and this class (none: empty). No query."""
    placed = place(norm.tree, window, calendar_of(window.calendar))
    values = {one: figures[one.indicator] for one in operands_of(placed) if one.indicator in figures}
    return _required(placed, values, {CLASS: class_code} if class_code else {})


def required_of_all(
    norm: Readable, window: Window, *, within: str | None = None
) -> dict[int, Fraction | None]:
    """What every unit needs to which the norm applies, below the path `within`: one query over all.

    None where it is unknown. The same as `required` gives for each. Raises Refused where the norm is not
    in force on the window's last day.
    """
    placed, day = _placed(norm, window)
    says = norm.norm
    applying = unit_ids(says.applies_to, says.effective.starts, day)
    beside = {"k0": Beside(class_column(says.unit_classes, day), dt.string)}
    wide = wide_table(
        operands_of(placed), on=day, within=within, slack_days=says.figures_slack_days, beside=beside
    )
    table = add_columns(wide.table, {"n": placed}, wide.values, dict.fromkeys(facts_of(placed), "k0"))
    return {
        unit_id: None if top is None else Fraction(top) / Fraction(below)
        for unit_id, top, below in rows(table.select("unit_id", f"n{NUM}", f"n{DEN}"))
        if unit_id in applying
    }


def _placed(norm: Readable, window: Window) -> tuple[Node, date]:
    """The formula over the window, and the window's last day. Raises Refused where it is not in force."""
    calendar = calendar_of(window.calendar)
    day, effective = calendar.last_day(window), norm.norm.effective
    if day < effective.starts or (effective.ends is not None and day > effective.ends):
        reason = Text(
            vi=f"Định mức {norm.norm.code} không có hiệu lực vào ngày {day:%d/%m/%Y}.",
            en=f"The norm {norm.norm.code} is not in force on {day.isoformat()}.",
        )
        raise Refused([Problem("not-in-force", reason)])
    return place(norm.tree, window, calendar), day


def _required(placed: Node, values: Mapping[Operand, OperandValue], facts: Facts) -> Required:
    trace = evaluate_placed(placed, values, facts)
    return Required(trace.outcome if isinstance(trace.outcome, Fraction) else None, trace)


def known_norm(name: str) -> Readable:
    """A shipped norm, or one in a file, over the catalogue that is loaded. Raises Refused."""
    return read_norm(name, catalogue())
