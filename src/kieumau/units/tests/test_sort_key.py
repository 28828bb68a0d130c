"""The order in Python and the order in the database are the same, for any text."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kieumau.kernel.tests.examples import examples
from kieumau.kernel.text import sort_key

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
letters = st.sampled_from(
    [*VIETNAMESE, *VIETNAMESE.upper(), *"0123456789 -'().,fjwz\u0301\u0323\u0302\u031b"]
)
anything = st.characters(min_codepoint=1, max_codepoint=0xFFFF, exclude_categories=["Cs", "Cn"])


@pytest.mark.django_db
@settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(names=st.lists(st.text(letters | anything, max_size=30), min_size=1, max_size=40))
def test_python_and_sql_make_the_same_key(names: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select kieumau_sort_key(name) from unnest(%s::text[]) with ordinality n (name, i) order by i",
            [names],
        )
        assert [key for (key,) in cursor.fetchall()] == [sort_key(name) for name in names]
        cursor.execute(
            'select name from unnest(%s::text[]) name order by kieumau_sort_key(name) collate "C"', [names]
        )
        ordered = [name for (name,) in cursor.fetchall()]
    assert [sort_key(name) for name in ordered] == sorted(sort_key(name) for name in names)
