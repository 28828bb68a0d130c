"""Votes that were put down wrongly: corrected until the decision, with a reason; the old ones stay."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.assessments.tests.cast import Cast
from kieumau.audit.models import Entry
from kieumau.rounds.actions import Count, decide, record_vote, send_back, submit
from kieumau.rounds.failures import NotAllowed
from kieumau.rounds.freezing import fingerprint
from kieumau.rounds.models import Dossier, Vote
from kieumau.rounds.tests.cast import NOW, TODAY, People, open_round, people
from kieumau.rounds.tests.test_pages import page, signed_in
from kieumau.rounds.tests.test_waiting import through
from kieumau.rounds.weighing import shown_by


@pytest.fixture
def cast(kept_judged: Cast, grant: Callable[..., Any]) -> People:
    made = people()
    grant(made.appraiser, "programme_office")
    return made


@pytest.fixture
def dossier(kept_judged: Cast, cast: People) -> Dossier:
    """Through all stages."""
    found = Dossier.objects.get(round=open_round(kept_judged), unit=kept_judged.unit("Cái Khế"))
    through(found, cast)
    return Dossier.objects.select_related("round__period", "round__criteria_set").get(pk=found.pk)


def voted(dossier: Dossier, who: User, council: str = "Hội đồng Bộ", in_favor: int = 2, **more: Any) -> Vote:
    said: dict[str, Any] = {"held_on": TODAY, "count": Count(9, in_favor, 0), "minutes": None, **more}
    return record_vote(dossier.pk, council=council, actor=who, now=NOW, **said)


SAME = ["Hội đồng Bộ", "hội đồng bộ", " HỘI  ĐỒNG BỘ ", "Hoi dong Bo", "Hô\u0323i đồng Bộ"]


@pytest.mark.parametrize("council", SAME)
def test_a_council_votes_once_a_day_however_it_is_typed(dossier: Dossier, cast: People, council: str) -> None:
    voted(dossier, cast.appraiser)
    with pytest.raises(NotAllowed) as caught:
        voted(dossier, cast.appraiser, council)
    assert [one.code for one in caught.value.problems] == ["voted-before"]


def test_what_is_corrected_counts_no_more_and_stays(dossier: Dossier, cast: People) -> None:
    old = voted(dossier, cast.appraiser)
    before = fingerprint(dossier.pk)
    new = voted(dossier, cast.appraiser, in_favor=9, corrects=old.pk, reason="Ghi nhầm cột")
    assert [one.in_favor for one in shown_by(dossier, NOW).ballots] == [9]
    assert set(Vote.objects.values_list("pk", "corrects")) == {(old.pk, None), (new.pk, old.pk)}
    assert fingerprint(dossier.pk) != before
    entry = Entry.objects.get(verb="rounds.correct_vote")
    assert (entry.why, (entry.old or {})["in_favor"], (entry.new or {})["in_favor"]) == ("Ghi nhầm cột", 2, 9)


REFUSED = [
    # which vote is corrected, why, what is wrong with that
    ("standing", " ", ["no-reason"]),
    ("corrected", "Ghi nhầm", ["no-standing-vote"]),
    ("another's", "Ghi nhầm", ["no-standing-vote"]),
]


@pytest.mark.parametrize(("which", "reason", "codes"), REFUSED)
def test_what_is_no_correction(
    dossier: Dossier, cast: People, which: str, reason: str, codes: list[str]
) -> None:
    old = voted(dossier, cast.appraiser)
    new = voted(dossier, cast.appraiser, corrects=old.pk, reason="Ghi nhầm")
    pk = {"standing": new.pk, "corrected": old.pk, "another's": new.pk + 1000}[which]
    with pytest.raises(NotAllowed) as caught:
        voted(dossier, cast.appraiser, corrects=pk, reason=reason)
    assert [one.code for one in caught.value.problems] == codes


def test_nothing_is_corrected_once_it_is_decided(dossier: Dossier, cast: People) -> None:
    old = voted(dossier, cast.appraiser)
    decide(dossier.pk, is_met=False, decision="12/QĐ-BCA", actor=cast.appraiser, now=NOW)
    with pytest.raises(NotAllowed) as caught:
        voted(dossier, cast.appraiser, corrects=old.pk, reason="Ghi nhầm")
    assert [one.code for one in caught.value.problems] == ["is-decided"]


def test_the_database_knows_one_vote_a_day_and_corrections_of_the_same_dossier(
    dossier: Dossier, cast: People, kept_judged: Cast
) -> None:
    old = voted(dossier, cast.appraiser)
    row: dict[str, Any] = {"dossier": dossier, "council": old.council, "held_on": TODAY, "members": 1}
    row |= {"in_favor": 1, "against": 0, "at": NOW, "by": "x"}
    with pytest.raises(IntegrityError, match="votes once a day"), transaction.atomic():
        Vote.objects.create(**row)
    with pytest.raises(IntegrityError, match="says_why"), transaction.atomic():
        Vote.objects.create(**row, corrects=old)
    other = Dossier.objects.get(round=dossier.round_id, unit=kept_judged.unit("An Bình"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.create(**{**row, "dossier": other}, corrects=old, reason="x")


def test_it_is_corrected_on_its_page_which_offers_the_councils_known(dossier: Dossier, cast: People) -> None:
    old = voted(dossier, cast.appraiser)
    address = reverse("dossier_vote", args=[dossier.pk]) + f"?sua={old.pk}"
    assert address in page(cast.appraiser, "dossier", dossier.pk).content.decode()
    client = signed_in(cast.appraiser)
    text = client.get(address).content.decode()
    assert '<option value="Hội đồng Bộ">' in text
    data = {"council": "Hội đồng Bộ", "held_on": TODAY.isoformat(), "members": "9", "in_favor": "9"}
    data |= {"against": "0"}
    assert client.post(address, data).status_code == 422
    assert client.post(address, {**data, "reason": "Ghi nhầm cột"}).status_code == 302
    text = page(cast.appraiser, "dossier", dossier.pk).content.decode()
    assert "Ghi nhầm cột" in text
    assert "Does not count: it was corrected." in text
    assert client.get(address).status_code == 404


AGAIN = [
    # days after which it came again, then after which the council met, of how many votes is counted
    (0, None, []),
    (0, 0, [3]),
    (2, 1, []),  # put down late: it met before the dossier came again
    (2, 2, [3]),
]


@pytest.mark.parametrize(("came", "met", "counted"), AGAIN)
def test_a_vote_on_an_earlier_version_counts_no_more(
    dossier: Dossier, cast: People, came: int, met: int | None, counted: list[int]
) -> None:
    """The council carried it; it was sent back, changed and came again."""
    old = voted(dossier, cast.appraiser, "Hội đồng tỉnh", in_favor=9)
    early, late = NOW + timedelta(days=came, hours=1), NOW + timedelta(days=came, hours=2)
    send_back(dossier.pk, actor=cast.appraiser, now=NOW, reason="Cần nêu rõ", due_until=TODAY + timedelta(9))
    submit(dossier.pk, actor=cast.officer, now=early)
    if met is not None:
        count, held_on = Count(9, 3, 0), TODAY + timedelta(days=met)
        more: dict[str, Any] = {"held_on": held_on, "count": count, "minutes": None}
        record_vote(dossier.pk, council="Hội đồng Bộ", actor=cast.appraiser, now=late, **more)
    found = Dossier.objects.select_related("round__period", "round__criteria_set").get(pk=dossier.pk)
    assert [one.in_favor for one in shown_by(found, late).ballots] == counted
    assert Vote.objects.filter(pk=old.pk).exists()
    assert "changed since" in page(cast.appraiser, "dossier", dossier.pk).content.decode()


# What is typed wrongly of a vote of nine people, and the field that is blamed.
AT_FIELDS = [
    ({"council": ""}, ["council"]),
    ({"in_favor": "8", "against": "3"}, ["in_favor"]),
    ({"held_on": "2026-11-30"}, ["held_on"]),
    ({"in_favor": "8", "against": "3", "held_on": "2026-11-30"}, ["held_on", "in_favor"]),
]


@pytest.mark.parametrize(("wrong", "fields"), AT_FIELDS)
def test_each_fault_is_said_at_its_field(
    dossier: Dossier, cast: People, wrong: dict[str, str], fields: list[str]
) -> None:
    typed = {
        "council": "Hội đồng Bộ",
        "held_on": "2026-11-22",
        "members": "9",
        "in_favor": "8",
        "against": "1",
    }
    answer = signed_in(cast.appraiser).post(reverse("dossier_vote", args=[dossier.pk]), {**typed, **wrong})
    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == fields
    for name in fields:
        assert f'<a href="#id_{name}">' in answer.content.decode()
    assert not Vote.objects.exists()


def test_only_shelves_that_are_open_to_him_are_offered(
    dossier: Dossier, cast: People, grant: Callable[..., Any]
) -> None:
    """The office adds at every unit below it; an appraiser nowhere, and is told who may."""
    mine = page(cast.appraiser, "dossier_vote", dossier.pk)
    assert next(unit for unit, _ in mine.context["adding"].shelves) == dossier.unit_id
    for unit, _ in mine.context["adding"].shelves:
        assert signed_in(cast.appraiser).get(reverse("document_new", args=[unit])).status_code == 200
    other = User.objects.create_user("phuc-tra")
    grant(other, "appraiser")
    seen = page(other, "dossier_vote", dossier.pk)
    assert seen.context["adding"].shelves == []
    assert "/van-ban/moi/" not in seen.content.decode()
    assert "these may: quang" in " ".join(seen.content.decode().split())
