"""What must fit together inside a criteria set: codes, groups, points, days."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kieumau.criteria.rules import LEVELS, AtLeast, Definition, Documented, Points, nearest_hint
from kieumau.kernel.messages import Problem, Text


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a definition that does not fit; `path` is where it stands in the file.

    `allow_days`: it is mended by letting figures be off by so many days.
    """

    path: tuple[int | str, ...]
    code: str
    reason: Text
    hint: Text | None = None
    allow_days: int | None = None


@dataclass(frozen=True, slots=True)
class OffByDays(Problem):
    """Figures that would fit the period if they were allowed to be off by so many days."""

    days: int = 0


def faults(definition: Definition) -> list[Fault]:
    """Everything inside the definition that does not fit together, formulas aside."""
    return [
        *_repeated(definition),
        *_unknown_groups(definition),
        *_rule_faults(definition),
        *_point_faults(definition),
        *_day_faults(definition),
        *_class_faults(definition),
        *_cap_faults(definition),
        *_placeholder(definition),
    ]


# What new drafts had in place of a summary.
_PLACEHOLDERS = {"Bộ tiêu chí đang soạn.", "A criteria set that is being written."}


def _placeholder(definition: Definition) -> Iterator[Fault]:
    summary = definition.summary
    if summary is not None and {summary.vi, summary.en} & _PLACEHOLDERS:
        reason = Text(
            vi="Tóm tắt vẫn là câu tạm ghi khi tạo bản thảo.",
            en="The summary is still the words that stood in the new draft.",
        )
        hint = Text(vi="Ghi tóm tắt, hoặc để trống.", en="Write a summary, or leave it empty.")
        yield Fault(("summary",), "placeholder-left", reason, hint)


def _repeated(definition: Definition) -> Iterator[Fault]:
    for key, items in (("groups", definition.groups), ("criteria", definition.criteria)):
        seen: set[str] = set()
        for index, item in enumerate(items):
            if item.code in seen:
                reason = Text(vi=f"Mã “{item.code}” lặp lại.", en=f"The code “{item.code}” appears twice.")
                yield Fault((key, index, "code"), "repeated-code", reason)
            seen.add(item.code)


def _unknown_groups(definition: Definition) -> Iterator[Fault]:
    known = [group.code for group in definition.groups]
    for index, criterion in enumerate(definition.criteria):
        if criterion.group is not None and criterion.group not in known:
            reason = Text(
                vi=f"Không có nhóm “{criterion.group}”.", en=f"There is no group “{criterion.group}”."
            )
            hint = nearest_hint(criterion.group, known)
            yield Fault(("criteria", index, "group"), "unknown-group", reason, hint)


def _rule_faults(definition: Definition) -> Iterator[Fault]:
    rule, count = definition.rule, len(definition.criteria)
    if isinstance(rule, AtLeast) and rule.k > count:
        reason = Text(
            vi=f"Cần {rule.k} tiêu chí đạt nhưng bộ chỉ có {count}.",
            en=f"{rule.k} criteria must be met but the set has only {count}.",
        )
        yield Fault(("rule", "k"), "more-than-there-are", reason)
    if isinstance(rule, Points):
        for index, (above, below) in enumerate(zip(rule.classes, rule.classes[1:], strict=False)):
            if below.points >= above.points:
                reason = Text(
                    vi="Các mức điểm phải giảm dần.", en="The classes must stand from most to fewest points."
                )
                yield Fault(("rule", "classes", index + 1, "from"), "classes-not-falling", reason)
        highest = sum((c.points.max for c in definition.criteria if c.points), Decimal(0))
        tops = [(("rule", "meets_from"), rule.meets_from), (("rule", "classes", 0), rule.classes[0].points)]
        for path, needed in tops:
            if needed > highest:
                reason = Text(
                    vi=f"Cần {needed} điểm nhưng tối đa chỉ được {highest}.",
                    en=f"{needed} points are needed but {highest} are the most there can be.",
                )
                yield Fault(path, "more-than-there-are", reason)


def _point_faults(definition: Definition) -> Iterator[Fault]:
    gives_points = isinstance(definition.rule, Points)
    for index, criterion in enumerate(definition.criteria):
        if gives_points and criterion.points is None:
            reason = Text(
                vi=f"Tiêu chí “{criterion.code}” thiếu điểm.",
                en=f"Criterion “{criterion.code}” has no points.",
            )
            yield Fault(("criteria", index), "points-missing", reason)
        if not gives_points and criterion.points is not None:
            reason = Text(vi="Bộ tiêu chí này không chấm điểm.", en="This set does not count points.")
            hint = Text(
                vi="Bỏ “points”, hoặc đặt rule.kind: points.", en="Drop it, or use rule.kind: points."
            )
            yield Fault(("criteria", index, "points"), "points-unused", reason, hint)


def _class_faults(definition: Definition) -> Iterator[Fault]:
    """A kind of unit belongs to one class at most."""
    owners: dict[str, str] = {}
    for code, one in (definition.unit_classes or {}).items():
        for index, kind in enumerate(one.kinds):
            if kind in owners:
                reason = Text(
                    vi=f"Loại “{kind}” đã thuộc “{owners[kind]}”.",
                    en=f"The kind “{kind}” already belongs to “{owners[kind]}”.",
                )
                yield Fault(("unit_classes", code, "kinds", index), "kind-in-two-classes", reason)
            owners.setdefault(kind, code)


def _cap_faults(definition: Definition) -> Iterator[Fault]:
    """Caps name classes of the set, and are counted in units above those judged."""
    rule = definition.rule
    known = [item.code for item in rule.classes] if isinstance(rule, Points) else []
    for index, cap in enumerate(definition.caps or ()):
        if not isinstance(rule, Points):
            reason = Text(
                vi="Bộ tiêu chí này không xếp loại nên không có mức trần.",
                en="This set has no classes, so there is nothing to cap.",
            )
            yield Fault(("caps", index), "no-classes", reason)
            continue
        named = [(("class",), cap.class_), *((("of", place), code) for place, code in enumerate(cap.of))]
        for path, code in named:
            if code not in known:
                reason = Text(vi=f"Không có loại “{code}”.", en=f"There is no class “{code}”.")
                yield Fault(("caps", index, *path), "unknown-class", reason, nearest_hint(code, known))
        if cap.share > 1:
            reason = Text(vi="Mức trần vượt 100 %.", en="The cap is above 100%.")
            yield Fault(("caps", index, "at_most"), "more-than-all", reason)
        if LEVELS[cap.within] >= LEVELS[definition.applies_to.level]:
            reason = Text(
                vi="“within” phải là cấp trên của các đơn vị được xét.",
                en="“within” must be a level above the units judged.",
            )
            yield Fault(("caps", index, "within"), "not-above", reason)


def _day_faults(definition: Definition) -> Iterator[Fault]:
    if definition.period.kind == "year":
        return
    reason = Text(
        vi="Ngày và tháng cố định chỉ dùng cho kỳ năm.", en="A fixed month and day only fit yearly periods."
    )
    hint = Text(vi="Dùng days_after_end.", en="Use days_after_end.")
    for index, criterion in enumerate(definition.criteria):
        if criterion.due is not None and criterion.due.on is not None:
            yield Fault(("criteria", index, "due"), "day-needs-a-year", reason, hint)
        if isinstance(criterion, Documented) and criterion.window:
            yield Fault(("criteria", index, "window"), "day-needs-a-year", reason)
