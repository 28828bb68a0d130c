"""What an act does to the terms of units, and what undoing it does."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from kieumau.kernel.days import in_words
from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.units.rules.facts import Act, TermRow, by_unit


def apply(terms: Sequence[TermRow], act: Act) -> list[TermRow]:
    """The terms after `act`: those of `act.ends` are cut on its day, those of `act.begins` are added.

    Only the open end of a history can be changed: a unit that already has a later term is refused,
    the later act must be undone first. Raises `Refused`; the result still wants `check`.
    """
    units = by_unit(terms)
    problems: list[Problem] = []
    cut: dict[str, TermRow] = {}
    day = act.takes_effect_on
    for key in act.ends:
        last = units[key][-1] if key in units else None
        if last is None or last.starts >= day or last.ends is not None:
            problems.append(_not_open(key, last, act))
        else:
            cut[key] = replace(last, ends=day, ended_by=act.key)
    for term in act.begins:
        if term.key in units and term.key not in cut and units[term.key][-1].until > day:
            problems.append(_not_open(term.key, units[term.key][-1], act))
    if problems:
        raise Refused(problems)
    kept = [cut[term.key] if term.key in cut and term.ends is None else term for term in terms]
    return kept + [replace(term, starts=day, ends=None, begun_by=act.key) for term in act.begins]


def link(terms: Sequence[TermRow], acts: Sequence[Act]) -> list[TermRow]:
    """The terms with the acts that began and ended them, told from the acts' dates, shares and ends."""
    begun: dict[tuple[str, date], str] = {}
    ended: dict[tuple[str, date], str] = {}
    for act in acts:
        day = act.takes_effect_on
        begun |= {(share.successor, day): act.key for share in act.shares}
        ended |= {(share.predecessor, day): act.key for share in act.shares}
        ended |= {(unit, day): act.key for unit in act.ends}
    return [
        replace(
            term,
            begun_by=begun.get((term.key, term.starts), term.begun_by),
            ended_by=ended.get((term.key, term.until), term.ended_by),
        )
        for term in terms
    ]


def revert(terms: Sequence[TermRow], keys: Collection[str]) -> list[TermRow]:
    """The terms as if the acts `keys` had never been: what they began goes, what they ended is open again.

    Raises `Refused` where a later act built on one of them; that one must be undone first, or with it.
    """
    problems: list[Problem] = []
    kept: list[TermRow] = []
    for term in terms:
        if term.begun_by in keys:
            if term.ends is not None and term.ended_by not in keys:
                problems.append(_built_on(term))
        elif term.ended_by in keys:
            kept.append(replace(term, ends=None, ended_by=None))
        else:
            kept.append(term)
    if problems:
        raise Refused(problems)
    return kept


def left_hanging(terms: Sequence[TermRow], acts: Iterable[Act]) -> list[Problem]:
    """A problem for each of `acts` that hands over a unit, or hands to one, that would not be there then.

    A unit may take another in without a term of its own changing; so an earlier act that ends it, or undoing
    the act that began it, can only be told by the shares of the later one.
    """
    units = by_unit(terms)
    problems: list[Problem] = []
    for act in acts:
        day = act.takes_effect_on
        sides = [(share.predecessor, day - timedelta(days=1)) for share in act.shares]
        sides += [(share.successor, day) for share in act.shares]
        gone = [key for key, on in sides if not any(term.is_valid_on(on) for term in units.get(key, ()))]
        for key in dict.fromkeys(gone):
            last = units[key][-1] if key in units else None
            problems.append(_needed(f"{last.name} ({last.code})" if last else key, act))
    return problems


def _needed(name: str, act: Act) -> Problem:
    day = in_words(act.takes_effect_on)
    return Problem(
        "later-change",
        Text(
            vi=f"Quyết định “{act.called}” ngày {day.vi} cần “{name}” còn hiệu lực khi đó.",
            en=f"The act “{act.called}” of {day.en} needs “{name}” to be in force then.",
        ),
        Text(vi="Hoàn tác quyết định đó trước, hoặc cùng lúc.", en="Undo that act first, or together."),
    )


def _not_open(key: str, last: TermRow | None, act: Act) -> Problem:
    name, day = f"{last.name} ({last.code})" if last else key, in_words(act.takes_effect_on)
    return Problem(
        "unit-not-open",
        Text(
            vi=f"“{name}” không còn hiệu lực, hoặc đã có thay đổi sau ngày {day.vi}.",
            en=f"“{name}” is not in force, or has already changed after {day.en}.",
        ),
        Text(vi="Hoàn tác thay đổi sau trước đã.", en="Undo the later change first."),
        act.place,
    )


def _built_on(term: TermRow) -> Problem:
    later = term.ended_by or "?"
    return Problem(
        "later-change",
        Text(
            vi=f"“{term.name}” ({term.code}) đã thay đổi tiếp vào ngày {term.ends} (quyết định “{later}”).",
            en=f"“{term.name}” ({term.code}) changed again on {term.ends} (act “{later}”).",
        ),
        Text(vi="Hoàn tác quyết định đó trước, hoặc cùng lúc.", en="Undo that act first, or together."),
    )
