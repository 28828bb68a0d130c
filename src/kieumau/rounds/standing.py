"""What every criterion of a dossier stands at, read for `lacking`: findings of all stages, and evidence."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from kieumau.assessments.rules import Outcome
from kieumau.rounds.freezing import Spoken
from kieumau.rounds.lacking import Found, Need, Standing, needs
from kieumau.rounds.models import Evidence, StageFinding
from kieumau.rounds.papers import paper_of, with_files
from kieumau.rounds.proving import Asking, proof_by
from kieumau.rounds.rules import Stage


def findings_of(dossier_id: int) -> Mapping[str, dict[Stage, StageFinding]]:
    """By code what every stage found, the first stage first; nothing where none did. One query."""
    by_code: dict[str, dict[Stage, StageFinding]] = defaultdict(dict)
    rows = StageFinding.objects.filter(dossier=dossier_id).select_related("criterion", "person")
    for one in rows.order_by("stage"):
        by_code[one.criterion.code][Stage(one.stage)] = one
    return by_code


def evidence_of(dossier_id: int) -> Mapping[str, list[Evidence]]:
    """By code the evidence with its documents, the oldest first; nothing for a code without. One query."""
    by_code: dict[str, list[Evidence]] = defaultdict(list)
    rows = with_files(Evidence.objects.filter(dossier=dossier_id)).select_related("added_by", "looked_at_by")
    for one in rows.order_by("pk"):
        by_code[one.criterion.code].append(one)
    return by_code


def evidence_for(dossier_id: int, code: str) -> list[Evidence]:
    """The evidence for one criterion with its documents, in no order. One query."""
    return list(with_files(Evidence.objects.filter(dossier=dossier_id, criterion__code=code)))


def standing(
    asking: Asking,
    stage: Stage,
    figures: Spoken | None,
    found: Mapping[Stage, StageFinding],
    evidence: Sequence[Evidence],
) -> Standing:
    """One criterion at the stage of its dossier. `figures` are null where nobody asks what they say."""
    before = [one for earlier, one in found.items() if earlier < stage]
    own = found.get(stage)
    # A document that was refused proves nothing.
    there = [one for one in evidence if one.state != Evidence.State.REFUSED]
    return Standing(
        asking,
        stage,
        figures=figures.outcome if figures is not None and figures.is_final else None,
        own=_found(own) if own else None,
        before=_found(before[-1]) if before else None,
        proof=proof_by(asking, ((paper_of(one), one.state == Evidence.State.ACCEPTED) for one in there)),
        is_pending=any(one.state == Evidence.State.PENDING for one in there),
    )


def need_of(
    one: Standing,
    found: Mapping[Stage, StageFinding],
    evidence: Sequence[Evidence],
    sent_back_at: datetime | None,
    today: date,
) -> Need | None:
    """What a criterion lacks first, of which that and these stand; `sent_back_at` where it was by itself."""
    need = next(needs(one, today), None)
    if need is None and sent_back_at is not None and _is_untouched(found, evidence, sent_back_at):
        return Need.DO_AGAIN
    return need


def _is_untouched(
    found: Mapping[Stage, StageFinding], evidence: Sequence[Evidence], sent_back_at: datetime
) -> bool:
    """Has nobody of the unit done anything about it since it was sent back? Figures do by themselves."""
    own = found.get(Stage.SELF)
    touched = [one.added_at for one in evidence]
    if own is not None:
        if own.is_measured:
            return False
        touched.append(own.at)
    return all(at <= sent_back_at for at in touched)


def is_touched(found: Iterable[StageFinding], evidence: Iterable[Evidence], since: datetime) -> bool:
    """Has somebody answered anything since, or added a document?"""
    return any(one.at > since for one in found) or any(one.added_at > since for one in evidence)


def _found(one: StageFinding) -> Found:
    return Found(Outcome(one.outcome), one.is_measured, one.version, one.about)
