"""Two editors, somebody who moves the dossier, and a deadline that may be extended: all at the same moment.

On real connections, in any order. Nothing typed is lost: it stands, or stood and is in the log, or came back
to whoever typed it. `KIEUMAU_INTERLEAVINGS` says how often (make interleavings); a few are among the tests.
"""

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from kieumau.accounts.models import User
from kieumau.assessments.rules import Outcome
from kieumau.audit.models import Entry
from kieumau.calendars.models import Period
from kieumau.criteria.actions import load_set
from kieumau.criteria.models import CriteriaSet, Criterion
from kieumau.kernel.messages import Refused
from kieumau.rounds import rules
from kieumau.rounds.actions import close, extend, say, send_back, submit
from kieumau.rounds.failures import NotAllowed, OtherSide, SaidMeanwhile
from kieumau.rounds.holding import hold
from kieumau.rounds.models import Dossier, Hand, Move, Round, StageDeadline, StageFinding
from kieumau.rounds.rules import Act, Side, Stage, State
from kieumau.rounds.saying import Said
from kieumau.rounds.tests.cast import NOW, TODAY
from kieumau.units.actions import load_rows
from kieumau.units.models import Position

COUNT = int(os.environ.get("KIEUMAU_INTERLEAVINGS", "30"))
LATE = NOW + timedelta(days=3)  # after the last day, within what is extended
SET = """
code: two
title: {vi: Hai tiêu chí, en: Two criteria}
summary: {vi: Để thử, en: For tests}
verification: unverified
effective: {from: 2020-01-01}
period: {calendar: civil, kind: year}
applies_to: {level: commune, kinds: [phuong]}
rule: {kind: all}
groups: [{code: all, title: {vi: Tất cả, en: All}}]
criteria:
  - {code: "1", group: all, kind: judged, title: {vi: Một, en: One}, question: {vi: Đạt?, en: Met?}}
  - {code: "2", group: all, kind: judged, title: {vi: Hai, en: Two}, question: {vi: Đạt?, en: Met?}}
"""


@dataclass(slots=True)
class Typed:
    """What somebody typed (`remark` tells it from all else), when, and what came of it."""

    remark: str
    is_late: bool
    saved: StageFinding | None = None
    theirs: StageFinding | None = None
    refused: tuple[str, ...] = ()


@dataclass(slots=True)
class Country:
    """A ward, a set of two criteria, people."""

    unit: Position
    period: Period
    criteria_set: CriteriaSet
    criteria: list[Criterion]
    people: dict[str, User]


@pytest.fixture
def country(transactional_db: None, tmp_path: Path) -> Country:
    rows = [("N", "Nước Mẫu", "quoc-gia", ""), ("P", "Tỉnh", "tinh", "N"), ("C", "An Hưng", "phuong", "P")]
    keys = ("code", "name", "kind", "parent")
    load_rows(
        [dict(zip(keys, row, strict=True)) | {"valid_from": "2020-01-01"} for row in rows],
        actor=None,
        register="m",
    )
    path = tmp_path / "two.yaml"
    path.write_text(SET, encoding="utf-8")
    made = load_set(path, actor="tests", now=NOW)
    names = ("hoa", "lan", "minh", "quang", "tú", "office")
    return Country(
        Position.objects.get(level=3),
        Period.objects.get(calendar__code="civil", kind="year", year=2026),
        made,
        list(made.criteria.order_by("code")),
        {name: User.objects.create_user(name) for name in names},
    )


@pytest.fixture
def together() -> Iterator[Callable[[list[Callable[[], Any]]], list[Any]]]:
    """Does several things at the same moment, each on a connection of its own."""
    pool = ThreadPoolExecutor(4)

    def run(works: list[Callable[[], Any]]) -> list[Any]:
        begin = threading.Barrier(len(works))

        def begun(work: Callable[[], Any]) -> Any:
            begin.wait(30)
            return work()

        return [one.result(60) for one in [pool.submit(begun, work) for work in works]]

    def close() -> None:
        connection.close()  # that of the thread

    yield run
    run([close] * 4)
    pool.shutdown()


