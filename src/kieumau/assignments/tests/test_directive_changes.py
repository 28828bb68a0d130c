"""A directive that was put down wrongly is put right; nothing is lost, and the log tells what stood."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.assignments.actions import DirectiveFacts, change_directive, record_directive
from kieumau.assignments.failures import ChangedMeanwhile
from kieumau.assignments.models import Directive
from kieumau.assignments.tests.conftest import NOW, TODAY, Cast
from kieumau.audit.models import Entry
from kieumau.kernel.messages import Refused

# What is said otherwise of a directive, and the parts that the log then tells of.
OTHERWISE: list[tuple[str, Any, list[str]]] = [
    ("title", "Giao ban tháng 11", ["title"]),
    ("text", "Hoàn thành trước ngày 15/12", ["text"]),
    ("reference", "15/TB-UBND", ["reference"]),
    ("issued_on", TODAY.replace(day=20), ["issued_on"]),
    ("programme", "model-wards", ["programme"]),
]
# Role, where, is offered the form, may open it.
WHO = [
    ("programme_office", "Cần Thơ", True, 200),
    ("programme_office", "Việt Nam", True, 200),
    ("programme_office", "Đà Nẵng", False, 403),
    ("officer", "An Bình", False, 403),
    ("administrator", "Việt Nam", False, 404),
]


@pytest.fixture
def facts(cast: Cast) -> DirectiveFacts:
    """What a conference in Cần Thơ concluded."""
    return DirectiveFacts(
        source=Directive.Source.CONFERENCE,
        issuer_id=cast.units["Cần Thơ"],
        issued_on=TODAY,
        title="Giao ban",
        text="Hoàn thành trước tháng 12",
    )


@pytest.fixture
def directive(cast: Cast, facts: DirectiveFacts) -> Directive:
    """The same, put down."""
    return record_directive(facts, actor=cast.office, now=NOW)


@pytest.mark.parametrize(("part", "value", "parts"), OTHERWISE)
def test_what_is_put_right_leaves_a_trace(
    directive: Directive, cast: Cast, facts: DirectiveFacts, part: str, value: Any, parts: list[str]
) -> None:
    changed = change_directive(
        directive.pk, replace(facts, **{part: value}), seen=1, actor=cast.office, now=NOW
    )
    assert (getattr(changed, part), changed.version) == (value, 2)
    entry = Entry.objects.get(verb="assignments.change_directive")
    assert (sorted(entry.old or ()), sorted(entry.new or ())) == (parts, parts)
    assert "Hoàn thành" not in str((entry.old, entry.new))


def test_who_issued_it_does_not_change(directive: Directive, cast: Cast, facts: DirectiveFacts) -> None:
    other = replace(facts, issuer_id=cast.units["Đà Nẵng"])
    with pytest.raises(Refused, match="issued it"):
        change_directive(directive.pk, other, seen=1, actor=cast.office, now=NOW)


def test_two_at_once(directive: Directive, cast: Cast, facts: DirectiveFacts) -> None:
    change_directive(directive.pk, replace(facts, title="Một"), seen=1, actor=cast.office, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        change_directive(directive.pk, replace(facts, title="Hai"), seen=1, actor=cast.office, now=NOW)


@pytest.mark.parametrize(("role", "unit", "is_offered", "status"), WHO)
def test_who_puts_it_right(
    directive: Directive, cast: Cast, role: str, unit: str, is_offered: bool, status: int
) -> None:
    person = User.objects.create_user("chi")
    grant(person, role, cast.units[unit])
    client = Client()
    client.force_login(person)
    form = reverse("directive_edit", args=[directive.pk])
    html = client.get(reverse("directive", args=[directive.pk])).content.decode()
    assert (f'href="{form}"' in html) is is_offered
    assert client.get(form).status_code == status
    assert client.post(form, {"title": "x"}).status_code == (422 if status == 200 else status)


def test_the_second_sees_both_and_chooses(directive: Directive, cast: Cast, facts: DirectiveFacts) -> None:
    client = Client()
    client.force_login(cast.office)
    form = reverse("directive_edit", args=[directive.pk])
    typed = client.get(form).context["form"].initial | {"title": "Của người thứ hai", "document": ""}
    change_directive(directive.pk, replace(facts, title="Của người thứ nhất"), seen=1, actor="an", now=NOW)
    answer = client.post(form, typed)
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Của người thứ nhất" in html
    assert "Của người thứ hai" in html
    again = client.post(form, {**typed, "seen": answer.context["form"].data["seen"]})
    assert again.status_code == 302
    directive.refresh_from_db()
    assert (directive.title, directive.version) == ("Của người thứ hai", 3)
