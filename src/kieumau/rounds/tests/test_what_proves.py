"""A document without a file, or about another time, proves nothing: when submitted, and when found."""

from datetime import date

import pytest

from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.rounds.actions import add_evidence, look_at_evidence, say, submit
from kieumau.rounds.dossier_page import page_of
from kieumau.rounds.failures import NotAllowed, NotComplete
from kieumau.rounds.lacking import Need
from kieumau.rounds.models import Dossier
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, People, open_round, resolution

MET = Said(Outcome.MET)
S, V = Stage.SELF, Stage.VERIFICATION
YEAR, LAST_YEAR = (date(2026, 1, 1), date(2026, 12, 31)), (date(2025, 1, 1), date(2025, 11, 15))

# Criterion 1.1 asks for a resolution of the first quarter of 2026.
TABLE = [
    # dated, what it proves, has it a file?, what is said of it (nothing: it proves the criterion)
    (date(2026, 2, 10), None, True, ""),
    (date(2026, 2, 10), YEAR, True, ""),
    (date(2026, 2, 10), None, False, "05-NQ/ĐU: no file to look at yet."),
    (date(2026, 2, 10), LAST_YEAR, True, "05-NQ/ĐU: proves a time outside the period assessed."),
    (date(2026, 5, 5), YEAR, True, "05-NQ/ĐU: not dated within the time asked for."),
]


@pytest.fixture
def dossier(world: Cast) -> Dossier:
    """That of Cái Khế, whose unit has named nothing yet."""
    return Dossier.objects.get(round=open_round(world, stages=(S, V)), unit=world.unit("Cái Khế"))


@pytest.mark.parametrize(("issued_on", "proves", "has_file", "said"), TABLE)
def test_what_the_unit_submits(
    dossier: Dossier,
    cast: People,
    issued_on: date,
    proves: tuple[date, date] | None,
    has_file: bool,
    said: str,
) -> None:
    document = resolution(dossier.unit_id, issued_on, has_file=has_file, proves=proves)
    add_evidence(dossier.pk, criterion="1.1", document=document, actor=cast.officer, now=NOW)
    for code in ("1.1", "1.2"):
        say(dossier.pk, criterion=code, stage=S, said=MET, seen=None, actor=cast.officer, now=NOW)
    line = page_of(Dossier.objects.get(pk=dossier.pk), NOW).line("1.1")
    assert line is not None
    assert line.need is (Need.DOCUMENT if said else None)
    if not said:
        submit(dossier.pk, actor=cast.officer, now=NOW)
        return
    with pytest.raises(NotComplete) as refused:
        submit(dossier.pk, actor=cast.officer, now=NOW)
    [problem] = refused.value.problems
    assert problem.code == "no-document"
    assert problem.hint is not None
    assert problem.hint.en == said


def test_what_was_accepted_and_has_no_file_is_no_ground_to_find_it_met(
    dossier: Dossier, cast: People
) -> None:
    """Submitted as not met; a verifier who accepts the paper and would find it met is told what lacks."""
    document = resolution(dossier.unit_id, has_file=False)
    evidence = add_evidence(dossier.pk, criterion="1.1", document=document, actor=cast.officer, now=NOW)
    for code, outcome in (("1.1", Outcome.NOT_MET), ("1.2", Outcome.MET)):
        said = Said(outcome)
        say(dossier.pk, criterion=code, stage=S, said=said, seen=None, actor=cast.officer, now=NOW)
    submit(dossier.pk, actor=cast.officer, now=NOW)
    look_at_evidence(evidence, is_accepted=True, reason="", actor=cast.verifier, now=NOW)
    found = Said(Outcome.MET, remark="Đã thấy bản giấy")
    with pytest.raises(NotAllowed) as refused:
        say(dossier.pk, criterion="1.1", stage=V, said=found, seen=None, actor=cast.verifier, now=NOW)
    [problem] = refused.value.problems
    assert (problem.code, problem.hint and problem.hint.vi) == (
        "nothing-accepted",
        "05-NQ/ĐU: chưa có tệp nào để xem.",
    )
