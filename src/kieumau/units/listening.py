"""What units leave word with: the log asks what they are called."""

from collections.abc import Collection

from kieumau.audit.registry import unit_names
from kieumau.kernel.messages import Text
from kieumau.units.models import Term


def listen() -> None:
    """Leave word with the log; called once, when all apps are there."""
    unit_names.append(_names)


def _names(unit_ids: Collection[int]) -> dict[int, Text]:
    """What units are called last. One query."""
    terms = (
        Term.objects.filter(unit__in=unit_ids).select_related("kind").order_by("valid") if unit_ids else ()
    )
    return {term.unit_id: Text(vi=term.full_name("vi"), en=term.full_name("en")) for term in terms}
