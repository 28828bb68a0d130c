"""What the log keeps of figures: of one place every value before and after, of a file how many there were."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from kieumau.audit import actions as audit
from kieumau.audit.actions import Said
from kieumau.audit.verbs import Verb
from kieumau.formulas.values import State
from kieumau.indicators.catalogue import Definition
from kieumau.indicators.models import Source
from kieumau.units.actions import Actor


def log_figures(
    verb: Verb,
    source: Source,
    *,
    actor: Actor = None,
    unit_id: int | None = None,
    old: Said | None = None,
    new: Said | None = None,
) -> None:
    """One entry for what a source did; by whom the source names where no actor is given."""
    audit.record(
        actor=actor or source.recorded_by,
        verb=verb,
        object=("figure_source", source.pk),
        name=source.name,
        unit_id=unit_id,
        old=old,
        new=new,
        now=source.recorded_at,
    )


def written(
    facts: Mapping[int, tuple[State, Decimal | None]],
    indicators: Collection[int],
    known: Mapping[str, Definition],
) -> dict[str, str]:
    """The figures there are of some indicators, by code: numbers exact, states by their names."""
    found = {}
    for code, one in known.items():
        if one.id in indicators and (fact := facts.get(one.id)) is not None:
            state, value = fact
            found[code] = state.name.lower() if value is None else f"{value:f}"
    return found
