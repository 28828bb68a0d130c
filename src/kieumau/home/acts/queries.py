"""Reads of the pages of acts: the list, what one act did, units for the form."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Q, QuerySet

from kieumau.assessments.page_rows import full_name
from kieumau.home.story import BASES
from kieumau.kernel.messages import Text
from kieumau.kernel.text import search_key
from kieumau.units.kinds import full_name as kinds_full_name
from kieumau.units.models import Basis, Change, Lineage, Term
from kieumau.units.queries import search, terms
from kieumau.units.registry import Hanging, hanging
from kieumau.units.rules import Act

MOST_FOUND = 12
MOST_NAMED = 4


def acts(words: str = "") -> QuerySet[Change]:
    """Acts by date, the latest first, each with how many units it took from and gave to.

    `words` are looked for in the decision, its summary and the names of the units, accents or not.
    """
    found = Change.objects.annotate(
        before_count=Count("lineage__predecessor", distinct=True),
        after_count=Count("lineage__successor", distinct=True),
    ).order_by("-takes_effect_on", "key")
    if words:
        names = Lineage.objects.filter(
            Q(predecessor__terms__search_key__contains=search_key(words))
            | Q(successor__terms__search_key__contains=search_key(words))
        )
        found = found.filter(
            Q(pk__in=names.values("change_id"))
            | Q(key__icontains=words)
            | Q(reference__icontains=words)
            | Q(summary_vi__icontains=words)
            | Q(summary_en__icontains=words)
        )
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an act: who gave which share to whom."""

    from_id: int
    from_name: Text
    from_code: str
    to_id: int
    to_name: Text
    to_code: str
    share: Decimal
    basis: Basis

    @property
    def is_whole(self) -> bool:
        """Did all of it go there?"""
        return self.share == 1

    @property
    def basis_words(self) -> str:
        """What the share rests on, in the language of the page."""
        return str(BASES[self.basis])


_STEPS = """
    SELECT l.predecessor_id, b.kind_id, b.name, b.code, l.successor_id, a.kind_id, a.name, a.code,
        l.share, l.basis
    FROM unit_lineage l
    JOIN unit_change c ON c.id = l.change_id
    JOIN unit_term b ON b.unit_id = l.predecessor_id AND (b.valid @> (c.takes_effect_on - 1)) IS TRUE
    JOIN unit_term a ON a.unit_id = l.successor_id AND (a.valid @> c.takes_effect_on) IS TRUE
    WHERE l.change_id = %s
    ORDER BY a.sort_key, a.code, l.share DESC, b.sort_key
"""

_NAMES = """
    SELECT l.change_id, l.predecessor_id, b.kind_id, b.name, l.successor_id, a.kind_id, a.name
    FROM unit_lineage l
    JOIN unit_change c ON c.id = l.change_id
    JOIN unit_term b ON b.unit_id = l.predecessor_id AND (b.valid @> (c.takes_effect_on - 1)) IS TRUE
    JOIN unit_term a ON a.unit_id = l.successor_id AND (a.valid @> c.takes_effect_on) IS TRUE
    WHERE l.change_id = ANY(%s)
    ORDER BY l.change_id, l.share DESC, b.sort_key, a.sort_key
"""


