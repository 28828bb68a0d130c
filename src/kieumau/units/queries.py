"""Reads: units by code, the tree on a day, search, and where units came from.

Most read `Term` joined to the `Position` on a day; such terms carry `path`, `level` and `province_id`.
A subtree is a range of an index: the cost follows the rows returned, not the size of the country.
"""

from datetime import date, timedelta

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, DateField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from kieumau.kernel.days import in_words
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.text import search_key
from kieumau.units.models import Position, Term, Tree

AFTER_ALL_PATHS = "~"  # sorts after digits and the dot
NEAR_ENOUGH = 0.5
PLACE = {name: F(f"unit__positions__{name}") for name in ("path", "level", "province_id")}
# Orders by what is annotated; named here because the type checker knows only the model's own fields.
TOP_DOWN = ["path"]
BEST_FIRST = ["rank", "level", "sort_key", "code"]
LIKEST_FIRST = ["-likeness", "level", "sort_key", "code"]
BY_DAY = ["takes_effect_on", "sort_key", "code"]


class UnknownUnit(Refused):
    """No unit has that code on that day."""


class AmbiguousUnit(Refused):
    """Several units answer to that on that day."""


def terms(on: date, within: str | None = None, level: int | None = None) -> QuerySet[Term]:
    """The units in force on a day, with `path`, `level`, `province_id` and kind, in Vietnamese order.

    `within` is a path: only that subtree, its root included. `level` keeps one level. One query.
    """
    # One condition for one `filter`, so that everything is asked of the same joined position.
    condition = Q(valid__contains=on, unit__positions__valid__contains=on)
    if within is not None:
        condition &= Q(unit__positions__path__gte=within, unit__positions__path__lt=within + AFTER_ALL_PATHS)
    if level is not None:
        condition &= Q(unit__positions__level=level)
    return (
        Term.objects.filter(condition)
        .select_related("kind")
        .annotate(**PLACE)
        .order_by("sort_key", "code", "unit_id")
    )


def term(code: str, on: date, register: str = "") -> Term:
    """The unit with a code on a day. `code` may also be `register:code`.

    Raises `UnknownUnit`, with what the code meant on other days or what was perhaps meant, and
    `AmbiguousUnit` when several registers have the code.
    """
    if not register and ":" in code:
        register, _, code = code.partition(":")
    found = terms(on).filter(code=code)
    if register:
        found = found.filter(register=register)
    rows = list(found[:5])
    if not rows:
        raise UnknownUnit([_unknown(code, on)])
    if len(rows) > 1:
        names = ", ".join(f"{row.register}:{row.code} “{row.name}”" for row in rows)
        raise AmbiguousUnit(
            [
                Problem(
                    "ambiguous-unit",
                    Text(
                        vi=f"Mã {code} chỉ nhiều đơn vị: {names}.",
                        en=f"The code {code} means several units: {names}.",
                    ),
                    Text(vi="Hãy ghi cả danh mục.", en="Write the register too."),
                )
            ]
        )
    return rows[0]


def _unknown(code: str, on: date) -> Problem:
    other_days = list(Term.objects.filter(code=code).order_by("valid")[:3])
    if other_days:
        spans = [(row.name, *_span(row)) for row in other_days]
        hint: Text | None = Text(
            vi=f"Mã này: {'; '.join(f'“{name}” {vi}' for name, vi, _ in spans)}.",
            en=f"That code: {'; '.join(f'“{name}” {en}' for name, _, en in spans)}.",
        )
    else:
        near = "; ".join(f"{row.code} “{row.name}”" for row in search(code, on, limit=3))
        hint = Text(vi=f"Có phải: {near}?", en=f"Did you mean: {near}?") if near else None
    return Problem(
        "unknown-unit",
        Text(
            vi=f"Ngày {in_words(on).vi} không có đơn vị mã “{code}”.",
            en=f"There is no unit with code “{code}” on {in_words(on).en}.",
        ),
        hint,
    )


def _span(row: Term) -> tuple[str, str]:
    first, until = in_words(row.valid.lower), row.valid.upper
    if until is None:
        return f"từ {first.vi}", f"from {first.en}"
    last = in_words(until - timedelta(days=1))
    return f"{first.vi} – {last.vi}", f"{first.en} – {last.en}"


def unit(unit_id: int, on: date) -> Term:
    """The unit with an id on a day. Raises `UnknownUnit` when it was not there."""
    found = terms(on).filter(unit_id=unit_id).first()
    if found is None:
        day = in_words(on)
        reason = Text(vi=f"Đơn vị không có vào ngày {day.vi}.", en=f"The unit was not there on {day.en}.")
        raise UnknownUnit([Problem("unknown-unit", reason)])
    return found


