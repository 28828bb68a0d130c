"""Provincial additions: criteria of one's own on top of a published set.

An addition is a YAML file of its own that names the set it `extends`, the areas it applies within and
the criteria it adds. When it is loaded it becomes a whole set: the criteria of the version that is in
force on the addition's first day, word for word with their legal basis, and behind them its own. So the
national text cannot change it afterwards; to take over a new national version, load the addition again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from kieumau.criteria.days import Effective
from kieumau.criteria.faults import Fault
from kieumau.criteria.missing_words import MISSING
from kieumau.criteria.rules import (
    MOST_CRITERIA,
    AllOf,
    AtLeast,
    Base,
    Basis,
    Cap,
    Code,
    CriterionDefinition,
    Definition,
    Group,
    Points,
    Sentence,
    SetTitle,
    UnitClass,
    UnitReference,
    Verification,
    nearest_hint,
)
from kieumau.kernel.messages import Text
from kieumau.kernel.yamlfile import Name, Shape


class AppliesWithin(Shape):
    """The areas in which an addition applies, and the kinds of units if not all that the base judges."""

    within: tuple[UnitReference, ...] = Field(min_length=1)
    kinds: tuple[Code, ...] = ()


class Addition(Shape):
    """Criteria added to a published set in some areas, as the YAML says it.

    `extends` is the code of the base; the version is the one in force on the addition's first day, unless
    `extends_version` names another that is. Period, slack, level and registers are the base's; the rule
    too, where every criterion must be met.
    """

    when_missing: ClassVar[Mapping[str, Text]] = MISSING

    code: Code
    extends: Code
    extends_version: int | None = Field(default=None, ge=1)
    title: SetTitle
    summary: Name | None = None
    verification: Verification
    basis: Basis | None = None
    catalogue: Sentence | None = None
    effective: Effective
    applies_to: AppliesWithin
    unit_classes: dict[Code, UnitClass] | None = None
    rule: Annotated[AllOf | AtLeast | Points, Field(discriminator="kind")] | None = None
    groups: tuple[Group, ...] = ()
    criteria: tuple[CriterionDefinition, ...] = Field(min_length=1, max_length=MOST_CRITERIA)
    caps: Annotated[tuple[Cap, ...], Field(min_length=1)] | None = None
    left_out: tuple[Name, ...] = ()
    notes: Name | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """A published version of a set: what may be extended."""

    version: int
    definition: Definition
    derived: Mapping[str, str]

    def holds(self, day: date) -> bool:
        """Is the version in force on a day, newer versions apart?"""
        effective = self.definition.effective
        return effective.starts <= day and (effective.ends is None or day <= effective.ends)


def base_of(addition: Addition, versions: Mapping[str, tuple[Published, ...]]) -> Published | Fault:
    """The version that an addition extends, or why there is none."""
    code, starts = addition.extends, addition.effective.starts
    known = versions.get(code, ())
    if not known:
        reason = Text(
            vi=f"Bộ tiêu chí gốc “{code}” chưa được công bố ở đây.",
            en=f"The base “{code}” has not been published here.",
        )
        others = [other for other, some in versions.items() if some]
        hint = nearest_hint(code, others) or Text(
            vi=f"Nạp trước: kieumau criteria load {code}.", en=f"Load it first: kieumau criteria load {code}."
        )
        return Fault(("extends",), "no-such-base", reason, hint)
    wanted = addition.extends_version
    if wanted is not None and wanted not in {one.version for one in known}:
        reason = Text(
            vi=f"Bộ “{code}” không có phiên bản {wanted}.", en=f"The set “{code}” has no version {wanted}."
        )
        return Fault(("extends_version",), "no-such-base", reason)
    found = [one for one in known if one.holds(starts) and wanted in (None, one.version)]
    if not found:
        which = f"{code} v{wanted}" if wanted else code
        reason = Text(
            vi=f"Bộ tiêu chí gốc “{which}” không có hiệu lực vào ngày {starts:%d/%m/%Y}.",
            en=f"The base “{which}” is not in force on {starts.isoformat()}.",
        )
        spans = "; ".join(_span(one) for one in known)
        return Fault(
            ("extends",), "base-not-in-force", reason, Text(vi=f"Có: {spans}.", en=f"It has: {spans}.")
        )
    return max(found, key=lambda one: one.version)


def _span(one: Published) -> str:
    effective = one.definition.effective
    return f"v{one.version} {effective.starts.isoformat()} – {effective.ends or '…'}"


def clashes(addition: Addition, base: Published) -> Iterator[Fault]:
    """What keeps an addition from standing on its base: codes that are taken, days, the rule."""
    says = base.definition
    name = f"{says.code} v{base.version}"
    if addition.code == says.code:
        reason = Text(
            vi=f"Bộ bổ sung cần mã riêng, khác “{says.code}”.",
            en=f"The addition needs a code of its own, other than “{says.code}”.",
        )
        yield Fault(("code",), "code-of-the-base", reason)
    if says.base is not None:
        reason = Text(vi=f"“{says.code}” cũng là bộ bổ sung.", en=f"“{says.code}” is itself an addition.")
        hint = Text(vi=f"Hãy bổ sung cho “{says.base.code}”.", en=f"Extend “{says.base.code}”.")
        yield Fault(("extends",), "base-is-an-addition", reason, hint)
    taken = (
        ("criteria", {one.code for one in says.criteria}, [one.code for one in addition.criteria]),
        ("groups", {one.code for one in says.groups}, [one.code for one in addition.groups]),
    )
    for key, theirs, ours in taken:
        for index, code in enumerate(ours):
            if code in theirs:
                reason = Text(
                    vi=f"Mã “{code}” đã có trong {name}.", en=f"The code “{code}” is taken by {name}."
                )
                hint = Text(vi="Đặt mã khác, ví dụ thêm chữ viết tắt của tỉnh.", en="Choose another one.")
                yield Fault((key, index, "code"), "code-of-the-base", reason, hint)
    for code in (addition.unit_classes or {}).keys() & (says.unit_classes or {}).keys():
        reason = Text(vi=f"Loại “{code}” đã có trong {name}.", en=f"The class “{code}” is taken by {name}.")
        yield Fault(("unit_classes", code), "code-of-the-base", reason)
    if (count := len(says.criteria) + len(addition.criteria)) > MOST_CRITERIA:
        reason = Text(
            vi=f"Cùng với {name} là {count} tiêu chí; nhiều nhất {MOST_CRITERIA}.",
            en=f"With {name} there are {count} criteria; {MOST_CRITERIA} are the most there can be.",
        )
        yield Fault(("criteria",), "too-many-criteria", reason)
    yield from _other_clashes(addition, says, name)


def _other_clashes(addition: Addition, says: Definition, name: str) -> Iterator[Fault]:
    ends = addition.effective.ends
    if says.effective.ends is not None and ends is not None and ends > says.effective.ends:
        reason = Text(
            vi=f"{name} chỉ có hiệu lực đến {says.effective.ends:%d/%m/%Y}.",
            en=f"{name} is in force only up to {says.effective.ends.isoformat()}.",
        )
        yield Fault(("effective", "to"), "base-not-in-force", reason)
    for index, kind in enumerate(addition.applies_to.kinds):
        if says.applies_to.kinds and kind not in says.applies_to.kinds:
            reason = Text(
                vi=f"{name} không xét loại đơn vị “{kind}”.",
                en=f"{name} does not judge units of kind “{kind}”.",
            )
            hint = nearest_hint(kind, says.applies_to.kinds)
            yield Fault(("applies_to", "kinds", index), "kind-not-judged", reason, hint)
    if addition.rule is None and not isinstance(says.rule, AllOf):
        reason = Text(
            vi=f"{name} không yêu cầu đạt tất cả, nên bộ bổ sung phải ghi “rule” của mình.",
            en=f"{name} does not ask for all criteria, so the addition must have a “rule” of its own.",
        )
        yield Fault(("criteria",), "rule-missing", reason)


def resolved(addition: Addition, base: Published) -> Definition:
    """The whole set: the base's criteria as they were published, and the addition's behind them.

    For an addition and a base between which there are no `clashes`.
    """
    says = base.definition
    theirs = tuple(
        one.model_copy(update={"basis": says.basis_of(one), "verification": says.verification_of(one)})
        for one in says.criteria
    )
    own_rule = addition.rule is not None
    classes = {**(says.unit_classes or {}), **(addition.unit_classes or {})}
    effective = addition.effective
    if effective.ends is None and says.effective.ends is not None:
        effective = effective.model_copy(update={"ends": says.effective.ends})
    applies_to = says.applies_to.model_copy(
        update={
            "within": addition.applies_to.within,
            "kinds": addition.applies_to.kinds or says.applies_to.kinds,
        }
    )
    codes = tuple(one.code for one in says.criteria)
    whole = Definition.model_construct(
        code=addition.code,
        title=addition.title,
        summary=addition.summary,
        verification=addition.verification,
        basis=addition.basis,
        catalogue=addition.catalogue,
        effective=effective,
        period=says.period,
        figures_slack_days=says.figures_slack_days,
        applies_to=applies_to,
        unit_classes=classes or None,
        rule=addition.rule or says.rule,
        groups=(*says.groups, *addition.groups),
        criteria=(*theirs, *addition.criteria),
        caps=addition.caps if own_rule or addition.caps else says.caps,
        left_out=(*says.left_out, *addition.left_out),
        notes=addition.notes,
        base=Base(code=says.code, version=base.version, title=says.title, criteria=codes),
    )
    return Definition.model_validate(whole.canonical())  # what is published must be readable again


def place_in_addition(
    path: tuple[int | str, ...], addition: Addition, base: Published
) -> tuple[int | str, ...]:
    """Where something of the whole set stands in the addition's file; what is the base's: at `extends`."""
    firsts = {"criteria": len(base.definition.criteria), "groups": len(base.definition.groups)}
    if len(path) > 1 and path[0] in firsts and isinstance(path[1], int):
        index = path[1] - firsts[str(path[0])]
        return (path[0], index, *path[2:]) if index >= 0 else ("extends",)
    if path and path[0] in addition.model_fields_set:
        return path
    return ("extends",)


def own_part(definition: Definition, says: Definition) -> dict[str, object]:
    """An addition again from the whole set that it made and what its base says: what its YAML said.

    For texts that are written anew, of versions whose own text was not kept. What the addition said in
    the words of its base (a rule, caps, kinds, a last day) is left out where that means the same. Raises
    ValueError for a set that extends none.
    """
    base = definition.base
    if base is None:
        raise ValueError(f"{definition.code} extends no set")
    whole, theirs = _plain(definition), _plain(says)
    own: dict[str, object] = {"code": definition.code, "extends": base.code, "extends_version": base.version}
    own |= {key: whole[key] for key in _HEAD if key in whole}
    whom = definition.applies_to
    kinds = {"kinds": list(whom.kinds)} if whom.kinds != says.applies_to.kinds else {}
    own["applies_to"] = {"within": list(whom.within or ())} | kinds
    classes = definition.unit_classes or {}
    if ours := {code: _plain(one) for code, one in classes.items() if code not in (says.unit_classes or {})}:
        own["unit_classes"] = ours
    has_rule = whole["rule"] != theirs["rule"] or not isinstance(says.rule, AllOf)
    if has_rule:
        own["rule"] = whole["rule"]
    if "caps" in whole and (has_rule or whole["caps"] != theirs.get("caps")):
        own["caps"] = whole["caps"]
    for key, listed, behind in (
        ("groups", definition.groups, len(says.groups)),
        ("criteria", definition.criteria, len(base.criteria)),
        ("left_out", definition.left_out, len(says.left_out)),
    ):
        if one := [_plain(each) for each in listed[behind:]]:
            own[key] = one
    if "notes" in whole:
        own["notes"] = whole["notes"]
    return own


def _plain(shape: Shape) -> dict[str, object]:
    return shape.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True)


_HEAD = ("title", "summary", "verification", "basis", "catalogue", "effective")
