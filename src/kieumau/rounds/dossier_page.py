"""What the page of a dossier shows: where it stands, what each stage found, what is still lacking."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from kieumau.assessments.models import Assessment
from kieumau.assessments.rules import Outcome, Result, result
from kieumau.calendars.working_days import day_of
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import CriterionDefinition, Definition, Measured, due_on
from kieumau.kernel.messages import Text
from kieumau.rounds.applying import is_under_its_set
from kieumau.rounds.freezing import Spoken, spoken
from kieumau.rounds.lacking import Need, Standing, counts
from kieumau.rounds.last_days import WITH_LAST_DAY
from kieumau.rounds.models import Dossier, Evidence, Move, Round, StageFinding
from kieumau.rounds.proving import Asking
from kieumau.rounds.restating import Since, since_in
from kieumau.rounds.rules import SIDE_OF, Act, Place, Side, Stage, State, allowed
from kieumau.rounds.saying import Question, Said, score_of
from kieumau.rounds.standing import evidence_of, findings_of, is_touched, need_of, standing


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion: what every stage found, what figures say, its evidence, what is lacking.

    `is_unproved`: it was last found met, which does not count: no document bears it any more.
    """

    number: int
    criterion: CriterionDefinition
    found: Mapping[Stage, StageFinding]
    figures: Spoken
    evidence: Sequence[Evidence]
    due_on: date
    is_reopened: bool
    need: Need | None
    is_unproved: bool = False

    @property
    def latest(self) -> StageFinding | None:
        """What the latest stage found."""
        return self.found[max(self.found)] if self.found else None

    @property
    def outcome(self) -> Outcome:
        """What it stands at: the latest finding that counts, else what figures say, else not judged."""
        if self.is_unproved:
            return Outcome.NOT_JUDGED
        if self.latest is not None:
            return Outcome(self.latest.outcome)
        return self.figures.outcome if self.figures.is_final else Outcome.NOT_JUDGED

    @property
    def is_measured(self) -> bool:
        """Do figures alone decide it at the unit's own stages?"""
        return isinstance(self.criterion, Measured)

    @property
    def differs(self) -> bool:
        """Did two stages after the baseline find differently?"""
        found = {
            (one.outcome, one.points) for stage, one in self.found.items() if stage is not Stage.BASELINE
        }
        return len(found) > 1


@dataclass(frozen=True, slots=True)
class Page:
    """A dossier as its page shows it. `last_day` is the reader's; null where he has none.

    `due_on` is the day that is told: that one, or the one for which it was sent back, after which it
    `is_late`, though the stage may close later: nobody works on it who is not `is_in_time`.

    `has_left_set`: it cannot be submitted, for its set no longer applies to its unit. `stored` are the
    operands it stands on: those of now while it is with its unit, then those that were frozen.
    """

    dossier: Dossier
    said: Definition
    place: Place
    stages: Sequence[Stage]
    lines: Sequence[Line]
    result: Result
    moves: Sequence[Move]
    last_day: date | None
    is_in_time: bool
    due_on: date | None = None
    is_late: bool = False
    since: Since = field(default_factory=Since)
    acts: frozenset[Act] = field(default_factory=frozenset)
    has_left_set: bool = False
    stored: Mapping[str, Any] = field(default_factory=dict)

    @property
    def groups(self) -> Iterator[tuple[Text | None, list[Line]]]:
        """The lines under their headings, in the order of the set."""
        titles = {group.code: group.title for group in self.said.groups}
        under: dict[str | None, list[Line]] = defaultdict(list)
        for line in self.lines:
            under[line.criterion.group].append(line)
        for code, lines in under.items():
            name = titles.get(code) if code else None
            yield (Text(vi=name.vi, en=name.en) if name else None), lines

    @property
    def lacking(self) -> list[Line]:
        """The lines that lack something at this stage."""
        return [line for line in self.lines if line.need is not None]

    @property
    def blocking(self) -> list[Line]:
        """Those for which submitting or concluding would be refused."""
        return [line for line in self.lacking if line.need is not Need.DO_AGAIN]

    @property
    def sent_back(self) -> Move | None:
        """Why it was sent back, while it is."""
        if self.place.state is not State.SENT_BACK:
            return None
        return next((one for one in reversed(self.moves) if one.act == Act.SEND_BACK), None)

    @property
    def closes_on(self) -> date | None:
        """The last day of the stage, where that is not the day by which it was asked for."""
        return self.last_day if self.sent_back and self.last_day != self.due_on else None

    @property
    def is_untouched(self) -> bool:
        """Was it sent back as a whole, and has its unit answered nothing since, nor added a document?"""
        back = self.sent_back
        if back is None or back.criteria:
            return False
        found = (one for line in self.lines for one in line.found.values())
        return not is_touched(found, (one for line in self.lines for one in line.evidence), back.at)

    def sent_back_before(self, code: str) -> Move | None:
        """The last time that a criterion was sent back, by itself or with the whole; null while it is."""
        if self.place.state is State.SENT_BACK:
            return None
        backs = (one for one in reversed(self.moves) if one.act == Act.SEND_BACK)
        return next((one for one in backs if not one.criteria or code in one.criteria), None)

    @property
    def refused(self) -> list[str]:
        """The codes of criteria of which a document was refused and none accepted: those to send back."""
        states = {line.criterion.code: {one.state for one in line.evidence} for line in self.lines}
        return [
            code
            for code, found in states.items()
            if Evidence.State.REFUSED in found and Evidence.State.ACCEPTED not in found
        ]

    @property
    def decided(self) -> Move | None:
        """The act that decided it, once it is."""
        if self.place.state is not State.DECIDED:
            return None
        return next((one for one in reversed(self.moves) if one.act == Act.DECIDE), None)

    @property
    def is_voted_on(self) -> bool:
        """Councils vote on what was submitted in an open round, and on what is through and not decided."""
        if self.place.state is State.CONCLUDED:
            return True
        is_submitted = SIDE_OF[self.place.stage] is not Side.UNIT and self.place.state is State.OPEN
        return is_submitted and self.dossier.round.state == Round.State.OPEN

    def line(self, code: str) -> Line | None:
        """The line of a criterion."""
        return next((one for one in self.lines if one.criterion.code == code), None)

    def next_after(self, code: str) -> Line | None:
        """The next line that lacks something, after a criterion and then from the beginning."""
        codes = [one.criterion.code for one in self.lines]
        at = codes.index(code)
        behind = [*self.lines[at + 1 :], *self.lines[:at]]
        return next((one for one in behind if one.need is not None), None)


