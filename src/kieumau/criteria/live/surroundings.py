"""What one formula may refer to, as the page that it is written on says."""

from dataclasses import dataclass

from django.db.models.fields.json import KeyTextTransform

from kieumau.criteria.files import shipped
from kieumau.criteria.models import CriteriaSet
from kieumau.formulas.scope import Scope


@dataclass(frozen=True, slots=True)
class Written:
    """Where a formula is written: its set, the criteria and classes there are, and what it must give."""

    set_code: str = ""
    criteria: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    counts_points: bool | None = None
    is_condition: bool = True


def scope_of(written: Written) -> Scope:
    """What the formula may refer to: its own set, and every other that is loaded or ships."""
    sets: dict[str, bool | None] = dict.fromkeys(shipped())
    rule = KeyTextTransform("kind", KeyTextTransform("rule", "definition"))
    loaded = CriteriaSet.objects.order_by("code", "version").annotate(counts=rule)
    sets.update({code: counts == "points" for code, counts in loaded.values_list("code", "counts")})
    if written.set_code:
        sets.setdefault(written.set_code, written.counts_points)
    return Scope(written.classes, written.criteria, sets)
