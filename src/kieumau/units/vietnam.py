"""Việt Nam's units before and after 1 July 2025, made from `vietnamadminunits` and our corrections.

What is known: the units on the last day before the reform, the units since, which commune came from
which, and the acts since. What is not: changes between `STATE_SINCE` and the reform (the state of its
last day is taken for the whole time), and how large the parts of a split commune were (equal parts,
basis `even`, until somebody states shares in `corrections.yaml`), but for 57 of which all the people went
one way (shares 1 and 0, basis `people`).

Identity: a unit whose territory did not change lives on, whatever it is called since; every other new
unit is a new one, also where it took over the code of an old one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from kieumau.kernel.messages import Problem, Refused, Text
from kieumau.kernel.text import nearest
from kieumau.kernel.yamlfile import Name
from kieumau.units.rules import Act, Share, TermRow, even_shares
from kieumau.units.vietnam_sources import Country, LaterAct, Place, Reform, Title, read_acts, read_country

REGISTER = "vn"
STATE_SINCE = date(2020, 1, 1)
ROOT_KEY = "vn/VN"


def vietnam(provinces: Sequence[str] | None = None) -> tuple[list[TermRow], list[Act]]:
    """Terms and acts of the whole country, or of some of today's provinces (by code) with all their past.

    The nation is always among them. Raises `Refused` for an unknown province.
    """
    country, acts = read_country(), read_acts()
    chosen = list(country.provinces) if provinces is None else list(dict.fromkeys(provinces))
    if unknown := [code for code in chosen if code not in country.provinces]:
        raise Refused([_unknown_province(code, country) for code in unknown])
    root = TermRow(ROOT_KEY, REGISTER, "VN", "Việt Nam", "quoc-gia", None, STATE_SINCE)
    parts = [_province(code, country, acts.reform) for code in chosen]
    terms = [root, *(term for part, _ in parts for term in part)]
    done = [act for _, part in parts for act in part]
    return _later(terms, done, acts.since)


def _unknown_province(code: str, country: Country) -> Problem:
    names = {place.name: place.code for place in country.provinces.values()}
    near = nearest(code, names)
    hint = Text(vi=f"{near[0]}: {names[near[0]]}.", en=f"{near[0]}: {names[near[0]]}.") if near else None
    return Problem(
        "unknown-province",
        Text(vi=f"Không có tỉnh, thành phố mã “{code}”.", en=f"There is no province with code “{code}”."),
        hint,
    )


def old_key(code: str) -> str:
    """The key of a unit that was there before the reform."""
    return f"{REGISTER}/{code}@before-2025-07-01"


def new_key(code: str) -> str:
    """The key of a unit that the reform made."""
    return f"{REGISTER}/{code}@2025-07-01"


def _province(code: str, country: Country, reform: Reform) -> tuple[list[TermRow], list[Act]]:
    """One of today's provinces with its communes, and everything they came from."""
    day = reform.takes_effect_on
    parts = country.province_parts[code]
    place = country.provinces[code]
    lives_on = len(parts) == 1
    acts: list[Act] = []
    terms = [_term(old_key(old), country.old_provinces[old], ROOT_KEY, ends=day) for old in parts]
    if lives_on:
        terms = [replace(terms[0], ends=None)]
    else:
        shares = tuple(share for old in parts for share in even_shares(old_key(old), [new_key(code)]))
        terms.append(_term(new_key(code), place, ROOT_KEY, starts=day))
        acts.append(_act(f"vn/{day}/{code}", day, reform.provinces, shares))
    above = terms[-1].key
    districts = [district for district in country.districts.values() if district.above in parts]
    terms += [_term(old_key(each.code), each, old_key(each.above), ends=day) for each in districts]
    acts.append(
        replace(
            _act(f"vn/{day}/{code}/districts", day, reform.districts),
            ends=tuple(old_key(each.code) for each in districts if each.code not in country.successors),
        )
    )
    full = f"{'tỉnh' if place.kind == 'tinh' else 'thành phố'} {place.name}"
    titles = reform.communes
    title = Title(
        reference=titles.references[code],
        title=Name(vi=titles.title.vi.format(province=full), en=titles.title.en.format(province=place.name)),
    )
    for group in _groups(parts, country):
        some_terms, act = _communes(group, above, country, title, day)
        terms += some_terms
        acts.append(act)
    return terms, acts


