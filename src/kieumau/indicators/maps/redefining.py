"""Indicators that are counted otherwise from a day on: noted by a person, told with every comparison."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache

from django.db import transaction

from kieumau.audit.past import recording
from kieumau.formulas.parse import parse
from kieumau.formulas.tree import Indicator as Named
from kieumau.formulas.tree import walk
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.maps.rules import Redefined
from kieumau.indicators.models import Indicator, Redefinition
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Problem, Refused, Text


def redefinitions(codes: Iterable[str]) -> Mapping[str, tuple[Redefined, ...]]:
    """What is noted about indicators and, for derived ones, about the parts of their formulas. One query."""
    known = catalogue()
    noted: dict[str, list[Redefined]] = defaultdict(list)
    for code, since, vi, en in Redefinition.objects.order_by("since").values_list(
        "indicator__code", "since", "note_vi", "note_en"
    ):
        noted[code].append(Redefined(since, Text(vi=vi, en=en)))
    return {code: concerning(code, known, noted) for code in codes}


def concerning(
    code: str, known: Mapping[str, Definition], noted: Mapping[str, Iterable[Redefined]]
) -> tuple[Redefined, ...]:
    """What is noted of an indicator and of every one that its formula rests on, by their codes."""
    if not noted:
        return ()
    return tuple(one for each in rests_on(code, known) for one in noted.get(each, ()))


def rests_on(code: str, known: Mapping[str, Definition]) -> tuple[str, ...]:
    """The indicator itself and every one that its formula names, theirs as well; each once."""
    found = dict.fromkeys([code])
    waiting = [code]
    while waiting:
        one = known.get(waiting.pop())
        named = _named(one.formula) if one is not None and one.formula else ()
        waiting += [each for each in named if each not in found]
        found |= dict.fromkeys(named)
    return tuple(found)


@lru_cache(maxsize=1_000)
def _named(formula: str) -> tuple[str, ...]:
    """The codes that a formula names, in its order: `crime.total.old` names no `crime.total`."""
    return tuple(dict.fromkeys(node.code for node in walk(parse(formula)) if isinstance(node, Named)))


@transaction.atomic
def note_redefinition(*, indicator: str, since: date, note: Text, actor: str, now: datetime) -> Redefinition:
    """Note that an indicator is counted otherwise from a day on; a second note for a day replaces the first.

    Raises `Refused` for an unknown indicator or an empty note.
    """
    row = Indicator.objects.filter(code=indicator).first()
    problems = []
    if row is None:
        reason = Text(vi=f"Không có chỉ tiêu “{indicator}”.", en=f"There is no indicator “{indicator}”.")
        problems.append(Problem("unknown-indicator", reason))
    if not note.vi.strip() or not note.en.strip():
        reason = Text(
            vi="Hãy ghi điều gì đã đổi, cả hai thứ tiếng.", en="Say what changed, in both languages."
        )
        problems.append(Problem("empty-note", reason))
    if problems:
        raise Refused(problems)
    with recording(now):
        found, _ = Redefinition.objects.update_or_create(
            indicator=row,
            since=since,
            defaults={"note_vi": note.vi, "note_en": note.en, "noted_by": actor, "noted_at": now},
        )
    return found
