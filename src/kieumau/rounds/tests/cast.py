"""A ward in a round, with the people around it: made by the real actions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kieumau.accounts.models import User
from kieumau.assessments.tests.cast import Cast, load_world
from kieumau.calendars.models import Period
from kieumau.criteria.models import CriteriaSet
from kieumau.documents.actions import add_document, add_with_files
from kieumau.documents.intake import Taken
from kieumau.documents.intake.kinds import PDF
from kieumau.documents.models import Document
from kieumau.documents.rules import Facts
from kieumau.documents.stores import FolderStore
from kieumau.documents.tests.hostile import pdf
from kieumau.rounds.models import Dossier, Round, StageDeadline
from kieumau.rounds.rules import Stage
from kieumau.units.models import Position

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)  # nine in the morning there
TODAY = date(2026, 11, 22)
PAPER = pdf()
ALL = (Stage.SELF, Stage.VERIFICATION, Stage.APPRAISAL)


@dataclass(frozen=True, slots=True)
class People:
    """Who works on dossiers."""

    officer: User
    second_officer: User
    verifier: User
    appraiser: User


def people() -> People:
    """One of each, and a second officer."""
    return People(*(User.objects.create_user(name) for name in ("hoa", "lan", "minh", "quang")))


def staff(world: Cast, grant: Callable[..., Any], *, submitting: str = "officer") -> People:
    """The same with their roles: officers of Cái Khế, a verifier of its province, an appraiser of the nation.

    `submitting` is the one who submits for Cái Khế as well. The second officer has no role but that.
    """
    made = people()
    grant(made.officer, "officer", world.unit("Cái Khế"))
    grant(getattr(made, submitting), "approver", world.unit("Cái Khế"))
    grant(made.verifier, "verifier", world.unit("Cần Thơ"))
    grant(made.appraiser, "appraiser")
    return made


WARDS = ("An Bình", "Cái Khế")


def open_round(
    world: Cast,
    *,
    stages: tuple[Stage, ...] = ALL,
    due_on: date | None = None,
    wards: tuple[str, ...] = WARDS,
) -> Round:
    """A round of the small set over An Bình and Cái Khế, open, for the year 2026."""
    period = Period.objects.get(calendar__code="tt124-commune", kind="year", year=2026)
    made = Round.objects.create(
        criteria_set=CriteriaSet.objects.get(pk=world.criteria_set.pk),
        period=period,
        name="Đánh giá năm 2026",
        area_id=world.unit("Cần Thơ"),
        stages=list(stages),
        state=Round.State.OPEN,
        made_at=NOW,
        made_by="tests",
        opened_at=NOW,
    )
    for stage in stages:
        StageDeadline.objects.create(round=made, stage=stage, due_on=due_on or TODAY + timedelta(days=30))
    for name in wards:
        place = Position.objects.get(unit=world.unit(name), valid__contains=date(2026, 11, 15))
        Dossier.objects.create(
            round=made,
            unit_id=place.unit_id,
            path=place.path,
            province_id=place.province_id,
            stage=min(stages),
        )
    return made


def dossier_of(world: Cast, ward: str = "Cái Khế") -> Dossier:
    """The dossier of a ward in a round that is open."""
    return Dossier.objects.get(round=open_round(world), unit=world.unit(ward))


def resolution(
    unit_id: int,
    issued_on: date = date(2026, 2, 10),
    kind: str = "resolution",
    *,
    has_file: bool = True,
    proves: tuple[date, date] | None = None,
    actor: User | str = "tests",
) -> Document:
    """A document that criterion 1.1 asks for, with a file; the store that holds it is gone afterwards."""
    first, last = proves or (None, None)
    facts = Facts(
        kind=kind,
        issued_on=issued_on,
        summary="Nghị quyết về an ninh trật tự",
        reference="05-NQ/ĐU",
        proves_from=first,
        proves_until=last,
    )
    if not has_file:
        return add_document(unit_id, facts, actor=actor, now=NOW)
    with TemporaryDirectory() as folder:
        came = Path(folder, "came")
        came.write_bytes(PAPER)
        taken = Taken(came, sha256(PAPER).hexdigest(), len(PAPER), PDF, "nghị quyết.pdf")
        return add_with_files(
            unit_id, facts, [taken], store=FolderStore(Path(folder, "files")), actor=actor, now=NOW
        )


__all__ = [
    "ALL",
    "NOW",
    "TODAY",
    "People",
    "dossier_of",
    "load_world",
    "open_round",
    "people",
    "resolution",
    "staff",
]
