"""Reads of criteria sets: which version, and what it says."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from kieumau.calendars.library import calendar as calendar_of
from kieumau.calendars.library import window as window_of
from kieumau.criteria.models import CriteriaSet, Criterion
from kieumau.criteria.rules import Definition, Documented, nearest_hint
from kieumau.criteria.trees import FrozenCatalogue, Trees, order_of, published, texts
from kieumau.formulas.catalogue import Catalogue
from kieumau.formulas.parse import parse
from kieumau.formulas.placing import facts_of, operands_of
from kieumau.formulas.tree import Below, Indicator, Reference, walk
from kieumau.formulas.windows import Fact, Operand, Window
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Problem, Refused, Text


def current(code: str, on: date) -> CriteriaSet:
    """The version in force on a day: the highest whose range holds it. Raises Refused where none is."""
    found = CriteriaSet.objects.filter(code=code, in_force__contains=on).order_by("-version").first()
    if found is None:
        raise Refused([_not_in_force(code, on)])
    return found


def for_period(code: str, period: str, known_at: datetime | None = None) -> tuple[CriteriaSet, Window]:
    """The version in force on the last day of a period, and the period (`2025`, `2025-H1`).

    Of all versions, or of those published by a moment. A period is written in the set's own calendar
    (`civil:2025-H1` names it). Raises Refused where there is no such period, and where no version is in
    force on its last day.
    """
    refused = Refused([_not_in_force(code)])
    versions = CriteriaSet.objects.filter(code=code).order_by("-version")
    if known_at is not None:
        versions = versions.filter(loaded_at__lte=known_at)
    for found in versions:
        try:
            window = window_of(period, found.calendar)
        except Refused as wrong:
            refused = wrong
            continue
        if calendar_of(window.calendar).last_day(window) in found.in_force:
            return found, window
        refused = Refused([_not_in_force(code, calendar_of(window.calendar).last_day(window))])
    raise refused


def version(code: str, number: int) -> CriteriaSet:
    """One version by its number. Raises Refused where there is none."""
    found = CriteriaSet.objects.filter(code=code, version=number).first()
    if found is None:
        name = f"{code} v{number}"
        reason = Text(vi=f"Không có bộ tiêu chí “{name}”.", en=f"There is no criteria set “{name}”.")
        raise Refused([Problem("no-such-set", reason)])
    return found


def codes() -> list[str]:
    """Codes of all sets, in order."""
    return list(CriteriaSet.objects.order_by("code").values_list("code", flat=True).distinct())


@dataclass(frozen=True)
class Placed:
    """A version over one window: the formulas of each criterion, in order, and every figure needed.

    `codes` are those of the criteria; `order` their indices, each behind those its formulas refer to.
    """

    trees: tuple[Trees, ...]
    operands: tuple[Operand, ...]
    codes: tuple[str, ...] = ()
    order: tuple[int, ...] = ()

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """What else is asked of a unit, other criteria of the set apart, each once."""
        found = dict.fromkeys(fact for one in self.trees for fact in one.facts())
        return tuple(fact for fact in found if fact.kind != "criterion")

    @cached_property
    def asked_criteria(self) -> frozenset[int]:
        """Indices of the criteria whose verdicts others ask for."""
        asked = {fact.name for one in self.trees for fact in one.facts() if fact.kind == "criterion"}
        return frozenset(index for index, code in enumerate(self.codes) if code in asked)

    @cached_property
    def waves(self) -> tuple[tuple[int, ...], ...]:
        """The criteria in as many groups as needed for each to ask only for verdicts of earlier ones."""
        places = {code: index for index, code in enumerate(self.codes)}
        depth: dict[int, int] = {}
        for index in self.order or range(len(self.trees)):
            asked = (places[fact.name] for fact in self.trees[index].facts() if fact.kind == "criterion")
            depth[index] = max((depth[one] + 1 for one in asked), default=0)
        groups = range(max(depth.values(), default=0) + 1)
        return tuple(tuple(index for index in sorted(depth) if depth[index] == group) for group in groups)

    @cached_property
    def belows(self) -> tuple[Below, ...]:
        """What is asked of the units one level down, each once."""
        return tuple(dict.fromkeys(below for one in self.trees for below in one.belows()))

    @cached_property
    def operands_below(self) -> tuple[Operand, ...]:
        """The figures asked of the units one level down, each once."""
        return tuple(dict.fromkeys(one for below in self.belows for one in operands_of(below.condition)))

    @cached_property
    def facts_below(self) -> tuple[Fact, ...]:
        """What else is asked of the units one level down, each once."""
        return tuple(dict.fromkeys(one for below in self.belows for one in facts_of(below.condition)))

    @cached_property
    def sets(self) -> frozenset[str]:
        """The sets whose verdicts are asked for, here or below."""
        facts = (*self.facts, *self.facts_below)
        return frozenset(fact.name for fact in facts if fact.kind in ("result", "points"))


# A version never changes, so what was read from one is kept, under the digest of its content.
MOST_KEPT = 200
_definitions: dict[str, Definition] = {}
_placed: dict[tuple[str, Window], Placed] = {}
_trees: dict[str, tuple[Trees, ...]] = {}


def definition(criteria_set: CriteriaSet) -> Definition:
    """What the version says; read once per process."""
    if (known := _definitions.get(criteria_set.digest)) is None:
        if len(_definitions) >= MOST_KEPT:
            _definitions.clear()
        known = _definitions[criteria_set.digest] = Definition.model_validate(criteria_set.definition)
    return known


def catalogue_of(criteria_set: CriteriaSet) -> Catalogue:
    """The catalogue with the derived indicators as they stood when the version was published."""
    return FrozenCatalogue(catalogue(), criteria_set.derived)


def documents_asked() -> dict[str, Text]:
    """The kinds of documents that the published versions ask for, by code; the newest version names each.

    One query; what the versions say was read before.
    """
    kinds: dict[str, Text] = {}
    asking = Criterion.objects.filter(kind=Criterion.Kind.DOCUMENTED).values("criteria_set")
    for one in CriteriaSet.objects.filter(pk__in=asking).only("digest").order_by("pk"):
        for criterion in definition(one).criteria:
            if isinstance(criterion, Documented):
                name = criterion.document.name
                kinds[criterion.document.code] = Text(vi=name.vi, en=name.en)
    return kinds


def indicators_used(codes: Collection[str]) -> set[str]:
    """Those of `codes` that the formulas of any published version name, at whatever remove.

    Read from the texts alone, so that no catalogue, however broken, can hide an answer.
    """
    used: set[str] = set()
    for one in CriteriaSet.objects.all():
        criteria = definition(one).criteria
        own = [text for criterion in criteria for _, _, text in texts(criterion)]
        for text in (*own, *one.derived.values()):
            used |= {node.code for node in walk(parse(text)) if isinstance(node, Indicator)}
    return used & set(codes)


def asked_by(code: str) -> list[CriteriaSet]:
    """Other sets, by their newest version, whose formulas ask for the verdicts of this one. One query."""
    newest = CriteriaSet.objects.exclude(code=code).order_by("code", "-version").distinct("code")
    return [one for one in newest if code in _sets_named(one)]


def _sets_named(criteria_set: CriteriaSet) -> set[str]:
    criteria = definition(criteria_set).criteria
    own = [text for criterion in criteria for _, _, text in texts(criterion)]
    nodes = (node for text in (*own, *criteria_set.derived.values()) for node in walk(parse(text)))
    return {node.name for node in nodes if isinstance(node, Reference) and node.kind in ("result", "points")}


def placed(criteria_set: CriteriaSet, window: Window) -> Placed:
    """The formulas of a version over a window; worked out once per process."""
    key = (criteria_set.digest, window)
    if (known := _placed.get(key)) is None:
        if len(_placed) >= MOST_KEPT:
            _placed.clear()
        known = _placed[key] = _place(criteria_set, window)
    return known


def _unplaced(criteria_set: CriteriaSet) -> tuple[Trees, ...]:
    """The formulas of a version, for many windows; read once per process."""
    if (known := _trees.get(criteria_set.digest)) is None:
        if len(_trees) >= MOST_KEPT:
            _trees.clear()
        known = _trees[criteria_set.digest] = published(definition(criteria_set), catalogue_of(criteria_set))
    return known


def _place(criteria_set: CriteriaSet, window: Window) -> Placed:
    calendar = calendar_of(window.calendar)
    unplaced = _unplaced(criteria_set)
    trees = tuple(one.placed(window, calendar) for one in unplaced)
    operands = dict.fromkeys(operand for one in trees for operand in one.operands())
    codes = tuple(criterion.code for criterion in definition(criteria_set).criteria)
    return Placed(trees, tuple(operands), codes, order_of(codes, unplaced))


def _not_in_force(code: str, on: date | None = None) -> Problem:
    if code not in (known := codes()) or on is None:
        reason = Text(vi=f"Không có bộ tiêu chí “{code}”.", en=f"There is no criteria set “{code}”.")
        there = ", ".join(known) or "–"
        hint = nearest_hint(code, known) or Text(
            vi=f"Đã nạp: {there}. Nạp thêm bằng `kieumau criteria load`.",
            en=f"Loaded are: {there}. Load another with `kieumau criteria load`.",
        )
        return Problem("no-such-set", reason, hint)
    reason = Text(
        vi=f"Bộ tiêu chí “{code}” không có hiệu lực vào ngày {on:%d/%m/%Y}.",
        en=f"The criteria set “{code}” is not in force on {on.isoformat()}.",
    )
    return Problem("not-in-force", reason)
