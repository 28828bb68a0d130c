"""What publishing a draft would change: its criteria, and the outcomes of units in the latest period."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from kieumau.assessments.models import Assessment
from kieumau.assessments.past_periods import latest_ended, past_periods
from kieumau.calendars.library import calendar as calendar_of
from kieumau.calendars.library import decode
from kieumau.criteria.comparing import Changes, compare
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import asked_by, definition
from kieumau.formulas.windows import Window
from kieumau.kernel.messages import Text
from kieumau.kernel.yamlfile import Name
from kieumau.trials.trying import PeriodTrial, try_set

# The fields of the YAML as a reader calls them; the texts of a set and of a criterion have some in common.
FIELDS: Mapping[str, Text] = {
    "code": Text(vi="mã", en="code"),
    "kind": Text(vi="cách xác định", en="kind"),
    "title": Text(vi="tên", en="title"),
    "summary": Text(vi="tóm tắt", en="summary"),
    "group": Text(vi="nhóm", en="group"),
    "groups": Text(vi="các nhóm", en="groups"),
    "basis": Text(vi="căn cứ", en="legal basis"),
    "verification": Text(vi="tình trạng kiểm chứng", en="verification"),
    "formula": Text(vi="công thức", en="formula"),
    "applies_if": Text(vi="điều kiện áp dụng", en="when it applies"),
    "points": Text(vi="điểm", en="points"),
    "due": Text(vi="hạn", en="due day"),
    "document": Text(vi="văn bản cần có", en="document asked for"),
    "window": Text(vi="khoảng ngày ký", en="dates of the document"),
    "question": Text(vi="câu hỏi", en="question"),
    "notes": Text(vi="ghi chú", en="notes"),
    "catalogue": Text(vi="danh mục chỉ tiêu", en="catalogue"),
    "effective": Text(vi="hiệu lực", en="in force"),
    "period": Text(vi="kỳ xét", en="period"),
    "figures_slack_days": Text(vi="số ngày lệch cho phép", en="days figures may lie off"),
    "applies_to": Text(vi="đối tượng áp dụng", en="whom it applies to"),
    "unit_classes": Text(vi="nhóm đơn vị", en="classes of units"),
    "rule": Text(vi="cách tính kết quả", en="how criteria add up"),
    "caps": Text(vi="mức trần", en="caps"),
    "base": Text(vi="bộ tiêu chí gốc", en="set it adds to"),
    "left_out": Text(vi="tiêu chí không đưa vào", en="criteria left out"),
}


FORMULAS = {"formula", "applies_if"}


@dataclass(frozen=True, slots=True)
class Reworded:
    """One field that says something else: its name, what it said and what it says; empty where nothing."""

    field: Text
    was: Text
    becomes: Text
    is_formula: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion that is added, removed or changed; `fields` say in what, for a changed one.

    `texts` are the old and the new wording of those fields that have one.
    """

    code: str
    title: Text
    fields: tuple[Text, ...] = ()
    texts: tuple[Reworded, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """A version beside the newest one that was published before it.

    `newest` and `changes` are None for a set that is new; `trial` is None where its set was never
    judged and there are no figures to judge it by. Where there is nothing to compare with, the trial
    says only what units would come out as. `asked_by` are the other sets, by their newest versions,
    that ask for the verdicts of this one: they take those of the version by which units were judged.
    """

    draft: CriteriaSet
    newest: CriteriaSet | None
    changes: Changes | None
    trial: PeriodTrial | None
    asked_by: tuple[CriteriaSet, ...] = ()

    @property
    def added(self) -> list[Line]:
        """Criteria that are new; all of them for a set that is."""
        if self.changes is None:
            return _lines(self.draft, [criterion.code for criterion in definition(self.draft).criteria])
        return _lines(self.draft, self.changes.added)

    @property
    def removed(self) -> list[Line]:
        """Criteria that are no longer there."""
        if self.changes is None or self.newest is None:
            return []
        return _lines(self.newest, self.changes.removed)

    @property
    def changed(self) -> list[Line]:
        """Criteria that say something else, and in which fields."""
        if self.changes is None:
            return []
        changed = {one.code: one.fields for one in self.changes.changed}
        before = {one.code: one for one in definition(self.newest).criteria} if self.newest else {}
        after = {one.code: one for one in definition(self.draft).criteria}
        return [
            Line(
                one.code,
                one.title,
                field_words(changed[one.code]),
                reworded(before[one.code], after[one.code], changed[one.code]),
            )
            for one in _lines(self.draft, changed)
        ]

    @property
    def of_the_set(self) -> tuple[Text, ...]:
        """What changes about the set itself."""
        return field_words(self.changes.of_the_set) if self.changes else ()

    @property
    def texts_of_the_set(self) -> tuple[Reworded, ...]:
        """The old and the new wording of the set's own fields that have one."""
        if self.changes is None or self.newest is None:
            return ()
        return reworded(definition(self.newest), definition(self.draft), self.changes.of_the_set)


def field_words(fields: Iterable[str]) -> tuple[Text, ...]:
    """Fields of the YAML in words; one that has none as it is written."""
    return tuple(FIELDS.get(field, Text(vi=field, en=field)) for field in fields)


def reworded(before: object, after: object, fields: Iterable[str]) -> tuple[Reworded, ...]:
    """What fields of a set or a criterion said and say, those that are a formula or a text."""
    found = []
    for field in fields:
        was, becomes = getattr(before, field, None), getattr(after, field, None)
        if field in FORMULAS or isinstance(was or becomes, Name):
            [word] = field_words([field])
            found.append(Reworded(word, *_shown(_wording(was), _wording(becomes)), field in FORMULAS))
    return tuple(found)


def _shown(was: Text, becomes: Text) -> tuple[Text, Text]:
    """Either language in its own words; where those stay as they were, in those that change."""
    if was.en == becomes.en:
        return Text(vi=was.vi, en=was.vi), Text(vi=becomes.vi, en=becomes.vi)
    if was.vi == becomes.vi:
        return Text(vi=was.en, en=was.en), Text(vi=becomes.en, en=becomes.en)
    return was, becomes


def _wording(said: str | Name | None) -> Text:
    if isinstance(said, Name):
        return said.text()
    return Text(vi=said or "", en=said or "")


def preview(draft: CriteriaSet, *, on: date, now: datetime) -> Preview:
    """What a version changes against the newest one before it, tried on one past period.

    The period is the latest that has verdicts under any version of the set, else the latest ended one
    that has figures. `draft` may be stored already, or not. Reads only; verdicts under published
    versions stay as they are. Costs a trial of one period.
    """
    newest = newest_before(draft)
    changes = compare(definition(newest), definition(draft)) if newest else None
    asking = tuple(asked_by(draft.code))
    window = _latest_judged(draft) or latest_ended(past_periods(draft, on), on)
    if window is None:
        return Preview(draft, newest, changes, None, asking)
    against = {window: newest} if newest and _same_periods(newest, draft) else {}
    [trial] = try_set(draft, [window], on=on, now=now, against=against).periods
    return Preview(draft, newest, changes, trial, asking)


def newest_before(draft: CriteriaSet) -> CriteriaSet | None:
    """The version that `draft` follows: the newest of its set among those with a lower number."""
    older = CriteriaSet.objects.filter(code=draft.code, version__lt=draft.version)
    return older.order_by("-version").first()


def _lines(version: CriteriaSet, codes: Iterable[str]) -> list[Line]:
    titles = {criterion.code: criterion.title.text() for criterion in definition(version).criteria}
    return [Line(code, titles[code]) for code in codes]


def _same_periods(one: CriteriaSet, other: CriteriaSet) -> bool:
    return (one.calendar, one.period_kind) == (other.calendar, other.period_kind)


def _latest_judged(draft: CriteriaSet) -> Window | None:
    """The period that ends last among those with verdicts under any version of the draft's set."""
    periods = Assessment.objects.filter(
        criteria_set__code=draft.code,
        criteria_set__calendar=draft.calendar,
        criteria_set__period_kind=draft.period_kind,
    )
    windows = map(decode, periods.values_list("period", flat=True).distinct())
    return max(windows, key=lambda window: calendar_of(window.calendar).last_day(window), default=None)
