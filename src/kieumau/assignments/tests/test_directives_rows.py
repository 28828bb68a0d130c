"""Directives bind everybody who works; who gives for their issuer puts them down and puts them right."""

import pytest
from django.db import Error, transaction

from kieumau.accounts.acting import acting
from kieumau.accounts.models import User
from kieumau.accounts.tests.granting import grant
from kieumau.accounts.tests.test_row_security import column, serving
from kieumau.assignments.actions import DirectiveFacts, record_directive
from kieumau.assignments.models import Directive
from kieumau.assignments.tests.conftest import NOW, Cast

# Role, where, reads it, puts right that of Cần Thơ and puts down another.
WHO = [
    ("officer", "An Bình", True, False),
    ("officer", "Hải Châu", True, False),
    ("auditor", "Việt Nam", True, False),
    ("programme_office", "Cần Thơ", True, True),
    ("programme_office", "Việt Nam", True, True),
    ("programme_office", "Đà Nẵng", True, False),
    ("administrator", "Việt Nam", False, False),
    ("open_data_editor", "Việt Nam", False, False),
]


def put_down(cast: Cast, actor: User) -> Directive:
    """A directive of Cần Thơ."""
    facts = DirectiveFacts(
        source=Directive.Source.CONFERENCE,
        issuer_id=cast.units["Cần Thơ"],
        issued_on=NOW.date(),
        title="Giao ban",
        text="Hoàn thành trước tháng 12",
    )
    return record_directive(facts, actor=actor, now=NOW)


@pytest.mark.parametrize(("role", "unit", "reads", "adds"), WHO)
def test_who_reads_and_writes_directives_past_the_doors(
    cast: Cast, role: str, unit: str, reads: bool, adds: bool
) -> None:
    put_down(cast, cast.office)
    user = User.objects.create_user("chi")
    grant(user, role, cast.units[unit])
    with acting(user), serving():
        assert Directive.objects.exists() is reads
        with pytest.raises(Error, match="permission denied"), transaction.atomic():
            column("DELETE FROM directive RETURNING id")
        assert bool(column("UPDATE directive SET title = 'x' RETURNING id")) is adds
        if adds:
            put_down(cast, user)
        else:
            with pytest.raises(Error, match="row-level security"), transaction.atomic():
                put_down(cast, user)
    with acting(None), serving():
        assert not Directive.objects.exists()
    assert Directive.objects.count() == 1 + adds
