"""Whatever is done with an assignment, in any order: no illegal state, nothing lost, no own work closed."""

from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kieumau.assignments import actions
from kieumau.assignments.models import Assignment, DueChange, Report, Turn
from kieumau.assignments.rules import NEXT, OVER, Act, State, act_of_report
from kieumau.assignments.tests.conftest import NOW, Cast, given, people
from kieumau.audit.models import Entry
from kieumau.kernel.messages import Refused
from kieumau.kernel.tests.examples import examples

WHO = st.sampled_from(["officer", "office", "second"])
DAYS = st.integers(min_value=0, max_value=30)


class Life(RuleBasedStateMachine):
    """One assignment and three people; what is done is compared with the table."""

    cast: Cast
    one: Assignment

    @initialize()
    def start(self) -> None:
        self.one = given(self.cast)
        self.state, self.acts, self.reporters = State.GIVEN, [Act.GIVE], set[str]()
        self.asked = False

    def tries(self, act: Act, do: Any, *, may: bool = True) -> bool:
        """Does it, and holds what came of it against the table."""
        expected = (self.state, act) in NEXT and may
        try:
            do()
        except Refused:
            assert not expected, (self.state, act)
            return False
        assert expected, (self.state, act)
        self.state = NEXT[self.state, act]
        self.acts.append(act)
        return True

    def said(self, who: str) -> dict[str, Any]:
        return {"actor": getattr(self.cast, who), "now": NOW}

    @rule(who=WHO, percent=st.sampled_from([0, 50, 100]))
    def report(self, who: str, percent: int) -> None:
        act = act_of_report(percent)
        if self.tries(
            act, lambda: actions.report(self.one.pk, text="Đã làm", percent=percent, **self.said(who))
        ):
            self.reporters.add(who)

    @rule(who=WHO, reason=st.sampled_from(["", "Thiếu"]))
    def send_back(self, who: str, reason: str) -> None:
        def do() -> None:
            actions.send_back(self.one.pk, reason=reason, **self.said(who))

        self.tries(Act.SEND_BACK, do, may=bool(reason))

    @rule(who=WHO)
    def close(self, who: str) -> None:
        def do() -> None:
            actions.close(self.one.pk, **self.said(who))

        self.tries(Act.CLOSE, do, may=who not in self.reporters)

    @rule(who=WHO, is_sure=st.integers(0, 4))
    def withdraw(self, who: str, is_sure: int) -> None:
        def do() -> None:
            actions.withdraw(self.one.pk, reason="" if is_sure else "Nhầm", **self.said(who))

        self.tries(Act.WITHDRAW, do, may=not is_sure)

    @rule(who=WHO, days=DAYS)
    def ask(self, who: str, days: int) -> None:
        due_on = Assignment.objects.get(pk=self.one.pk).due_on + timedelta(days=days)

        def do() -> None:
            actions.ask(self.one.pk, due_on=due_on, reason="Chờ", **self.said(who))

        if self.tries(Act.ASK, do, may=days > 0 and not self.asked):
            self.asked = True

    @rule(who=WHO, days=DAYS)
    def grant(self, who: str, days: int) -> None:
        due_on = Assignment.objects.get(pk=self.one.pk).due_on + timedelta(days=days)

        def do() -> None:
            actions.grant(self.one.pk, due_on=due_on, reason="Được", **self.said(who))

        if self.tries(Act.GRANT, do, may=days > 0):
            self.asked = False

    @rule(who=WHO)
    def refuse(self, who: str) -> None:
        def do() -> None:
            actions.refuse_time(self.one.pk, reason="Không", **self.said(who))

        if self.tries(Act.REFUSE, do, may=self.asked):
            self.asked = False

    @rule(who=WHO, behind=st.integers(0, 2))
    def change(self, who: str, behind: int) -> None:
        seen = len(self.acts) - behind

        def do() -> None:
            actions.change(self.one.pk, text="Khác", partners=(), seen=seen, **self.said(who))

        self.tries(Act.CHANGE, do, may=behind == 0)

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "acts"):
            return
        found = Assignment.objects.get(pk=self.one.pk)
        turns = Turn.objects.filter(assignment=found).order_by("version")
        assert (found.state, found.version) == (self.state.value, len(self.acts))
        assert [turn.act for turn in turns] == [act.value for act in self.acts]
        log = Entry.objects.filter(object_kind="assignment", object_id=str(found.pk))
        assert log.count() == len(self.acts)
        count = sum(act in {Act.REPORT, Act.PROGRESS} for act in self.acts)
        assert Report.objects.filter(assignment=found).count() == count
        due = sum(act in {Act.ASK, Act.GRANT, Act.REFUSE} for act in self.acts)
        assert DueChange.objects.filter(assignment=found).count() == due
        assert bool(self.state in OVER) or found.closed_by is None
        if found.closed_by is not None:
            assert found.closed_by.username not in {
                getattr(self.cast, one).username for one in self.reporters
            }


class TestAnyOrder(TestCase):
    """Run over one set of people; each life is a new assignment."""

    @classmethod
    def setUpTestData(cls) -> None:
        Life.cast = people()

    def test_any_order(self) -> None:
        run_state_machine_as_test(
            Life, settings=settings(max_examples=examples(12), stateful_step_count=14, deadline=None)
        )
