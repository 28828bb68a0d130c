"""Where a dossier stands and what may be done to it, as a table."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kieumau.rounds.rules import Act, Place, Stage, State, after, allowed, first, refusals

B, S, V, A = Stage.BASELINE, Stage.SELF, Stage.VERIFICATION, Stage.APPRAISAL
ALL = (S, V, A)

TABLE = [
    # stages of the round, where it stands, what is done, where it stands then
    ((B, S, V, A), (B, State.OPEN), Act.SUBMIT, (S, State.OPEN)),
    (ALL, (S, State.OPEN), Act.SUBMIT, (V, State.OPEN)),
    (ALL, (V, State.OPEN), Act.SEND_BACK, (S, State.SENT_BACK)),
    (ALL, (S, State.SENT_BACK), Act.SUBMIT, (V, State.OPEN)),
    (ALL, (V, State.OPEN), Act.CONCLUDE, (A, State.OPEN)),
    (ALL, (A, State.OPEN), Act.SEND_BACK, (S, State.SENT_BACK)),
    (ALL, (A, State.OPEN), Act.CONCLUDE, (A, State.CONCLUDED)),
    (ALL, (A, State.CONCLUDED), Act.SEND_BACK, (S, State.SENT_BACK)),
    (ALL, (A, State.CONCLUDED), Act.DECIDE, (A, State.DECIDED)),
    ((S, V), (V, State.OPEN), Act.CONCLUDE, (V, State.CONCLUDED)),
    ((S, A), (S, State.OPEN), Act.SUBMIT, (A, State.OPEN)),
    ((S,), (S, State.OPEN), Act.SUBMIT, (S, State.CONCLUDED)),
]


@pytest.mark.parametrize(("stages", "at", "act", "then"), TABLE)
def test_where_an_act_leads(
    stages: tuple[Stage, ...], at: tuple[Stage, State], act: Act, then: tuple[Stage, State]
) -> None:
    assert after(Place(*at), act, stages) == Place(*then)


NEVER = [
    ((S, State.OPEN), Act.CONCLUDE),
    ((S, State.OPEN), Act.SEND_BACK),
    ((S, State.OPEN), Act.DECIDE),
    ((V, State.OPEN), Act.SUBMIT),
    ((V, State.OPEN), Act.DECIDE),
    ((A, State.DECIDED), Act.SEND_BACK),
    ((A, State.DECIDED), Act.DECIDE),
]


@pytest.mark.parametrize(("at", "act"), NEVER)
def test_what_is_never_done(at: tuple[Stage, State], act: Act) -> None:
    assert [problem.code for problem in refusals(Place(*at), act, reason="x")] == [
        f"cannot-{act.value.replace('_', '-')}"
    ]
    with pytest.raises(ValueError, match="not possible"):
        after(Place(*at), act, ALL)


def test_a_dossier_begins_with_the_first_stage() -> None:
    assert first((V, S, B)) == Place(B, State.OPEN)
    assert first((A, S)) == Place(S, State.OPEN)


def test_sending_back_needs_a_reason_and_submitting_is_done_in_time() -> None:
    assert [one.code for one in refusals(Place(V, State.OPEN), Act.SEND_BACK, reason=" ")] == ["no-reason"]
    late = refusals(Place(S, State.OPEN), Act.SUBMIT, is_in_time=False)
    assert [one.code for one in late] == ["past-the-deadline"]
    assert not list(refusals(Place(V, State.OPEN), Act.SEND_BACK, reason="thiếu", is_in_time=False))


@given(st.sets(st.sampled_from([B, V, A])), st.lists(st.sampled_from(list(Act)), max_size=30))
def test_every_way_through_stays_within_the_stages(others: set[Stage], acts: list[Act]) -> None:
    stages = (*sorted(others), S)
    place = first(stages)
    for act in acts:
        if act in allowed(place):
            place = after(place, act, stages)
        assert place.stage in stages
        assert place.state is not State.SENT_BACK or place.stage is S
        assert allowed(place) or place.state is State.DECIDED


def test_every_place_but_the_last_has_an_act() -> None:
    places = [Place(stage, state) for stage, state in product(Stage, State)]
    assert {place.state for place in places if not allowed(place)} == {State.DECIDED}