def steps(change_id: int) -> list[Step]:
    """Everything an act handed over, by the units that came of it. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_STEPS, [change_id])
        rows = cursor.fetchall()
    return [
        Step(before, full_name(bk, bn), bc, after, full_name(ak, an), ac, share, Basis(basis))
        for before, bk, bn, bc, after, ak, an, ac, share, basis in rows
    ]


def named(changes: Iterable[Change]) -> list[tuple[Change, list[Text], list[Text]]]:
    """Each act with the names of the units before and after it, the first few of each. One query."""
    rows = list(changes)
    before: dict[int, dict[int, Text]] = defaultdict(dict)
    after: dict[int, dict[int, Text]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, [[one.pk for one in rows]])
        for change_id, from_id, from_kind, from_name, to_id, to_kind, to_name in cursor.fetchall():
            before[change_id][from_id] = full_name(from_kind, from_name)
            after[change_id][to_id] = full_name(to_kind, to_name)
    return [(one, _first(before[one.pk]), _first(after[one.pk])) for one in rows]


def _first(names: dict[int, Text]) -> list[Text]:
    return list(names.values())[:MOST_NAMED]


def title_of(change: Change) -> tuple[list[Text], list[Text]]:
    """The units before an act and after it; where it handed nothing over, those that it changed. Two queries.

    The first few of each.
    """
    _, before, after = named([change])[0]
    if before or after:
        return before, after
    rows = Term.objects.filter(Q(begun_by=change) | Q(ended_by=change)).select_related("kind")
    ordered = rows.order_by("sort_key", "code")
    was = [row for row in ordered if row.ended_by_id == change.pk]
    becomes = [row for row in ordered if row.begun_by_id == change.pk]
    return [_name(row) for row in was][:MOST_NAMED], [_name(row) for row in becomes][:MOST_NAMED]


def _name(term: Term) -> Text:
    return Text(vi=term.full_name("vi"), en=term.full_name("en"))


@dataclass(frozen=True, slots=True)
class Made:
    """A unit that an act would make, or with which one lives on: its name with its kind, its code.

    `code_of` is the unit that has the code before the act, where that is another one.
    """

    name: Text
    code: str
    lives_on: bool
    code_of: Text | None


@dataclass(frozen=True, slots=True)
class Ending:
    """A unit that an act would end, and what hangs on it."""

    name: Text
    hanging: list[Hanging]


def becomes(act: Act) -> tuple[list[Made], list[Ending]]:
    """What units an act would make, and what hangs on those that it ends. One query, one more a package."""
    begun = {row.key for row in act.begins}
    day = act.takes_effect_on - timedelta(days=1)
    asked = Q(unit__key__in=[*act.ends, *begun]) | Q(code__in=[row.code for row in act.begins])
    there = list(terms(day).filter(asked).select_related("unit").order_by("sort_key", "code"))
    holders = {(term.register, term.code): term for term in there}
    living = {term.unit.key for term in there}
    made = []
    for row in act.begins:
        holder = holders.get((row.register, row.code))
        is_others = holder is not None and holder.unit.key != row.key
        code_of = _name(holder) if holder is not None and is_others else None
        made.append(Made(kinds_full_name(row.kind, row.name), row.code, row.key in living, code_of))
    ending = {
        term.unit_id: term for term in there if term.unit.key in act.ends and term.unit.key not in begun
    }
    found = [one for ask in hanging for one in ask(list(ending))] if ending else []
    return made, [
        Ending(_name(term), [one for one in found if one.unit_id == unit_id])
        for unit_id, term in ending.items()
    ]


@dataclass(frozen=True, slots=True)
class Choosable:
    """A unit of the form: its code with the register, its name, and what it belongs to."""

    code: str
    name: Text
    within: str

    @property
    def short_code(self) -> str:
        """The code as people know it."""
        return self.code.rpartition(":")[2]


def found_units(words: str, day: date) -> list[Choosable]:
    """Units by name or code as they are on the day before an act."""
    return _choosable(search(words, day - timedelta(days=1), limit=MOST_FOUND), day)


def chosen_units(codes: Sequence[str], day: date) -> list[Choosable]:
    """The units with these codes on the day before an act, in order; codes that mean none stay as typed."""
    short = [code.rpartition(":")[2] for code in codes]
    rows = list(terms(day - timedelta(days=1)).filter(code__in=short)) if codes else []
    by_code = {one.code: one for one in _choosable(rows, day)}
    return [by_code.get(code) or Choosable(code, Text(vi=code, en=code), "") for code in codes]


def _choosable(rows: Sequence[Term], day: date) -> list[Choosable]:
    parents = {row.parent_id for row in rows if row.parent_id}
    above = {
        term.unit_id: term.full_name("vi")
        for term in terms(day - timedelta(days=1)).filter(unit_id__in=parents)
    }
    return [
        Choosable(
            f"{row.register}:{row.code}",
            Text(vi=row.full_name("vi"), en=row.full_name("en")),
            above.get(row.parent_id or 0, ""),
        )
        for row in rows
    ]
