"""Which decisions must say why, as a table; then by the real actions."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kieumau.assessments.rules import Outcome
from kieumau.rounds.deciding import Against, Ballot, against, latest, unexplained

VERDICT, VOTE = Against.VERDICT, Against.VOTE
MET, NOT_MET, NOT_DUE, NO_DATA = Outcome.MET, Outcome.NOT_MET, Outcome.NOT_DUE, Outcome.NO_DATA
DAY = date(2026, 11, 2)


def ballot(members: int, in_favor: int, opposed: int, council: str = "Bộ", days: int = 0) -> Ballot:
    return Ballot(council, DAY + timedelta(days=days), members, in_favor, opposed)


FOR, NONE = [ballot(9, 8, 1)], list[Ballot]()
TABLE = [
    # the set's own rule, councils, recognized?, what the decision goes against
    (MET, NONE, True, []),
    (NOT_MET, NONE, False, []),
    (NOT_MET, NONE, True, [VERDICT]),
    (NOT_DUE, NONE, True, [VERDICT]),
    (NO_DATA, NONE, True, [VERDICT]),
    (MET, NONE, False, [VERDICT]),
    (NOT_DUE, NONE, False, []),
    (MET, FOR, True, []),
    (MET, FOR, False, [VERDICT, VOTE]),
    (NOT_MET, FOR, True, [VERDICT]),
    (NOT_MET, FOR, False, [VOTE]),
    # How a council votes: more than half of those present.
    (MET, [ballot(9, 4, 5)], True, [VOTE]),
    (MET, [ballot(9, 5, 4)], True, []),
    (MET, [ballot(8, 4, 4)], True, [VOTE]),  # a draw carries nothing
    (MET, [ballot(9, 4, 1)], True, [VOTE]),  # four of nine, though only one was against
    (NOT_MET, [ballot(9, 4, 5)], False, []),
    # Of each council its last vote counts, of several councils each.
    (MET, [ballot(9, 2, 7), ballot(9, 9, 0, days=5)], True, []),
    (MET, [ballot(9, 9, 0, days=5), ballot(9, 2, 7)], True, []),
    (MET, [ballot(9, 9, 0), ballot(9, 2, 7, days=5)], True, [VOTE]),
    (MET, [ballot(9, 9, 0, "Tỉnh"), ballot(9, 2, 7, "Bộ")], True, [VOTE]),
    (NOT_MET, [ballot(9, 9, 0, "Tỉnh"), ballot(9, 2, 7, "Bộ")], False, [VOTE]),
    # A council is the same however its name is typed.
    (MET, [ballot(9, 2, 7, "Hội đồng Bộ"), ballot(9, 9, 0, "HỘI ĐỒNG  BỘ", 5)], True, []),
    (MET, [ballot(9, 2, 7, "Hội đồng Bộ"), ballot(9, 9, 0, "Hoi dong bo", 5)], True, []),
]


@pytest.mark.parametrize(("verdict", "ballots", "is_met", "found"), TABLE)
def test_what_a_decision_goes_against(
    verdict: Outcome, ballots: list[Ballot], is_met: bool, found: list[Against]
) -> None:
    assert against(is_met=is_met, verdict=verdict, ballots=ballots) == found
    refused = [problem.code for problem in unexplained(found, is_met=is_met, why=" ")]
    assert refused == [f"against-{one}" for one in found]
    assert unexplained(found, is_met=is_met, why="Đã khắc phục") == []


BALLOTS = st.lists(
    st.builds(
        ballot,
        st.integers(1, 20),
        st.integers(0, 20),
        st.integers(0, 20),
        st.sampled_from(["Tỉnh", "Bộ"]),
        st.integers(0, 9),
    ),
    max_size=6,
)


@given(st.sampled_from(list(Outcome)), BALLOTS)
def test_one_of_the_two_decisions_goes_against_the_verdict_and_every_council(
    verdict: Outcome, ballots: list[Ballot]
) -> None:
    given_, refused = (against(is_met=one, verdict=verdict, ballots=ballots) for one in (True, False))
    assert (VERDICT in given_) is not (VERDICT in refused)
    carried = {one.is_carried for one in latest(ballots)}
    assert (VOTE in given_) is (False in carried)
    assert (VOTE in refused) is (True in carried)
