"""A set that was read and found sound, but not published: a version that is in no table.

A draft is an unsaved `CriteriaSet`: whatever asks a version what it says can be asked about a draft,
so that trying one goes the very way of judging by a published one.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from django.db.backends.postgresql.psycopg_any import DateRange

from kieumau.criteria.additions import Published
from kieumau.criteria.files import OtherSet, SetFile, Surroundings, check_text, path_of, shipped
from kieumau.criteria.models import CriteriaSet
from kieumau.criteria.queries import definition
from kieumau.criteria.rules import Definition, Points
from kieumau.criteria.trees import FrozenCatalogue, published
from kieumau.indicators.catalogue import Definition as Described
from kieumau.indicators.models import Indicator
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Place, Problem, Refused, Text
from kieumau.units.models import Kind
from kieumau.units.queries import term


def read_draft(name: str | Path) -> CriteriaSet:
    """The set in a YAML file, or a shipped set by its name. Raises Refused with every problem of the file."""
    path = path_of(name)
    return draft_of(text_of(path), path.name, opens_files=True)


def draft_of(text: str, name: str, *, opens_files: bool = False) -> CriteriaSet:
    """The set written in `text`, called `name` in messages, as a version that is not stored.

    `opens_files`: the text is a file's, which may name others. Its version is one more than the newest
    that is published. Raises Refused with every problem.
    """
    draft = version_of(check_text(text, name, surroundings(opens_files=opens_files)))
    newest = CriteriaSet.objects.filter(code=draft.code).order_by("-version").first()
    draft.version = newest.version + 1 if newest else 1
    return draft


def faults_of(text: str, name: str = "") -> list[Problem]:
    """Everything that is wrong with a text, in the order of its lines; nothing where it may be issued.

    Places hold the line, without a file name unless `name` is given.
    """
    try:
        check_text(text, name, surroundings())
    except Refused as refused:
        return refused.problems
    return []


def version_of(found: SetFile) -> CriteriaSet:
    """What a sound file says, as a version without a number that is not stored."""
    definition = found.definition
    return CriteriaSet(
        code=definition.code,
        title_vi=definition.title.vi,
        title_en=definition.title.en,
        calendar=definition.period.calendar,
        period_kind=definition.period.kind,
        verification=definition.verification,
        in_force=_in_force(definition),
        definition=definition.canonical(),
        derived=found.derived,
        digest=found.digest(),
    )


def surroundings(*, opens_files: bool = False) -> Surroundings:
    """What sets may refer to in this installation; `opens_files`: they may name files beside them."""
    reported = Indicator.objects.values_list("code", "calendar", "period_kind")
    known = catalogue()
    return Surroundings(
        catalogue=known,
        reported={code: (calendar, kind) for code, calendar, kind in reported},
        kinds=dict(Kind.objects.values_list("code", "level")),
        sets=_other_sets(known),
        unknown_unit=_unknown_unit,
        opens_files=opens_files,
    )


def _other_sets(known: Mapping[str, Described]) -> dict[str, OtherSet]:
    """Every set that is loaded, by its newest version, and those that ship and may be loaded later."""
    found = {code: OtherSet() for code in shipped()}
    loaded: dict[str, list[CriteriaSet]] = defaultdict(list)
    for one in CriteriaSet.objects.defer("text").order_by("code", "version"):
        loaded[one.code].append(one)
    for code, versions in loaded.items():
        newest, says = versions[-1], definition(versions[-1])
        trees = published(says, FrozenCatalogue(known, newest.derived))
        asks = (code for each in trees for kind in ("result", "points") for code in each.references(kind))
        there = tuple(Published(one.version, definition(one), one.derived) for one in versions)
        found[code] = OtherSet(isinstance(says.rule, Points), frozenset(asks), there)
    return found


def _unknown_unit(reference: str, day: date) -> Problem | None:
    """What is wrong with `vn:92` as the name of a unit on a day."""
    try:
        term(reference, day)
    except Refused as refused:
        return refused.problems[0]
    return None


def text_of(path: Path) -> str:
    """The text of a file, byte for byte. Raises Refused where there is none, and where it is not UTF-8."""
    place = Place(file=path.name)
    try:
        return path.read_bytes().decode()
    except (FileNotFoundError, IsADirectoryError):
        reason = Text(vi=f"Không có tệp “{path.name}”.", en=f"There is no file “{path.name}”.")
        raise Refused([Problem("no-such-file", reason, place=place)]) from None
    except UnicodeDecodeError:
        reason = Text(vi="Tệp không phải UTF-8.", en="The file is not UTF-8.")
        hint = Text(vi="Hãy lưu lại tệp với mã UTF-8.", en="Save it again as UTF-8.")
        raise Refused([Problem("wrong-encoding", reason, hint, place)]) from None


def _in_force(definition: Definition) -> DateRange:
    ends = definition.effective.ends
    return DateRange(definition.effective.starts, ends + timedelta(days=1) if ends else None)
