"""What a dossier still lacks before it moves on: answers, documents, somebody who looked."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.db import connection

from kieumau.criteria.rules import CriterionDefinition
from kieumau.kernel.messages import Problem, Text
from kieumau.rounds.freezing import Spoken
from kieumau.rounds.holding import Held
from kieumau.rounds.lacking import Need, Standing, needs
from kieumau.rounds.proving import Asking
from kieumau.rounds.standing import evidence_of, findings_of, standing


def unanswered(held: Held, by_code: Mapping[str, Spoken], today: date) -> Iterator[tuple[str, Problem]]:
    """Criteria without an answer at the unit's stage, with one that is none any more, or without a document.

    What figures once said is no answer where they are silent now (`by_code`), nor is "not due" on the due
    day and after it. A document that was refused proves nothing. Where single criteria were sent back the
    unit is asked for these alone, as it may change no other: who verifies is asked about those (`unsettled`).
    """
    for one in _standings(held, by_code):
        if held.may_change(one.asking.criterion.code):
            yield from _problems(one, today)


def unsettled(held: Held, today: date) -> Iterator[tuple[str, Problem]]:
    """Criteria that the stage of verifiers or appraisers cannot end with.

    Nobody looked since it last changed, or at its evidence; found not due when it is; found met without an
    accepted document, whoever accepted or refused one meanwhile.
    """
    for one in _standings(held, {}):
        yield from _problems(one, today)


def _standings(held: Held, by_code: Mapping[str, Spoken]) -> Iterator[Standing]:
    """Every criterion, in the order of the set. Two queries."""
    found, evidence = findings_of(held.id), evidence_of(held.id)
    for criterion in held.definition.criteria:
        code = criterion.code
        asking = Asking(criterion, held.starts_on, held.ends_before)
        yield standing(asking, held.place.stage, by_code.get(code), found[code], evidence[code])


def _problems(one: Standing, today: date) -> Iterator[tuple[str, Problem]]:
    criterion = one.asking.criterion
    for need in needs(one, today):
        code, said, hint = _REFUSED[need]
        if need in {Need.DOCUMENT, Need.ACCEPTED}:
            hint = one.proof.hint or hint
        yield (
            criterion.code,
            Problem(code, _named(said, criterion), hint),
        )


def _named(said: Text, criterion: CriterionDefinition) -> Text:
    """What is said, with the number and the name of the criterion that it is said of."""
    code, name = criterion.code, criterion.title
    return Text(vi=f"{said.vi}: {code}. {name.vi}.", en=f"{said.en}: {code}. {name.en}.")


# By what is lacking: the code of the problem, what is said before the criterion's name, and a hint.
_REFUSED: Mapping[Need, tuple[str, Text, Text | None]] = {
    Need.ANSWER: ("not-answered", Text(vi="Chưa có kết quả", en="No result yet"), None),
    Need.DUE: (
        "is-due",
        Text(
            vi="Tiêu chí đã đến hạn, cần kết quả đạt hoặc chưa đạt",
            en="The criterion is due, find it met or not met",
        ),
        None,
    ),
    Need.DOCUMENT: (
        "no-document",
        Text(vi="Chưa có văn bản chứng minh được", en="No document that proves it"),
        Text(
            vi="Cần văn bản đúng loại, đúng thời gian, có tệp; văn bản không được chấp nhận thì không tính.",
            en="It needs the kind and time asked for, and a file; one that was not accepted does not count.",
        ),
    ),
    Need.LOOK: ("not-looked-at", Text(vi="Chưa xem xét", en="Not looked at"), None),
    Need.LOOK_AGAIN: (
        "changed-since",
        Text(vi="Đơn vị đã sửa sau khi bạn xem xét", en="The unit has changed it since you looked"),
        None,
    ),
    Need.EVIDENCE: (
        "evidence-pending",
        Text(vi="Còn minh chứng chưa xem xét", en="Evidence not judged yet"),
        None,
    ),
    Need.ACCEPTED: (
        "nothing-accepted",
        Text(
            vi="Kết luận đạt nhưng chưa có văn bản đủ điều kiện được chấp nhận",
            en="Found met, but no document that proves it has been accepted",
        ),
        None,
    ),
}


# Where figures spoke and nobody of this stage found otherwise, what they say stands.
_CONFIRM = """
    INSERT INTO dossier_finding AS f
        (dossier_id, stage, criterion_id, outcome, points, remark, is_measured, about, version, person_id, at)
    SELECT b.dossier_id, %(stage)s, b.criterion_id, b.outcome, b.points, '', true, b.version, 1, NULL, %(now)s
    FROM (
        SELECT DISTINCT ON (criterion_id) * FROM dossier_finding
        WHERE dossier_id = %(dossier)s AND stage < %(stage)s ORDER BY criterion_id, stage DESC
    ) b
    WHERE b.is_measured
    ON CONFLICT (dossier_id, stage, criterion_id) DO UPDATE
        SET outcome = excluded.outcome, points = excluded.points, about = excluded.about,
            version = f.version + 1, at = excluded.at
        WHERE f.is_measured AND f.about IS DISTINCT FROM excluded.about
"""


def confirm_figures(held: Held, now: datetime) -> None:
    """What figures said at the stage before stands at this one, where nobody found otherwise."""
    with connection.cursor() as cursor:
        cursor.execute(_CONFIRM, {"dossier": held.id, "stage": held.place.stage, "now": now})