def _groups(parts: Sequence[str], country: Country) -> Iterator[dict[str, Sequence[str]]]:
    """Old communes of these provinces with their successors, in groups that share no successor.

    A group is the smallest thing that can be undone: the parts of a split commune stay together.
    """
    arrivals: dict[str, list[str]] = defaultdict(list)
    olds = [old for old in country.successors if country.old_province_of(old) in parts]
    for old in olds:
        for new in country.successors[old]:
            arrivals[new].append(old)
    seen: set[str] = set()
    for first in olds:
        if first in seen:
            continue
        group, waiting = {}, [first]
        while waiting:
            old = waiting.pop()
            if old not in seen:
                seen.add(old)
                group[old] = country.successors[old]
                waiting += [other for new in group[old] for other in arrivals[new]]
        yield group


def _communes(
    group: Mapping[str, Sequence[str]], above: str, country: Country, title: Title, day: date
) -> tuple[list[TermRow], Act]:
    """The terms of old and new communes of one group, and the act between them."""
    news = sorted({new for successors in group.values() for new in successors})
    lives_on = len(group) == len(news) == 1
    new_keys = {new: old_key(next(iter(group))) if lives_on else new_key(new) for new in news}
    terms = [
        _term(old_key(old), country.old_communes[old], old_key(country.old_communes[old].above), ends=day)
        for old in group
        if old in country.old_communes  # an island district's own term is among the districts
    ]
    terms += [_term(new_keys[new], country.communes[new], above, starts=day) for new in news]
    shares = tuple(
        share for old, successors in group.items() for share in _shares(old, successors, new_keys, country)
    )
    return terms, _act(f"vn/{day}/{news[0]}", day, title, shares)


def _shares(
    old: str, successors: Sequence[str], new_keys: Mapping[str, str], country: Country
) -> tuple[Share, ...]:
    """The shares of an old commune: those that somebody stated, all its people to one, else even ones."""
    if (home := country.all_people.get(old)) is not None:
        return tuple(
            Share(old_key(old), new_keys[new], Decimal(int(new == home)), "people") for new in successors
        )
    if (stated := country.stated.get(old)) is None:
        return even_shares(old_key(old), [new_keys[new] for new in successors])
    return tuple(
        Share(old_key(old), new_keys[new], Decimal(size), stated.basis)
        for new, size in zip(stated.new, stated.shares, strict=True)
    )


def _later(
    terms: list[TermRow], acts: list[Act], since: Iterable[LaterAct]
) -> tuple[list[TermRow], list[Act]]:
    """The same with the acts since the reform: each unit's own act, so that one can be undone alone."""
    last = {term.code: position for position, term in enumerate(terms) if term.ends is None}
    for later in sorted(since, key=lambda each: each.takes_effect_on):
        for code in later.units:
            if code not in last:
                continue
            before = terms[last[code]]
            terms[last[code]] = replace(before, ends=later.takes_effect_on)
            last[code] = len(terms)
            terms.append(replace(before, kind=later.kind, starts=later.takes_effect_on))
            title = Title(reference=later.reference, title=later.title)
            key = f"vn/{later.takes_effect_on}/{code}"
            acts.append(_act(key, later.takes_effect_on, title, even_shares(before.key, [before.key])))
    return terms, acts


def _term(
    key: str, place: Place, parent: str, *, starts: date = STATE_SINCE, ends: date | None = None
) -> TermRow:
    return TermRow(key, REGISTER, place.code, place.name, place.kind, parent, starts, ends)


def _act(key: str, day: date, title: Title, shares: tuple[Share, ...] = ()) -> Act:
    return Act(key, day, title.reference, title.title.text(), shares)