def begun(country: Country, stage: Stage) -> Dossier:
    """A dossier at a stage, answered by Hoa, whose last day is today."""
    made = Round.objects.create(
        criteria_set=country.criteria_set,
        period=country.period,
        name="Đợt",
        area_id=country.unit.root_id,
        stages=[Stage.SELF, Stage.VERIFICATION],
        state=Round.State.OPEN,
        made_at=NOW,
        made_by="tests",
        opened_at=NOW,
    )
    StageDeadline.objects.bulk_create(
        StageDeadline(round=made, stage=one, due_on=TODAY) for one in (Stage.SELF, Stage.VERIFICATION)
    )
    one = Dossier.objects.create(
        round=made, unit_id=country.unit.unit_id, path=country.unit.path, stage=Stage.SELF
    )
    hoa = country.people["hoa"]
    Hand.objects.create(dossier=one, person=hoa, side=Side.UNIT)
    StageFinding.objects.bulk_create(
        StageFinding(
            dossier=one, stage=Stage.SELF, criterion=criterion, outcome=Outcome.MET, person=hoa, at=NOW
        )
        for criterion in country.criteria
    )
    if stage is Stage.VERIFICATION:
        submit(one.pk, actor=hoa, now=NOW)
    return Dossier.objects.get(pk=one.pk)


class Interleaving:
    """One meeting: who edits, who moves, who extends, and how long each thinks, by the number of the seed."""

    def __init__(self, country: Country, seed: int) -> None:
        self.chance = random.Random(seed)
        self.country = country
        self.stage = self.chance.choice([Stage.SELF, Stage.VERIFICATION])
        self.dossier = begun(country, self.stage)
        self.moved: list[Act] = []
        self.is_extended = self.chance.random() < 0.5
        self.pauses = [self.chance.random() * 0.006 for _ in range(40)]
        names = ("hoa", "lan") if self.stage is Stage.SELF else ("minh", "quang")
        first_version = 1 if self.stage is Stage.SELF else None
        self.editors = [(name, first_version, self.chance.choice(["1", "1", "2"])) for name in names]
        self.lates = [self.chance.random() < 0.4 for _ in range(6)]
        self.logged = Entry.objects.count()

    def works(self) -> list[Callable[[], Any]]:
        """What the four do."""
        return [partial(self.edit, 0), partial(self.edit, 1), self.move, self.extend]

    def edit(self, number: int) -> list[Typed]:
        """Three values one after the other, over what was seen last; a choice is made where there is one."""
        name, seen, code = self.editors[number]
        typed = []
        for turn in range(3):
            time.sleep(self.pauses[number * 10 + turn])
            one = Typed(f"{name} {turn}", self.lates[number * 3 + turn])
            try:
                one.saved = say(
                    self.dossier.pk,
                    criterion=code,
                    stage=self.stage,
                    said=Said(Outcome.NOT_MET, None, one.remark),
                    seen=seen,
                    actor=self.country.people[name],
                    now=LATE if one.is_late else NOW,
                )
                seen = one.saved.version
            except SaidMeanwhile as meanwhile:
                one.theirs, seen = meanwhile.theirs, meanwhile.theirs.version
            except (NotAllowed, OtherSide) as refused:
                one.refused = tuple(problem.code for problem in refused.problems)
            typed.append(one)
        return typed

    def move(self) -> None:
        """The dossier is submitted, sent back, or both; a part of it or the whole."""
        some = self.chance.choice([[], ["1"], ["2"]])
        back = lambda: send_back(  # noqa: E731
            self.dossier.pk,
            actor=self.country.people["tú"],
            now=NOW,
            reason="Cần sửa",
            criteria=some,
            due_until=self.chance.choice([None, TODAY, TODAY + timedelta(days=9)]),
        )
        on = lambda: submit(self.dossier.pk, actor=self.country.people["hoa"], now=NOW)  # noqa: E731
        order: list[tuple[Act, Callable[[], Any]]] = [(Act.SUBMIT, on), (Act.SEND_BACK, back)]
        if self.stage is Stage.VERIFICATION:
            order = [(Act.SEND_BACK, back), (Act.SUBMIT, on)]
        for number, (act, do) in enumerate(order[: self.chance.choice([1, 2, 2])]):
            time.sleep(self.pauses[20 + number])
            try:
                do()
                self.moved.append(act)
            except Refused:
                return

    def extend(self) -> None:
        """More time for the stage, in the middle of it all."""
        time.sleep(self.pauses[30])
        if self.is_extended:
            extend(
                self.dossier.round,
                stage=self.stage,
                area_id=self.country.unit.root_id,
                due_on=date(2026, 12, 31),
                reason="Bão",
                actor=self.country.people["office"],
                now=NOW,
            )

    def check(self, typed: list[Typed]) -> None:
        """Nothing typed is lost, no state that cannot be, every change in the log."""
        said = Entry.objects.filter(
            verb="rounds.say", object_kind="dossier", object_id=str(self.dossier.pk)
        ).order_by("pk")
        logged = [value for one in said for key, value in (one.new or {}).items() if key.endswith(".remark")]
        standing = {one.remark for one in self.dossier.findings.filter(stage=self.stage)}
        for one in typed:
            ends = [one.saved is not None, one.theirs is not None, bool(one.refused)]
            assert sum(ends) == 1, one
            if one.saved is not None:
                assert logged.count(one.remark) == 1, one
                assert not one.is_late or self.is_extended or Act.SEND_BACK in self.moved, one
            else:
                assert one.remark not in {*logged, *standing}, one
            if one.theirs is not None:
                assert one.theirs.remark in {*logged, ""}, one
            if "past-the-deadline" in one.refused:
                assert one.is_late, one
            if {"not-in-that-stage", "not-sent-back", "other-side"} & set(one.refused):
                assert self.moved, one
        saved = [one for one in typed if one.saved is not None]
        assert sorted(logged) == sorted(one.remark for one in saved)
        for row in self.dossier.findings.filter(stage=self.stage, person__isnull=False):
            mine = [
                one.saved.version for one in saved if one.saved and one.saved.criterion_id == row.criterion_id
            ]
            first = 1 if self.stage is Stage.SELF else 0
            assert sorted(mine) == list(range(first + 1, row.version + 1))
        self.check_place()

    def check_place(self) -> None:
        """The moves lead where the dossier is, and each is in the log once."""
        one = Dossier.objects.get(pk=self.dossier.pk)
        stages = [Stage.SELF, Stage.VERIFICATION]
        place, acts = rules.first(stages), []
        for number, move in enumerate(Move.objects.filter(dossier=one).order_by("number"), start=1):
            assert move.number == number
            place = rules.after(place, Act(move.act), stages)
            acts.append(move.act)
        assert (Stage(one.stage), State(one.state)) == (place.stage, place.state)
        assert acts[len(acts) - len(self.moved) :] == self.moved
        logged = Entry.objects.filter(object_kind="dossier", object_id=str(one.pk)).exclude(verb="rounds.say")
        assert [entry.verb.partition(".")[2] for entry in logged.order_by("pk")] == acts


