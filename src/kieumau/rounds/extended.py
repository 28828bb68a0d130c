"""What was extended, as pages show it: which stage, for whom, until when, why, and what it goes past."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import JSONField
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext

from kieumau.calendars.working_days import ONE_DAY
from kieumau.kernel.messages import Text
from kieumau.rounds import words
from kieumau.rounds.finding import names
from kieumau.rounds.models import Dossier, Round
from kieumau.rounds.overtaking import noted, overtaken
from kieumau.rounds.rules import Stage

# For rows of dossiers: the extensions of areas that it lies in, latest first, and the last days of its round.
OF_ROW = RawSQL(
    """(
        SELECT jsonb_build_object(
            'given', (
                SELECT coalesce(jsonb_agg(to_jsonb(e) ORDER BY e.at DESC, e.id DESC), '[]')
                FROM round_extension e
                WHERE e.round_id = dossier.round_id AND starts_with(dossier.path, e.path)
            ),
            'due', (
                SELECT coalesce(jsonb_agg(to_jsonb(l)), '[]') FROM round_deadline l
                WHERE l.round_id = dossier.round_id
            )
        )
    )""",
    (),
    output_field=JSONField(),
)


@dataclass(frozen=True, slots=True)
class Extended:
    """More time for one stage; `past` says of later stages that end before, while the round is open."""

    stage: Promise
    whom: str
    due_on: date
    reason: str
    by: str
    on: date
    past: Sequence[Text]


def of_round(made: Round) -> list[Extended]:
    """All that was extended in a round, latest first; it comes as `access` read it. One query, or none."""
    given = vars(made)["extended"]
    on = made.period.ends_before - ONE_DAY
    named = names({one["area_id"] for one in given}, on, get_language() or "vi") if given else {}
    return _rows(made, given, vars(made)["due"], lambda area: named.get(area, "–"))


def of_dossier(found: Dossier) -> list[Extended]:
    """What was extended for a dossier as `access.readable` read it, latest first. No query."""
    kept = vars(found)["extended"]

    def whom(area_id: int) -> str:
        is_alone = area_id == found.unit_id
        return gettext("This unit") if is_alone else gettext("An area with this unit")

    return _rows(found.round, kept["given"], kept["due"], whom, found.path)


def _rows(
    made: Round,
    given: Sequence[Mapping[str, Any]],
    due: Sequence[Mapping[str, Any]],
    whom: Callable[[int], str],
    at: str = "",
) -> list[Extended]:
    """What is past is so at one place, where `at` is its path; else for a whole area."""
    is_open = made.state == Round.State.OPEN
    days = [(one["stage"], date.fromisoformat(one["due_on"])) for one in due] if is_open else []
    more = [(one["stage"], date.fromisoformat(one["due_on"]), one["path"]) for one in given]
    return [
        Extended(
            stage=words.STAGES[Stage(stage)],
            whom=gettext("All units") if one["area_id"] == made.area_id else whom(one["area_id"]),
            due_on=due_on,
            reason=one["reason"],
            by=one["by"],
            on=timezone.localdate(datetime.fromisoformat(one["at"])),
            past=noted(overtaken(Stage(stage), due_on, at or path, days, more)),
        )
        for one, (stage, due_on, path) in zip(given, more, strict=True)
    ]
