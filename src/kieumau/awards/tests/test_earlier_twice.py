"""Two put down the same title of before at once: the second is told that it is there."""

from datetime import date

import pytest
from django.db import transaction

from kieumau.audit.tests.meanwhile import PATIENCE, elsewhere, until_waiting
from kieumau.awards.actions import Recognition, record_earlier
from kieumau.awards.models import Title
from kieumau.awards.rules import Decision
from kieumau.kernel.messages import Refused, Text
from kieumau.programmes.tests.cast import NOW, load_country

pytestmark = pytest.mark.django_db(transaction=True)

NAME = Text(vi="Xã 3 không", en="Commune of three noes")


def put_down(unit_id: int) -> str:
    decision, said = Decision("9/QĐ", date(2024, 12, 1), "UBND"), Recognition(date(2024, 12, 1))
    try:
        record_earlier(unit_id, NAME, decision, said, programme=None, actor="tests", now=NOW)
    except Refused as refused:
        return refused.problems[0].code
    return "made"


def test_a_title_is_put_down_once() -> None:
    unit_id = load_country()["31149"]
    with transaction.atomic():
        assert put_down(unit_id) == "made"
        second = elsewhere(lambda: put_down(unit_id))
        until_waiting(second)
    assert second.result(PATIENCE) == "recorded-before"
    assert Title.objects.count() == 1
