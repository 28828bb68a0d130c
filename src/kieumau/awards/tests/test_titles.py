"""Recognized, renewed, withdrawn, held by a predecessor, restated beneath: by the real actions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from kieumau.accounts.acting import acting
from kieumau.accounts.tests.test_row_security import serving
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import Cast
from kieumau.audit.models import Entry
from kieumau.awards import queries
from kieumau.awards.actions import AlreadyWithdrawn, Recognition, decline, recognize, record_earlier, withdraw
from kieumau.awards.models import Title
from kieumau.awards.rules import Decision, Ground, Standing
from kieumau.awards.tests.cast import DECISION, appraise, verified_in_programme
from kieumau.calendars.library import calendar
from kieumau.formulas.values import State
from kieumau.indicators.actions import open_source, record_figures
from kieumau.indicators.models import Indicator
from kieumau.kernel.messages import Refused, Text
from kieumau.rounds.failures import NotAllowed, OtherSide, SeenBefore
from kieumau.rounds.freezing import fingerprint
from kieumau.rounds.models import Dossier, Round, StageFinding
from kieumau.rounds.restating import Since, since
from kieumau.rounds.tests.cast import NOW, TODAY, People, resolution

FROM = Recognition(starts_on=date(2026, 11, 20), certificate="CN-01")


@pytest.fixture
def dossier(world: Cast, cast: People) -> Dossier:
    """That of Cái Khế, through all stages of a round of a programme; the appraisers found all of it met."""
    return appraise(verified_in_programme(world, cast), cast, Outcome.MET)


def given(dossier: Dossier, cast: People) -> Title:
    return recognize(dossier, DECISION, FROM, actor=cast.appraiser, now=NOW)


def test_recognizing_keeps_the_fingerprint_and_lasts_as_the_programme_says(
    dossier: Dossier, cast: People
) -> None:
    title = given(dossier, cast)
    title.refresh_from_db()
    assert (title.valid.lower, title.valid.upper) == (date(2026, 11, 20), date(2027, 11, 20))
    assert title.dossier_sha256 == fingerprint(dossier.pk)
    assert title.name_vi == "Công an phường kiểu mẫu"
    assert list(queries.held(TODAY)) == [title]
    with pytest.raises(NotAllowed):
        given(dossier, cast)


def test_who_verified_does_not_recognize(dossier: Dossier, cast: People) -> None:
    with pytest.raises(OtherSide):
        recognize(dossier, DECISION, FROM, actor=cast.verifier, now=NOW)
    assert not Title.objects.exists()


def test_declining_needs_a_reason_and_ends_the_dossier(dossier: Dossier, cast: People) -> None:
    with pytest.raises(Refused, match="Say why"):
        decline(dossier, DECISION, reason=" ", actor=cast.appraiser, now=NOW)
    assert decline(dossier, DECISION, reason="Có vụ án", actor=cast.appraiser, now=NOW).state == "decided"
    assert not Title.objects.exists()
    kept = dossier.moves.get(act="decide").sha256
    assert kept == fingerprint(dossier.pk)
    assert (Entry.objects.get(verb="awards.decline").new or {})["sha256"] == kept


def test_a_decision_is_put_down_over_the_dossier_that_was_seen(dossier: Dossier, cast: People) -> None:
    for decides in (
        lambda seen: recognize(dossier, DECISION, FROM, actor=cast.appraiser, now=NOW, seen=seen),
        lambda seen: decline(dossier, DECISION, reason="x", actor=cast.appraiser, now=NOW, seen=seen),
    ):
        with pytest.raises(SeenBefore):
            decides(dossier.version - 1)
    assert not Title.objects.exists()


def test_the_file_of_a_decision_is_of_the_unit_or_of_those_above(
    dossier: Dossier, cast: People, world: Cast
) -> None:
    elsewhere = replace(FROM, document=resolution(world.unit("An Bình")))
    with pytest.raises(Refused) as caught:
        recognize(dossier, DECISION, elsewhere, actor=cast.appraiser, now=NOW)
    assert [problem.code for problem in caught.value.problems] == ["another-shelf"]
    own = replace(FROM, document=resolution(world.unit("Việt Nam")))
    title = recognize(dossier, DECISION, own, actor=cast.appraiser, now=NOW)
    taken = Decision("15/QĐ-BCA", date(2026, 11, 22), "Bộ Công an")
    with pytest.raises(Refused, match="another unit"):
        withdraw(
            title.pk,
            taken,
            ground=Ground.FALSE_DECLARATION,
            reason="Khai sai",
            actor=cast.appraiser,
            now=NOW,
            document=elsewhere.document,
        )


def test_the_document_of_a_refusal_and_of_a_withdrawal_is_sealed(dossier: Dossier, cast: People) -> None:
    other = Dossier.objects.exclude(pk=dossier.pk).get(round=dossier.round)
    refused, taken = resolution(other.unit_id), resolution(dossier.unit_id)
    title = given(dossier, cast)
    decision = Decision("15/QĐ-BCA", date(2026, 11, 22), "Bộ Công an")
    said: dict[str, Any] = {"reason": "Khai sai", "actor": cast.appraiser, "now": NOW, "document": taken}
    withdraw(title.pk, decision, ground=Ground.FALSE_DECLARATION, **said)
    with pytest.raises(NotAllowed):  # not through its stages: nothing is sealed either
        decline(other, DECISION, **said | {"document": refused})
    for one, is_sealed in ((taken, True), (refused, False)):
        one.refresh_from_db()
        assert (one.sealed_at is not None) is is_sealed


def test_a_refusal_keeps_its_document(dossier: Dossier, cast: People) -> None:
    paper = resolution(dossier.unit_id)
    decline(dossier, DECISION, reason="Có vụ án", document=paper, actor=cast.appraiser, now=NOW)
    paper.refresh_from_db()
    assert paper.sealed_by == cast.appraiser.username
    assert (Entry.objects.get(verb="awards.decline").new or {})["document"] == paper.pk


OUTSIDE = [
    ({"kinds": ["xa"]}, "not-of-the-programme"),
    ({"level": 2}, "not-of-the-programme"),
    ({"area": "Hồ Chí Minh"}, "outside-the-programme"),
]


@pytest.mark.parametrize(("changes", "code"), OUTSIDE)
def test_a_title_is_for_units_of_its_programme(
    dossier: Dossier, cast: People, world: Cast, changes: dict[str, Any], code: str
) -> None:
    programme = dossier.round.programme
    assert programme is not None
    for field, value in changes.items():
        setattr(programme, *(("area_id", world.unit(value)) if field == "area" else (field, value)))
    earlier = Recognition(starts_on=date(2026, 1, 1))
    decision = Decision("9/QĐ", date(2026, 1, 1), "Bộ")
    with pytest.raises(Refused) as caught:
        recognize(dossier, DECISION, FROM, actor=cast.appraiser, now=NOW)
    name = Text(vi="Danh hiệu", en="Title")
    with pytest.raises(Refused) as before:
        record_earlier(dossier.unit_id, name, decision, earlier, programme=programme, actor="tests", now=NOW)
    for refused in (caught, before):
        assert [problem.code for problem in refused.value.problems] == [code]


WRONG = [
    (Decision("", date(2026, 11, 20), "Bộ Công an"), "no-decision"),
    (Decision("12/QĐ-BCA", date(2026, 11, 23), "Bộ Công an"), "decided-in-the-future"),
]


@pytest.mark.parametrize(("decision", "code"), WRONG)
def test_what_is_no_decision(dossier: Dossier, cast: People, decision: Decision, code: str) -> None:
    with pytest.raises(Refused) as caught:
        recognize(dossier, decision, FROM, actor=cast.appraiser, now=NOW)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_withdrawing(dossier: Dossier, cast: People) -> None:
    title = given(dossier, cast)
    taken = Decision("15/QĐ-BCA", date(2026, 11, 22), "Bộ Công an")
    args: dict[str, Any] = {
        "ground": Ground.FALSE_DECLARATION,
        "reason": "Khai sai số liệu",
        "actor": cast.appraiser,
        "now": NOW,
    }
    with pytest.raises(Refused, match="before it was recognized"):
        withdraw(title.pk, Decision("1", date(2026, 11, 1), "Bộ"), **args)
    withdraw(title.pk, taken, **args)
    with pytest.raises(AlreadyWithdrawn):
        withdraw(title.pk, taken, **args)
    (held,) = queries.of_unit(title.unit_id, TODAY)
    assert held.standing is Standing.WITHDRAWN
    assert not queries.held(TODAY).exists()


def test_what_was_decided_stays(dossier: Dossier, cast: People) -> None:
    title = given(dossier, cast)
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        Title.objects.filter(pk=title.pk).update(reference="khác")
    with pytest.raises(IntegrityError, match="not in that stage"), transaction.atomic():
        StageFinding.objects.filter(dossier=dossier).update(outcome=2)


def test_a_title_of_a_predecessor_is_shown_beside_the_unit(world: Cast, cast: People) -> None:
    """An Hòa held a title until it was merged into Cái Khế on 1 July 2025."""
    earlier = Recognition(starts_on=date(2024, 12, 1))
    decision = Decision("9/QĐ-UBND", date(2024, 12, 1), "UBND TP Cần Thơ")
    name = Text(vi="Xã 3 không", en="Commune of three noes")
    title = record_earlier(
        world.before["An Hòa"], name, decision, earlier, programme=None, actor="tests", now=NOW
    )
    (held,) = queries.of_unit(world.unit("Cái Khế"), TODAY)
    assert (held.title, held.by) == (title, Text(vi="Phường An Hòa", en="An Hòa Ward"))
    assert held.standing is Standing.EXPIRED


# A title put down from its decision alone, beside the dossier of a round opened on 22 November 2026.
BESIDE = [
    # decided, of which programme, called, the state of round and dossier: is it refused?
    (TODAY, "own", "Công an phường kiểu mẫu", ("open", "concluded"), True),
    (TODAY, "own", "Tên khác", ("open", "concluded"), True),
    (TODAY, "", "công an phường kiểu mẫu ", ("open", "concluded"), True),  # without saying of which programme
    (TODAY, "own", "Công an phường kiểu mẫu", ("open", "open"), True),
    (TODAY, "own", "Công an phường kiểu mẫu", ("open", "declined"), True),
    (TODAY, "own", "Công an phường kiểu mẫu", ("closed", "concluded"), True),
    (TODAY, "own", "Công an phường kiểu mẫu", ("closed", "open"), False),  # can be decided no more
    (TODAY, "", "Xã 3 không", ("open", "concluded"), False),
    (date(2026, 1, 1), "own", "Công an phường kiểu mẫu", ("open", "concluded"), False),  # before the round
]


@pytest.mark.parametrize(("decided", "whose", "called", "states", "is_refused"), BESIDE)
def test_no_title_of_before_goes_round_a_dossier(
    dossier: Dossier,
    cast: People,
    decided: date,
    whose: str,
    called: str,
    states: tuple[str, str],
    is_refused: bool,
) -> None:
    programme = dossier.round.programme if whose else None
    if states[1] == "declined":
        decline(dossier, DECISION, reason="Có vụ án", actor=cast.appraiser, now=NOW)
    Round.objects.filter(pk=dossier.round_id).update(state=states[0])
    unit_id = dossier.unit_id
    if states[1] == "open":
        unit_id = Dossier.objects.exclude(pk=dossier.pk).get(round=dossier.round).unit_id
    said = Recognition(starts_on=decided)
    decision = Decision("9/QĐ", decided, "Bộ Công an")
    name = Text(vi=called, en="Title")
    with acting(None), serving():  # whoever asks, and sees no dossier
        try:
            record_earlier(unit_id, name, decision, said, programme=programme, actor="tests", now=NOW)
        except Refused as refused:
            codes = [problem.code for problem in refused.problems]
        else:
            codes = []
    assert codes == (["has-a-dossier"] if is_refused else [])


def test_figures_restated_since_are_told(
    dossier: Dossier, cast: People, grant: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 22, 9, tzinfo=UTC))
    title = given(dossier, cast)
    assert since(dossier) == Since()
    month = calendar("nd09").window("2026-11")
    crime = Indicator.objects.get(code="areas.recognised")
    source = open_source(name="Đính chính", recorded_at=NOW)
    periods = calendar("nd09").period_ids(month)
    figure = (periods[0], dossier.unit_id, crime.pk, State.VALUE, Decimal(3))
    record_figures([figure], source=source)
    dossier.refresh_from_db()
    changed = since(dossier).figures
    assert {one.operand.indicator for one in changed} <= {"areas.recognised"}
    there, stranger = reverse("title", args=[title.pk]), Client()
    stranger.cookies["django_language"] = "en"
    text = stranger.get(there).content.decode()
    assert title.reference in text
    value = "<code>areas.recognised"
    assert "1 figure was restated" in text
    assert value not in text  # what the commune reported is for who may read the dossier
    reader = Client()
    grant(cast.appraiser, "programme_office")
    reader.force_login(cast.appraiser)
    assert value in reader.get(there).content.decode()


def test_a_stranger_sees_what_a_title_rests_on(dossier: Dossier, cast: People) -> None:
    """The dossier is not for him; that there is one, and its fingerprint, are."""
    title = given(dossier, cast)
    for page in ("title_certificate", "title"):
        stranger = Client()
        stranger.cookies["django_language"] = "en"
        with acting(None), serving():
            assert not Dossier.objects.exists()
            text = stranger.get(reverse(page, args=[title.pk])).content.decode()
        assert title.dossier_sha256 in text, page
        assert "recorded from before" not in text, page


LISTED = [("", 1), ("in_force", 1), ("withdrawn", 0), ("expired", 0), ("to_come", 0), ("renewal_due", 0)]


@pytest.mark.parametrize(("standing", "count"), LISTED)
def test_the_register_is_public(
    dossier: Dossier, cast: People, standing: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 22, 9, tzinfo=UTC))
    given(dossier, cast)
    answer = Client().get(reverse("titles"), {"tinh-trang": standing, "tim": "cái khế"})
    assert answer.status_code == 200
    assert len(answer.context["rows"]) == count


def test_who_may_record_a_decision(
    dossier: Dossier, cast: People, grant: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 22, 9, tzinfo=UTC))
    grant(cast.appraiser, "programme_office")
    grant(cast.verifier, "verifier")
    address = reverse("dossier_decision", args=[dossier.pk])
    client = Client()
    client.force_login(cast.verifier)
    assert client.get(address).status_code == 404
    client.force_login(cast.appraiser)
    assert address in client.get(reverse("dossier", args=[dossier.pk])).content.decode()
    assert client.get(address).status_code == 200
    typed = {"reference": "12/QĐ-BCA", "decided_on": "2026-11-22", "issuer": "Bộ Công an"}
    assert f'name="version" value="{dossier.version}"' in client.get(address).content.decode()
    typed["step"] = "record"
    late = client.post(address, {**typed, "starts_on": "2026-11-20", "do": "recognize", "version": 1})
    assert late.status_code == 422
    assert client.post(address, typed).status_code == 422
    answer = client.post(address, {**typed, "starts_on": "2026-11-20", "do": "recognize"})
    title = Title.objects.get()
    assert answer["location"] == reverse("title", args=[title.pk])
    assert client.get(answer["location"]).status_code == 200
    offered = client.get(reverse("dossier", args=[dossier.pk])).content.decode()
    assert answer["location"] in offered
