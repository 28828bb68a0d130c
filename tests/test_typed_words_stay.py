"""What is written into a form is never lost: refused, or sent after the session has ended, it stands there.

Every form in which one writes, of every page, by the roles that are offered most, as a browser without
script sends it. A new one is walked by itself; `WRITTEN` says which must be met: none is left out unseen.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import resolve

from kieumau.accounts.models import User
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import NOW
from kieumau.returns.models import Return
from kieumau.rounds.actions import say, submit
from kieumau.rounds.models import Dossier, Round
from kieumau.rounds.rules import Stage
from kieumau.rounds.saying import Said
from tests.doors_open import OpenDoors
from tests.doors_scene import AT
from tests.forms import Form, forms_of

PLAIN = "application/x-www-form-urlencoded"
# A remark of two lines, in one's own words.
TYPED = "Đã họp dân hai lần,\r\nbiên bản <ở> phường"
LINE = TYPED.partition("\r\n")[2]
SHOWN = "biên bản &lt;ở&gt; phường"
# A form with files of somebody who is not signed in is not read (ADR 45).
WITH_FILES = {"document_new", "dossier_evidence_new"}
# Where something is written, by name of the page that the form goes to.
WRITTEN = {
    "assignment_act",
    "assignment_edit",
    "assignment_new",
    "assignment_report",
    "days_off",
    "directive_edit",
    "directive_new",
    "document_edit",
    "document_new",
    "dossier_assign",
    "dossier_criterion",
    "dossier_evidence",
    "dossier_evidence_new",
    "dossier_move",
    "dossier_vote",
    "draft_criterion",
    "draft_criterion_new",
    "draft_head",
    "draft_new",
    "draft_yaml",
    "members_choose",
    "new_act",
    "programme_edit",
    "programme_new",
    "programme_row",
    "programme_row_new",
    "recheck",
    "recheck_draw",
    "return_decide",
    "return_entry",
    "return_explain",
    "role_end",
    "roles",
    "round_cancel",
    "round_close",
    "round_extend",
    "round_new",
    "round_teams",
    "title_earlier",
    "title_put_right",
    "title_withdraw",
    "tokens",
    "undo_act",
    "unit_invitations",
    "visit_assign",
    "visit_edit",
    "visit_new",
}


def key_of(form: Form) -> tuple[str, str]:
    """The page it goes to by name, and what its button does."""
    done = dict(form.buttons[:1]).get("do", "")
    return str(resolve(urlsplit(form.address).path).view_name), done


@pytest.mark.slow
class TypedWords(OpenDoors):
    """Everybody's forms in the ward that has something of everything."""

    def forms(self) -> Iterator[tuple[User, str, Form]]:
        """Each form with an area, once, with somebody who is offered it and the page that it stands on.

        What is worked on is looked at before and after it has moved on.
        """
        seen: set[tuple[str, str]] = set()
        roles = ("officer", "verifier")  # who may do everything is of no unit's side
        people = [User.objects.create_superuser("moi-quyen"), *(self.people[role] for role in roles)]
        yield from self.offered(people, "", seen)
        self.move_on()
        yield from self.offered(people[:1], ("round", "dossier", "return"), seen)
        yield from self.offered([self.people["verifier"]], ("dossier",), seen)

    def move_on(self) -> None:
        """The dossier is with its verifiers, the return with its office, and one more round is prepared."""
        dossier, officer = Dossier.objects.get(pk=self.parts["dossier_id"]), self.people["officer"]
        for code, outcome in (("1.1", Outcome.MET), ("1.2", Outcome.NOT_MET)):
            said = Said(outcome)
            say(dossier.pk, criterion=code, stage=Stage.SELF, said=said, seen=None, actor=officer, now=NOW)
        submit(dossier.pk, actor=officer, now=NOW)
        sent = {"state": "submitted", "submitted_at": NOW, "submitted_by": officer}
        Return.objects.filter(pk=self.parts["return_id"]).update(**sent)
        of = Round.objects.values("criteria_set_id", "period_id", "area_id", "stages").get(
            pk=dossier.round_id
        )
        preparing = Round.objects.create(
            **of, name="Đợt sau", state="preparing", made_at=NOW, made_by="tests"
        )
        self.parts[AT]["round_cancel"] = {"round_id": preparing.pk}

    def offered(
        self, people: Sequence[User], names: str | tuple[str, ...], seen: set[tuple[str, str]]
    ) -> Iterator[tuple[User, str, Form]]:
        for user in people:
            client = self.client_of(user)
            for name, parts in self.walked():
                if not name.startswith(names):
                    continue
                _, html = self.got(client, address := self.address(name, parts))
                for form in forms_of(html, address):
                    if (form.areas or form.lines) and key_of(form) not in seen:
                        seen.add(key_of(form))
                        yield user, address, form

    def test_no_form_loses_what_was_written(self) -> None:
        found, lost = set(), []
        for user, page, form in self.forms():
            name, done = key_of(form)
            found.add(name)
            if form.files or name in WITH_FILES:
                continue
            # What a form with an area loses in it, it would lose in a line as well.
            for area in dict.fromkeys(form.areas or form.lines[:1]):
                typed = {**form.data(), area: [TYPED if form.areas else LINE]}
                for said, answer in self.sent(user, page, form.address, typed):
                    if answer.status_code != 302 and SHOWN not in answer.content.decode():
                        lost.append(f"{name} {done} {area}: {said}, {answer.status_code}")
                    elif said != "signed in" and answer.status_code == 302:
                        lost.append(f"{name} {done} {area}: {said}, sent away")
        assert not lost, "\n".join(lost)
        assert found >= WRITTEN, sorted(WRITTEN - found)

    def sent(self, user: User, page: str, address: str, typed: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        """What is answered after the session has ended, in the one of before, and in the new one."""
        browser = Client(enforce_csrf_checks=True, headers={"Referer": f"http://testserver{page}"})
        token = str(browser.get("/dang-nhap/").context["csrf_token"])
        for said in ("signed out", "of before", "signed in"):
            if said == "of before":
                browser.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[1])
            body = urlencode(
                {**typed, "csrfmiddlewaretoken": token if said != "of before" else "x"}, doseq=True
            )
            with transaction.atomic():
                answer = browser.post(address, body, content_type=PLAIN)
                if said == "of before" and answer.context is not None:
                    token = str(answer.context["csrf_token"])
                transaction.set_rollback(True)
            yield said, answer
