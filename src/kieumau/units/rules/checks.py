"""Every fault of a tree of units and its acts, found in one pass."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from kieumau.kernel.days import in_words
from kieumau.kernel.messages import Problem, Text
from kieumau.kernel.text import Speller
from kieumau.units.rules.facts import BASES, Act, Share, TermRow, by_unit


def check(terms: Sequence[TermRow], acts: Sequence[Act], levels: Mapping[str, int]) -> list[Problem]:
    """All that is wrong with the whole tree (`terms`) and with `acts`; empty when all is well.

    `levels` gives the level of every known kind. Cost: about a second for a hundred thousand terms.
    """
    units = by_unit(terms)
    problems = list(_alone(terms, levels))
    problems += _codes_taken(terms)
    problems += _overlapping(terms)
    problems += _misplaced(terms, units, levels)
    problems += _acts(acts, units)
    return problems


def _alone(terms: Sequence[TermRow], levels: Mapping[str, int]) -> Iterator[Problem]:
    """Faults that show in one row."""
    speller = Speller(levels)
    for term in terms:
        if not term.code or not term.name:
            yield Problem(
                "empty-name",
                Text(vi="Đơn vị phải có mã và tên.", en="A unit needs a code and a name."),
                place=term.place,
            )
        if term.starts >= term.until:
            yield Problem(
                "dates-reversed",
                Text(
                    vi=f"“{term.name}” hết hiệu lực ({term.until}) trước khi có hiệu lực ({term.starts}).",
                    en=f"“{term.name}” ends ({term.until}) before it begins ({term.starts}).",
                ),
                Text(vi="Ngày kết thúc là ngày đầu tiên không còn hiệu lực.", en="The end is exclusive."),
                term.place,
            )
        if term.kind not in levels:
            near = speller.nearest(term.kind)
            yield Problem(
                "unknown-kind",
                Text(vi=f"Không có loại đơn vị “{term.kind}”.", en=f"There is no kind “{term.kind}”."),
                Text(vi=f"Có phải “{near[0]}”?", en=f"Did you mean “{near[0]}”?") if near else None,
                term.place,
            )


def kinds_from_elsewhere(
    terms: Sequence[TermRow], act: Act, own: Callable[[str], Collection[str]]
) -> list[Problem]:
    """Units that an act would make of another country's kinds; `own` are those of a register.

    `terms` are the units before it: what is of such a kind already may stay so.
    """
    had = {(term.register, term.kind) for term in terms}
    return [
        Problem(
            "kind-from-elsewhere",
            Text(
                vi=f"“{row.name}” không thể mang loại “{row.kind}”: đó là loại đơn vị của nước khác.",
                en=f"“{row.name}” cannot be of the kind “{row.kind}”: it is another country's.",
            ),
            Text(
                vi="Hãy chọn một loại trong danh sách, hoặc để nguyên loại cũ.",
                en="Choose a kind of the list, or leave it as it is.",
            ),
            place=row.place,
        )
        for row in act.begins
        if row.kind not in own(row.register) and (row.register, row.kind) not in had
    ]


def _overlapping(terms: Sequence[TermRow]) -> Iterator[Problem]:
    """Two rows for one unit on the same day."""
    for rows in by_unit(terms).values():
        for earlier, later in _neighbors_that_overlap(rows):
            if earlier != later:
                yield Problem(
                    "overlapping-terms",
                    Text(
                        vi=f"“{later.name}” ({later.code}) có hai dòng cùng hiệu lực từ {later.starts}.",
                        en=f"“{later.name}” ({later.code}) has two rows in force from {later.starts}.",
                    ),
                    Text(
                        vi="Cho dòng trước kết thúc vào ngày dòng sau bắt đầu.",
                        en="End the earlier row on the day the later one begins.",
                    ),
                    later.place,
                )


def _codes_taken(terms: Sequence[TermRow]) -> Iterator[Problem]:
    """One code for two units on the same day, or the same row twice."""
    by_code: dict[tuple[str, str], list[TermRow]] = defaultdict(list)
    for term in sorted(terms, key=lambda term: (term.starts, term.place.row or 0)):
        by_code[term.register, term.code].append(term)
    for rows in by_code.values():
        for earlier, later in _neighbors_that_overlap(rows):
            if earlier == later:
                yield Problem(
                    "duplicate-row",
                    Text(
                        vi=f"Dòng lặp lại: “{later.name}” ({later.code}) từ {later.starts}.",
                        en=f"The row is there twice: “{later.name}” ({later.code}) from {later.starts}.",
                    ),
                    Text(vi="Xóa một trong hai dòng.", en="Delete one of the two."),
                    later.place,
                )
            elif earlier.key != later.key:
                yield Problem(
                    "code-taken",
                    Text(
                        vi=f"Từ {in_words(later.starts).vi} mã {later.code} thuộc cả “{earlier.name}” "
                        f"và “{later.name}”.",
                        en=f"From {in_words(later.starts).en} the code {later.code} belongs to both "
                        f"“{earlier.name}” and “{later.name}”.",
                    ),
                    place=later.place,
                )


def _neighbors_that_overlap(rows: list[TermRow]) -> Iterator[tuple[TermRow, TermRow]]:
    """Pairs that share a day; `rows` are sorted by their first day."""
    longest = rows[0]
    for row in rows[1:]:
        if row.starts < longest.until:
            yield longest, row
        if row.until > longest.until:
            longest = row


def _misplaced(
    terms: Sequence[TermRow], units: Mapping[str, list[TermRow]], levels: Mapping[str, int]
) -> Iterator[Problem]:
    """Terms whose parent is unknown, not always there, or not above them."""
    for term in terms:
        if term.parent is None:
            continue
        above = units.get(term.parent, [])
        if not above:
            yield Problem(
                "unknown-parent",
                Text(
                    vi=f"Không có đơn vị cấp trên “{term.parent}” của “{term.name}”.",
                    en=f"There is no parent “{term.parent}” of “{term.name}”.",
                ),
                place=term.place,
            )
            continue
        if gap := _first_day_without(above, term):
            yield Problem(
                "parent-not-there",
                Text(
                    vi=f"“{term.name}” ({term.code}) còn vào ngày {in_words(gap).vi}, nhưng cấp trên "
                    f"“{above[-1].name}” thì không.",
                    en=f"“{term.name}” ({term.code}) is in force on {in_words(gap).en}, its parent "
                    f"“{above[-1].name}” is not.",
                ),
                Text(
                    vi="Cho đơn vị kết thúc hoặc chuyển sang cấp trên khác.",
                    en="End the unit or move it to another parent.",
                ),
                term.place,
            )
        too_low = [
            parent
            for parent in above
            if parent.overlaps(term) and levels.get(parent.kind, -1) >= levels.get(term.kind, 9)
        ]
        if too_low:
            yield _not_above(term, too_low[0], units)


def _first_day_without(above: list[TermRow], term: TermRow) -> date | None:
    """The first day of `term` on which none of `above` is in force."""
    day = term.starts
    for parent in above:
        if parent.starts > day:
            break
        day = max(day, parent.until)
    return day if day < term.until else None


def _not_above(term: TermRow, parent: TermRow, units: Mapping[str, list[TermRow]]) -> Problem:
    day = max(term.starts, parent.starts)
    seen: list[str] = []
    upper: str | None = term.parent
    while upper is not None and upper not in seen:
        seen.append(upper)
        valid = [row for row in units.get(upper, []) if row.is_valid_on(day)]
        upper = valid[0].parent if valid else None
    if term.key in seen:
        return Problem(
            "parent-cycle",
            Text(
                vi=f"“{term.name}” ({term.code}) nằm dưới chính nó.",
                en=f"“{term.name}” ({term.code}) stands below itself.",
            ),
            place=term.place,
        )
    return Problem(
        "parent-not-above",
        Text(
            vi=f"“{parent.name}” ({parent.kind}) không ở cấp trên “{term.name}” ({term.kind}).",
            en=f"“{parent.name}” ({parent.kind}) is not of a higher level than “{term.name}” ({term.kind}).",
        ),
        place=term.place,
    )


def _acts(acts: Iterable[Act], units: Mapping[str, list[TermRow]]) -> Iterator[Problem]:
    for act in acts:
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for share in act.shares:
            sums[share.predecessor] += share.share
            yield from _share(share, act, units)
        pairs = Counter((share.predecessor, share.successor) for share in act.shares)
        for (predecessor, successor), count in pairs.items():
            if count > 1:
                yield Problem(
                    "duplicate-row",
                    Text(
                        vi=f"Quyết định “{act.called}” ghi {count} lần: {predecessor} → {successor}.",
                        en=f"The act “{act.called}” says {count} times: {predecessor} → {successor}.",
                    ),
                    place=act.place,
                )
        for predecessor, total in sums.items():
            if total != 1:
                yield Problem(
                    "shares-not-one",
                    Text(
                        vi=f"Các phần của “{predecessor}” trong “{act.called}” cộng lại bằng {total}, "
                        "phải bằng đúng 1.",
                        en=f"The shares of “{predecessor}” in “{act.called}” sum to {total}, not to 1.",
                    ),
                    Text(vi="Để phần cuối nhận số lẻ còn lại.", en="Let the last one take the remainder."),
                    next(share.place for share in act.shares if share.predecessor == predecessor),
                )


def _share(share: Share, act: Act, units: Mapping[str, list[TermRow]]) -> Iterator[Problem]:
    day = act.takes_effect_on
    sides = ((share.predecessor, day - timedelta(days=1)), (share.successor, day))
    for unit, on in sides:
        if not any(term.is_valid_on(on) for term in units.get(unit, [])):
            yield Problem(
                "unknown-unit",
                Text(
                    vi=f"Quyết định “{act.called}”: ngày {in_words(on).vi} không có đơn vị “{unit}”.",
                    en=f"Act “{act.called}”: there is no unit “{unit}” on {in_words(on).en}.",
                ),
                place=share.place,
            )
    lowest_is_wrong = share.share < 0 or (share.share == 0 and share.basis != "people")
    if lowest_is_wrong or share.share > 1 or (share.basis == "whole" and share.share != 1):
        yield Problem(
            "wrong-share",
            Text(
                vi=f"Phần {share.share} không hợp lệ: lớn hơn 0 (bằng 0 chỉ khi theo dân số: phần đất "
                "không có dân), nhiều nhất là 1; “whole” nghĩa là 1.",
                en=f"The share {share.share} is not valid: above 0 (0 only by people: land where nobody "
                "lives), at most 1; “whole” means 1.",
            ),
            place=share.place,
        )
    if share.basis not in BASES:
        known = ", ".join(BASES)
        yield Problem(
            "unknown-basis",
            Text(vi=f"Không có căn cứ “{share.basis}”.", en=f"There is no basis “{share.basis}”."),
            Text(vi=f"Các căn cứ: {known}.", en=f"Known: {known}."),
            share.place,
        )