def page_of(dossier: Dossier, now: datetime) -> Page:
    """The page of a dossier. Four queries beside the dossier with its last day; five without a verdict."""
    made: Round = dossier.round
    said = definition(made.criteria_set)
    place = Place(Stage(dossier.stage), State(dossier.state))
    moves = list(Move.objects.filter(dossier=dossier).order_by("number"))
    reopened = _reopened(place, moves)
    verdict = verdicts(dossier).first()
    figures = spoken(verdict, said)
    found, evidence = findings_of(dossier.pk), evidence_of(dossier.pk)
    is_under_way = place.state in {State.OPEN, State.SENT_BACK}
    lines = []
    for number, criterion in enumerate(said.criteria, start=1):
        code = criterion.code
        due = due_on(criterion, made.period.starts_on, made.period.ends_before)
        is_reopened = code in reopened
        need, is_unproved = None, False
        if is_under_way:
            one = standing(
                asking_of(dossier, criterion), place.stage, figures[code], found[code], evidence[code]
            )
            is_unproved = not _counts(place, one, found[code])
            if not reopened or is_reopened:
                sent_back_at = moves[-1].at if is_reopened else None
                need = need_of(one, found[code], evidence[code], sent_back_at, day_of(now))
        lines.append(
            Line(
                number,
                criterion,
                found[code],
                figures[code],
                evidence[code],
                due,
                is_reopened,
                need,
                is_unproved,
            )
        )
    last_day = last_day_of(dossier)
    told = vars(dossier).get("day_asked") or last_day
    return Page(
        dossier=dossier,
        said=said,
        place=place,
        stages=[Stage(stage) for stage in sorted(made.stages)],
        lines=lines,
        result=_result(said, lines, day_of(now)),
        moves=moves,
        last_day=last_day,
        due_on=told,
        is_late=made.state == Round.State.OPEN and told is not None and told < day_of(now),
        is_in_time=made.state == Round.State.OPEN and (last_day is None or day_of(now) <= last_day),
        since=since_in(dossier, verdict.operands if verdict else None),
        acts=allowed(place) if made.state == Round.State.OPEN else allowed(place) & {Act.DECIDE},
        stored=_stored(dossier, place, verdict),
        has_left_set=verdict is None and Act.SUBMIT in allowed(place) and not is_under_its_set(dossier),
    )


def verdicts(dossier: Dossier) -> QuerySet[Assessment]:
    """What figures say of the dossier's unit now: one row, or none."""
    made = dossier.round
    return Assessment.objects.filter(
        criteria_set=made.criteria_set_id, period=made.period_id, unit=dossier.unit_id
    )


def _stored(dossier: Dossier, place: Place, verdict: Assessment | None) -> Mapping[str, Any]:
    if SIDE_OF[place.stage] is not Side.UNIT and dossier.frozen is not None:
        kept: Mapping[str, Any] = dossier.frozen["operands"]
        return kept
    return verdict.operands if verdict else {}


def last_day_of(dossier: Dossier) -> date | None:
    """The last day that came with the dossier (see `access.readable`), else the latest: one query."""
    if "last_day" not in vars(dossier):
        found = Dossier.objects.filter(pk=dossier.pk).values_list(WITH_LAST_DAY, flat=True)
        vars(dossier)["last_day"] = found.get()
    known: date | None = vars(dossier)["last_day"]
    return known


def _reopened(place: Place, moves: Sequence[Move]) -> frozenset[str]:
    """The codes of the criteria that were sent back; empty where none, or the whole, was."""
    if place.state is not State.SENT_BACK:
        return frozenset()
    last = next((one for one in reversed(moves) if one.act == Act.SEND_BACK), None)
    return frozenset(last.criteria if last else ())


def _counts(place: Place, one: Standing, found: Mapping[Stage, StageFinding]) -> bool:
    """Does the latest finding count (see `lacking.counts`)? What figures say needs no document."""
    if not found or found[max(found)].is_measured:
        return True
    stage = max(found)
    was_submitted = place.state is State.SENT_BACK or SIDE_OF[place.stage] is not Side.UNIT
    outcome = Outcome(found[stage].outcome)
    return counts(one.asking.criterion, outcome, stage, one.proof, was_submitted=was_submitted)


def asking_of(dossier: Dossier, criterion: CriterionDefinition) -> Asking:
    """What a criterion asks of documents in the period of a dossier's round."""
    period = dossier.round.period
    return Asking(criterion, period.starts_on, period.ends_before)


def _result(said: Definition, lines: Sequence[Line], today: date) -> Result:
    """The set's result as the dossier stands: by its own rule over what each criterion stands at."""
    scores = []
    for line in lines:
        latest = line.latest
        points = latest.points if latest else line.figures.points
        question = Question(line.criterion, said.rule, Stage.SELF, today >= line.due_on)
        scores.append(score_of(question, Said(line.outcome, points)))
    return result(said.rule, [line.outcome for line in lines], scores)