@pytest.mark.slow
def test_nothing_typed_is_lost_whoever_comes_first(
    country: Country, together: Any, record_testsuite_property: Any
) -> None:
    ends: dict[str, int] = {}
    for seed in range(COUNT):
        one = Interleaving(country, seed)
        first, second, *_ = together(one.works())
        one.check([*first, *second])
        for typed in [*first, *second]:
            end = "saved" if typed.saved else "theirs" if typed.theirs else typed.refused[0]
            ends[end] = ends.get(end, 0) + 1
    record_testsuite_property("ends of what was typed", ends)
    # The meetings are real ones: every end was reached, and none is the rule.
    assert {"saved", "theirs", "not-in-that-stage", "past-the-deadline"} <= set(ends), ends


def test_a_round_closes_behind_whoever_is_saving(country: Country, together: Any) -> None:
    """Somebody has begun to save; the round is closed only once he is done, and nobody saves after it."""
    dossier = begun(country, Stage.SELF)
    has_begun = threading.Event()
    done: list[str] = []

    def save() -> None:
        with transaction.atomic():
            hold(dossier.pk, person_id=country.people["hoa"].pk, on=TODAY)
            has_begun.set()
            time.sleep(0.3)
            done.append("saved")

    def shut() -> None:
        has_begun.wait(30)
        close(dossier.round, reason="Hết đợt", actor=country.people["office"], now=NOW)
        done.append("closed")

    together([save, shut])
    assert done == ["saved", "closed"]
    with pytest.raises(NotAllowed):
        submit(dossier.pk, actor=country.people["hoa"], now=NOW)
