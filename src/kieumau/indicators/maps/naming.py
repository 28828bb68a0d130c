"""Names of units at their time and of the acts that moved them, read together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from kieumau.indicators.maps.territory import Territory
from kieumau.kernel.messages import Text
from kieumau.units.models import Change, Term


@dataclass(slots=True)
class Names:
    """Filled by `read`, asked by `of` and `acts_of`."""

    terms: dict[int, list[Term]] = field(default_factory=dict)
    acts: dict[int, str] = field(default_factory=dict)

    def read(self, territories: Iterable[Territory]) -> None:
        """Read what these territories name and is not known yet. At most two queries."""
        known = list(territories)
        parts = [part for one in known for part in one.members]
        units = {part.unit_id for part in parts} - set(self.terms)
        acts = {act for part in parts for act in part.acts} - set(self.acts)
        terms: dict[int, list[Term]] = defaultdict(list)
        if units:
            rows = Term.objects.filter(unit_id__in=units).select_related("kind").order_by("valid")
            for term in rows:
                terms[term.unit_id].append(term)
        self.terms |= terms
        if acts:
            rows_of_acts = Change.objects.filter(id__in=acts).values_list("id", "reference", "key")
            self.acts |= {pk: reference or key for pk, reference, key in rows_of_acts}

    def of(self, unit_id: int, day: date, without: Sequence[int] = ()) -> Text:
        """The full name of a unit on a day, or what it was called last before; `without` counts communes."""
        terms = self.terms.get(unit_id, [])
        then = [term for term in terms if term.valid.lower <= day] or terms
        if not then:
            return Text(vi=f"đơn vị {unit_id}", en=f"unit {unit_id}")
        names = [_within(then[-1]), then[-1].full_name("en")]
        if without:
            names = [
                f"{names[0]} (trừ {len(without)} xã, phường)",
                f"{names[1]} (but {len(without)} communes)",
            ]
        return Text(vi=names[0], en=names[1])

    def acts_of(self, acts: Sequence[int]) -> tuple[str, ...]:
        """References of acts, each once."""
        return tuple(dict.fromkeys(self.acts[act] for act in acts if act in self.acts))


def names() -> Names:
    """Nothing known yet."""
    return Names()


def _within(term: Term) -> str:
    """The Vietnamese name within a sentence: “phường An Bình”; a name without a kind stays as it is."""
    name = term.full_name("vi")
    return name if term.kind.full_vi.startswith("{name}") else name[:1].lower() + name[1:]
