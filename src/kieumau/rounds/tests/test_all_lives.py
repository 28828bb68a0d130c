"""Any life of a dossier: people of all sides do what they like, when they like. What must hold, holds.

Lives begin at every stage. However one went, people who come new to it can still bring it to a decision, by
doing what its page says is lacking. `KIEUMAU_LIVES` says how many lives (make lives); a few of them are among
the tests.
"""

import os
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from kieumau.accounts.models import User
from kieumau.assessments.rules import Outcome
from kieumau.assessments.tests.cast import load_world
from kieumau.assessments.verbs import ASSESS_UNIT
from kieumau.audit.models import Entry
from kieumau.documents.verbs import SEAL
from kieumau.kernel.messages import Refused
from kieumau.rounds import actions, rules
from kieumau.rounds.dossier_page import page_of
from kieumau.rounds.freezing import digest
from kieumau.rounds.lacking import Need
from kieumau.rounds.models import Dossier, Evidence, Extension, Hand, Move, StageDeadline, StageFinding, Vote
from kieumau.rounds.rules import SIDE_OF, Act, Place, Side, Stage, State
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, TODAY, open_round, resolution

LIVES = int(os.environ.get("KIEUMAU_LIVES", "10"))
STEPS = 16
PEOPLE = ("hoa", "lan", "minh", "quang", "tú", "vy")
NEWCOMERS = {Side.UNIT: "an", Side.VERIFIERS: "bình", Side.APPRAISERS: "chi"}
# Where lives begin.
PLACES = {
    "with the unit": (Stage.SELF, State.OPEN),
    "verification": (Stage.VERIFICATION, State.OPEN),
    "sent back": (Stage.SELF, State.SENT_BACK),
    "appraisal": (Stage.APPRAISAL, State.OPEN),
    "concluded": (Stage.APPRAISAL, State.CONCLUDED),
}
BEGINNINGS = tuple(PLACES)
CODES = ("1.1", "1.2", "2.1")
SAYINGS = [
    Said(Outcome.MET),
    Said(Outcome.MET, remark="đã xem"),
    Said(Outcome.NOT_MET, remark="chưa đạt"),
    Said(Outcome.NOT_APPLICABLE, remark="không có"),
    Said(Outcome.NOT_DUE),
]
persons, codes = st.sampled_from(PEOPLE), st.sampled_from(CODES)
sayings = st.sampled_from(SAYINGS)
BESIDE = (SEAL.code, ASSESS_UNIT.code)  # logged along with a submission
reasons = st.sampled_from(["Cần nêu rõ", "Thiếu", " "])