def root(on: date, register: str = "") -> Term:
    """The top of the tree on a day. Raises `UnknownUnit` when nothing is loaded, `AmbiguousUnit` when
    there are several trees and no `register` is given."""
    found = terms(on).filter(parent=None)
    rows = list(found.filter(register=register) if register else found)
    if not rows:
        day = in_words(on)
        reason = Text(vi=f"Ngày {day.vi} chưa có đơn vị nào.", en=f"There are no units on {day.en} yet.")
        hint = Text(vi="Hãy nạp đơn vị trước.", en="Load units first.")
        raise UnknownUnit([Problem("no-units", reason, hint)])
    if len(rows) > 1:
        names = ", ".join(f"{row.register}: {row.name}" for row in rows)
        reason = Text(vi=f"Có nhiều cây đơn vị: {names}.", en=f"There are several trees: {names}.")
        raise AmbiguousUnit([Problem("several-roots", reason)])
    return rows[0]


def children(unit_id: int, on: date) -> QuerySet[Term]:
    """The units right below a unit on a day, in Vietnamese order."""
    return terms(on).filter(parent_id=unit_id)


def ancestors(unit_id: int, on: date) -> QuerySet[Term]:
    """The units above a unit on a day, from the root down, without itself. Two queries."""
    path = Position.objects.filter(unit_id=unit_id, valid__contains=on).values_list("path", flat=True).first()
    ids = [int(part) for part in (path or "").split(".")[:-2]]
    return terms(on).filter(unit_id__in=ids).order_by(*TOP_DOWN)


def codes(register: str, on: date, level: int | None = None) -> dict[str, int]:
    """Unit ids by code in one register on a day, for importers. One query."""
    rows = terms(on, level=level).filter(register=register).order_by()
    return dict(rows.values_list("code", "unit_id"))


def search(
    text: str, on: date, within: str | None = None, limit: int = 20, level: int | None = None
) -> list[Term]:
    """Units by name or code, without accents and case: “can tho” finds “Cần Thơ”. Best first.

    Names that contain the words come first (the whole name, then its beginning, then any place, higher
    units before lower ones); only where there are none, names that are merely like them. `level` asks for
    units of one level only. At most two queries.
    """
    key = search_key(text)
    code = text.strip()
    if not key:
        return []
    found = terms(on, within, level)
    exact = found.filter(Q(search_key__contains=key) | Q(code=code)).annotate(
        rank=Case(
            When(code=code, then=Value(0)),
            When(Q(search_key=key) | Q(search_key__endswith=f" {key}"), then=Value(1)),
            When(Q(search_key__startswith=key) | Q(search_key__contains=f" {key}"), then=Value(2)),
            default=Value(3),
        )
    )
    rows: list[Term] = list(exact.order_by(*BEST_FIRST)[:limit])
    if rows:
        return rows
    likeness = TrigramWordSimilarity(key, "search_key")
    similar = found.annotate(likeness=likeness).filter(likeness__gte=NEAR_ENOUGH)
    return list(similar.order_by(*LIKEST_FIRST)[:limit])


def history(unit_id: int) -> QuerySet[Term]:
    """Everything a unit was, earliest first, with kind and the acts that began and ended each term."""
    return (
        Term.objects.filter(unit_id=unit_id).select_related("kind", "begun_by", "ended_by").order_by("valid")
    )


def predecessors(unit_id: int) -> QuerySet[Term]:
    """The units a unit came from, each as it was the day before, in Vietnamese order.

    The terms carry `share` (of the predecessor, Decimal), `basis`, `change_key`, `reference` and
    `takes_effect_on`. A unit that merely lives on is not its own predecessor here.
    """
    day_before = Cast(F("unit__outcome_of__change__takes_effect_on") - timedelta(days=1), DateField())
    return _with_lineage(
        Q(unit__outcome_of__successor_id=unit_id, valid__contains=day_before) & ~Q(unit_id=unit_id),
        "unit__outcome_of",
    )


def successors(unit_id: int) -> QuerySet[Term]:
    """The units a unit became, each as it was on the day of the act; annotated like `predecessors`."""
    day = F("unit__origin_of__change__takes_effect_on")
    return _with_lineage(
        Q(unit__origin_of__predecessor_id=unit_id, valid__contains=day) & ~Q(unit_id=unit_id),
        "unit__origin_of",
    )


def tree_revision() -> int:
    """A number that rises whenever the tree has changed: the key of what is worked out from it and kept."""
    return Tree.objects.values_list("revision", flat=True).first() or 0


def _with_lineage(condition: Q, row: str) -> QuerySet[Term]:
    change = f"{row}__change__"
    lineage = {
        "share": F(f"{row}__share"),
        "basis": F(f"{row}__basis"),
        "change_key": F(f"{change}key"),
        "reference": F(f"{change}reference"),
        "takes_effect_on": F(f"{change}takes_effect_on"),
    }
    return Term.objects.filter(condition).select_related("kind").annotate(**lineage).order_by(*BY_DAY)