class Life(RuleBasedStateMachine):
    """One dossier of a round with three stages; every rule is a real action by somebody at some time."""

    dossier_id: int
    documents: list[Any]
    people: dict[str, User]
    begins: str
    acts: Counter[Act]  # over all lives

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.now: datetime = NOW
        self.done = 0  # acts that changed something, each of which must be in the log
        self.logged_before = len(self.logged())

    def teardown(self) -> None:
        """Newcomers bring it to its end; then everything is taken back."""
        try:
            self.newcomers_end_it()
        finally:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

    @initialize(days=st.integers(0, 12), ago=st.integers(0, 12))
    def begin(self, days: int, ago: int) -> None:
        """Deadlines lie close together, so that lives run over them; the due day of 1.2 lies a week back."""
        self.now = NOW - timedelta(days=ago)
        for stage, due in ((Stage.SELF, days), (Stage.VERIFICATION, days + 5), (Stage.APPRAISAL, days + 9)):
            StageDeadline.objects.filter(round=self.dossier.round_id, stage=stage).update(
                due_on=TODAY + timedelta(days=due)
            )
        self.lead(BEGINNINGS.index(self.begins))

    def lead(self, acts: int) -> None:
        """Through the first of the acts that lead from the beginning to the decision, as it goes well."""
        for act in ("submit", "send_back", "submit", "conclude", "conclude")[: acts + (acts > 2)]:
            if act == "submit":
                self.find_met("hoa", Stage.SELF)
                self.add_evidence("hoa", "1.1", 0)
                self.submit("hoa")
            elif act == "send_back":
                self.send_back("minh", "Thiếu", {"1.2"}, None)
            elif self.dossier.stage == Stage.VERIFICATION:
                self.look_at_evidence("minh", 0, is_accepted=True, reason=" ")
                self.find_met("minh", Stage.VERIFICATION)
                self.conclude("minh")
            else:
                self.find_met("quang", Stage.APPRAISAL)
                self.conclude("quang")
        place = (self.dossier.stage, self.dossier.state)
        assert place == PLACES[self.begins]

    def find_met(self, who: str, stage: Stage) -> None:
        for code in ("1.1", "1.2"):
            self.say(who, code, Said(Outcome.MET), stage, old=False)

    def newcomers_end_it(self) -> None:
        """They do what the page says is lacking, find everything not met, refuse every document."""
        for _ in range(2 * len(Stage)):
            one = self.dossier
            if one.state == State.DECIDED:
                return
            who = self.people[NEWCOMERS[SIDE_OF[Stage(one.stage)]]]
            told: dict[str, Any] = {"actor": who, "now": self.now}
            if one.state == State.CONCLUDED:
                chi = self.people[NEWCOMERS[Side.APPRAISERS]]
                actions.decide(one.pk, is_met=False, decision="1/QĐ", why="Chưa đạt", actor=chi, now=self.now)
                continue
            if not self.is_in_time():
                due_on = (self.now + timedelta(days=60)).date()
                more: dict[str, Any] = {"stage": Stage(one.stage), "due_on": due_on, "reason": "Bão"}
                actions.extend(one.round, area_id=one.round.area_id, **more, **told)
            self.do_what_is_lacking(told)
            end = actions.submit if SIDE_OF[Stage(one.stage)] is Side.UNIT else actions.conclude
            end(one.pk, **told)
        assert self.dossier.state == State.DECIDED

    def do_what_is_lacking(self, told: dict[str, Any]) -> None:
        one = self.dossier
        for line in page_of(one, self.now).lacking:
            if line.need is Need.DO_AGAIN:
                continue
            code, there = line.criterion.code, line.found.get(Stage(one.stage))
            said = Said(Outcome.NOT_MET, remark="Không có")
            seen = there.version if there else None
            actions.say(one.pk, criterion=code, stage=Stage(one.stage), said=said, seen=seen, **told)
        if SIDE_OF[Stage(one.stage)] is not Side.UNIT:
            for proof in Evidence.objects.filter(dossier=one, state="pending").order_by("pk"):
                actions.look_at_evidence(proof, is_accepted=False, reason="Không rõ", **told)

    @property
    def dossier(self) -> Dossier:
        return Dossier.objects.get(pk=self.dossier_id)

    @property
    def last_day(self) -> date | None:
        """Worked out without the product: the latest of deadline, extensions and the day given back to."""
        one = self.dossier
        days = [*StageDeadline.objects.filter(round=one.round_id, stage=one.stage)]
        found = [row.due_on for row in days]
        extended = Extension.objects.filter(round=one.round_id, stage=one.stage)
        found += [row.due_on for row in extended if one.path.startswith(row.path)]
        if one.state == State.SENT_BACK and one.due_until:
            found.append(one.due_until)
        return max(found, default=None)

    def is_in_time(self) -> bool:
        last = self.last_day
        return last is None or (self.now + timedelta(hours=7)).date() <= last

    def logged(self) -> list[str]:
        """The verbs of the log, in its order."""
        return list(Entry.objects.exclude(verb__in=BESIDE).order_by("pk").values_list("verb", flat=True))

    def attempt(self, act: Callable[[], Any]) -> Any:
        """What came of it; None where it was refused in words. Every other failure is a fault."""
        try:
            with transaction.atomic():
                return act()
        except Refused:
            return None

    @rule(hours=st.integers(1, 60))
    def time_goes_by(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(
        who=persons,
        code=codes,
        said=st.sampled_from(SAYINGS),
        stage=st.sampled_from(Stage),
        old=st.booleans(),
    )
    def say(self, who: str, code: str, said: Said, stage: Stage, old: bool) -> None:
        """Mostly at the stage it is in, sometimes over what is there, sometimes over an older version."""
        before = self.dossier
        stage = Stage(before.stage) if stage is not Stage.APPRAISAL else stage
        there = StageFinding.objects.filter(dossier=before, stage=stage, criterion__code=code).first()
        seen = there.version - (1 if old else 0) if there else None
        saved = self.attempt(
            lambda: actions.say(
                before.pk,
                criterion=code,
                stage=stage,
                said=said,
                seen=seen,
                actor=self.people[who],
                now=self.now,
            )
        )
        if saved is None:
            return
        assert before.stage == stage
        assert before.state in {State.OPEN, State.SENT_BACK}
        assert self.is_in_time()
        assert (saved.outcome, saved.remark) == (said.outcome, said.remark)
        self.done += there is None or saved.version > there.version

    @rule(who=persons)
    def submit(self, who: str) -> None:
        self.move(Act.SUBMIT, lambda: actions.submit(self.dossier_id, actor=self.people[who], now=self.now))

    @rule(who=persons)
    def conclude(self, who: str) -> None:
        self.move(
            Act.CONCLUDE, lambda: actions.conclude(self.dossier_id, actor=self.people[who], now=self.now)
        )

    @rule(who=persons, reason=reasons, some=st.sets(codes, max_size=2), days=st.none() | st.integers(-1, 9))
    def send_back(self, who: str, reason: str, some: set[str], days: int | None) -> None:
        until = None if days is None else (self.now + timedelta(hours=7, days=days)).date()
        self.move(
            Act.SEND_BACK,
            lambda: actions.send_back(
                self.dossier_id,
                actor=self.people[who],
                now=self.now,
                reason=reason,
                criteria=some,
                due_until=until,
            ),
        )

    @rule(who=persons, is_met=st.booleans(), why=reasons)
    def decide(self, who: str, is_met: bool, why: str) -> None:
        self.move(
            Act.DECIDE,
            lambda: actions.decide(
                self.dossier_id,
                is_met=is_met,
                decision="12/QĐ-BCA",
                why=why,
                actor=self.people[who],
                now=self.now,
            ),
        )

    def move(self, act: Act, do: Callable[[], Any]) -> None:
        before, in_time = self.dossier, self.is_in_time()
        if self.attempt(do) is None:
            assert self.dossier.version == before.version
            return
        place = Place(Stage(before.stage), State(before.state))
        assert act in rules.allowed(place)
        assert in_time or act in {Act.SEND_BACK, Act.DECIDE}
        self.done += 1
        self.acts[act] += 1

    @rule(who=persons, code=codes, number=st.integers(0, 2))
    def add_evidence(self, who: str, code: str, number: int) -> None:
        document = self.documents[number]
        there = Evidence.objects.filter(
            dossier=self.dossier_id, criterion__code=code, document=document
        ).exists()
        added = self.attempt(
            lambda: actions.add_evidence(
                self.dossier_id, criterion=code, document=document, actor=self.people[who], now=self.now
            )
        )
        if added is not None:
            assert SIDE_OF[Stage(self.dossier.stage)] is Side.UNIT
            assert self.is_in_time()
            self.done += not there

    @rule(who=persons, number=st.integers(0, 3))
    def remove_evidence(self, who: str, number: int) -> None:
        for one in Evidence.objects.filter(dossier=self.dossier_id).order_by("pk")[number : number + 1]:
            self.attempt(lambda: actions.remove_evidence(one, actor=self.people[who], now=self.now))  # noqa: B023
            self.done += not Evidence.objects.filter(pk=one.pk).exists()

    @rule(who=persons, number=st.integers(0, 3), is_accepted=st.booleans(), reason=reasons)
    def look_at_evidence(self, who: str, number: int, is_accepted: bool, reason: str) -> None:
        for one in Evidence.objects.filter(dossier=self.dossier_id).order_by("pk")[number : number + 1]:
            before = one.version
            looked = self.attempt(
                lambda: actions.look_at_evidence(
                    one,  # noqa: B023
                    is_accepted=is_accepted,
                    reason=reason,
                    actor=self.people[who],
                    now=self.now,
                )
            )
            if looked is not None:
                assert SIDE_OF[Stage(self.dossier.stage)] is not Side.UNIT
                assert self.is_in_time()
                self.done += looked.version > before  # whoever says what stands already changes nothing

    @rule(who=persons, in_favor=st.integers(0, 6), against=st.integers(0, 6))
    def vote(self, who: str, in_favor: int, against: int) -> None:
        count = Vote.objects.filter(dossier=self.dossier_id).count()
        self.attempt(
            lambda: actions.record_vote(
                self.dossier_id,
                council="Hội đồng",
                held_on=TODAY,
                count=actions.Count(7, in_favor, against),
                minutes=None,
                actor=self.people[who],
                now=self.now,
            )
        )
        self.done += Vote.objects.filter(dossier=self.dossier_id).count() - count

    @rule(days=st.integers(-2, 20), stage=st.sampled_from([Stage.SELF, Stage.VERIFICATION]))
    def extend(self, days: int, stage: Stage) -> None:
        one = self.dossier
        extended = self.attempt(
            lambda: actions.extend(
                one.round,
                stage=stage,
                area_id=one.round.area_id,
                due_on=(self.now + timedelta(hours=7, days=days)).date(),
                reason="Bão",
                actor=self.people["quang"],
                now=self.now,
            )
        )
        self.done += extended is not None

    @invariant()
    def the_moves_replay_to_the_place(self) -> None:
        one = self.dossier
        stages = [Stage(stage) for stage in one.round.stages]
        place = rules.first(stages)
        for number, move in enumerate(Move.objects.filter(dossier=one).order_by("number"), start=1):
            assert move.number == number
            place = rules.after(place, Act(move.act), stages)
            assert (move.stage, move.state) == (place.stage, place.state)
        assert (one.stage, one.state) == (place.stage, place.state)

    @invariant()
    def nobody_is_on_two_sides(self) -> None:
        sides = dict(Hand.objects.filter(dossier=self.dossier_id).values_list("person_id", "side"))
        assert len(sides) == Hand.objects.filter(dossier=self.dossier_id).count()
        for found in StageFinding.objects.filter(dossier=self.dossier_id, person__isnull=False):
            assert sides[found.person_id or 0] == SIDE_OF[Stage(found.stage)]
        for proof in Evidence.objects.filter(dossier=self.dossier_id):
            assert sides[proof.added_by_id] == Side.UNIT
            assert proof.looked_at_by_id is None or sides[proof.looked_at_by_id] != Side.UNIT

    @invariant()
    def every_change_is_in_the_log(self) -> None:
        mine = self.logged()[self.logged_before :]
        assert len(mine) == self.done, mine

    @invariant()
    def what_was_submitted_is_as_it_was(self) -> None:
        one = self.dossier
        if one.stage > Stage.SELF:
            assert one.frozen is not None
        if one.frozen is not None:
            assert one.frozen_sha256 == digest(one.frozen)

    @invariant()
    def what_was_concluded_met_has_its_proof(self) -> None:
        """After each stage of verifiers and appraisers that has ended, until it is worked on anew."""
        one = self.dossier
        ended = [Stage(move.stage) for move in Move.objects.filter(dossier=one, act=Act.CONCLUDE)]
        if not ended or one.stage < Stage.VERIFICATION:
            return
        is_over = one.state in {State.CONCLUDED, State.DECIDED}
        last = one.stage if is_over else one.stage - 1
        met = StageFinding.objects.filter(dossier=one, stage=last, criterion__code="1.1", outcome=Outcome.MET)
        accepted = Evidence.objects.filter(
            dossier=one,
            criterion__code="1.1",
            state="accepted",
            document__kind="resolution",
            document__issued_on__range=(date(2026, 1, 1), date(2026, 3, 31)),
        )
        if met.exists() and last > Stage.SELF and (is_over or not self.was_looked_at_since(last)):
            assert accepted.exists()

    def was_looked_at_since(self, stage: int) -> bool:
        """Did somebody of a later stage judge evidence anew?"""
        proofs = Evidence.objects.filter(dossier=self.dossier_id, looked_at_by__isnull=False)
        sides = dict(Hand.objects.filter(dossier=self.dossier_id).values_list("person_id", "side"))
        return any(sides.get(one.looked_at_by_id or 0, 0) > SIDE_OF[Stage(stage)] for one in proofs)

    @invariant()
    def nothing_is_not_due_after_its_due_day(self) -> None:
        """A finding was put down on a day on which that could be said; none moved on with it later."""
        one = self.dossier
        due = {"1.1": date(2026, 3, 31)}
        last_day = one.round.period.ends_before - timedelta(days=1)
        moves = list(Move.objects.filter(dossier=one).order_by("number"))
        moved = moves[-1] if moves else None
        back = moves[-2].criteria if moved and moved.act == Act.SUBMIT and len(moves) > 1 else []
        for found in StageFinding.objects.filter(dossier=one, outcome=Outcome.NOT_DUE):
            day = due.get(found.criterion.code, last_day)
            assert (found.at + timedelta(hours=7)).date() < day
            if back and found.criterion.code not in back:
                continue  # the unit could not change it: who verifies is asked
            if moved is not None and moved.act != Act.SEND_BACK and found.stage == one.stage - 1:
                assert (moved.at + timedelta(hours=7)).date() < day


@pytest.mark.slow
@pytest.mark.django_db
def test_any_life_of_a_dossier() -> None:
    world = load_world()
    everybody = (*PEOPLE, *NEWCOMERS.values())
    Life.people = {name: User.objects.create_user(name) for name in everybody}
    Life.acts = Counter()
    Life.dossier_id = Dossier.objects.get(round=open_round(world), unit=world.unit("Cái Khế")).pk
    unit_id = world.unit("Cái Khế")
    Life.documents = [
        resolution(unit_id),
        resolution(unit_id, issued_on=date(2026, 5, 3)),
        resolution(unit_id, kind="plan"),
    ]
    for begins in BEGINNINGS:
        Life.begins = begins
        run_state_machine_as_test(
            Life,
            settings=settings(
                max_examples=max(2, LIVES // len(BEGINNINGS)),  # the first of them is always a short one
                stateful_step_count=STEPS if LIVES < 50 else 4 * STEPS,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                database=None,
            ),
        )
    assert set(Act) - {Act.DECIDE} <= set(Life.acts)
    if LIVES >= 50:
        assert Act.DECIDE in Life.acts
