"""Every action of every package writes the log, itself or by an action that it calls.

An action is a public function of a package's `actions`: what the module holds, or what the folder's
`__init__` offers. Whoever adds one that records nothing says here why it need not.
"""

import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Max, QuerySet

import kieumau
from kieumau.assessments.tests.cast import load_world
from kieumau.audit.actions import record
from kieumau.audit.models import Entry
from kieumau.audit.naming import names_in
from kieumau.audit.parts import HOLDS, KINDS, name_of
from kieumau.audit.proving import prove
from kieumau.audit.values import CLOSED, word_of
from kieumau.audit.verbs import known
from tests.action_stories import STORIES
from tests.recorder import recording

Action = Callable[..., Any]

DERIVED = "works out again what follows from facts that are in the log; no fact changes"
READS = "reads only"
TOLD = "tells of what is in the log"
OWN = "a mark in one's own inbox"
LEFT = "the list of one's own sessions follows signing in and out, which is in the log"
TRIED = "counts tries; that there were too many is in the log"
EXCEPTIONS = {
    "kieumau.units.actions.rebuild_mapping": DERIVED,
    "kieumau.units.actions.rebuild_positions": DERIVED,
    "kieumau.indicators.actions.rebuild_totals": DERIVED,
    "kieumau.indicators.actions.check_totals": READS,
    "kieumau.indicators.actions.open_source": "a name for figures; their entry in the log names it",
    "kieumau.assessments.actions.judge_unit": "a part of a run, or follows figures that are in the log",
    "kieumau.assessments.actions.judge_units": "a part of a run, or follows figures that are in the log",
    "kieumau.assessments.actions.judged_units": READS,
    "kieumau.assessments.actions.judged_each": READS,
    "kieumau.documents.actions.stored_or_nothing": "keeps or discards bytes; their file is in the log",
    "kieumau.notices.actions.tell": TOLD,
    "kieumau.notices.actions.tell_each": TOLD,
    "kieumau.notices.actions.prune": TOLD,
    "kieumau.notices.actions.read": OWN,
    "kieumau.notices.actions.read_all": OWN,
    "kieumau.rounds.actions.prepare_part": "a part of opening a round, which is in the log once it is open",
    "kieumau.rounds.actions.count_units": READS,
    "kieumau.rounds.actions.wrong_with": READS,
    "kieumau.rounds.actions.readiness": READS,
    "kieumau.rounds.actions.named": READS,
    "kieumau.documents.actions.record_reading": "who opened a document is a log of its own",
    "kieumau.documents.actions.record_glimpse": "who saw a picture small is told in that log, too",
    "kieumau.accounts.signing.sessions.note": LEFT,
    "kieumau.accounts.signing.sessions.forget": LEFT,
    "kieumau.accounts.signing.guessing.begin_try": TRIED,
    "kieumau.accounts.signing.guessing.take_back": TRIED,
    "kieumau.accounts.signing.guessing.forget_old": TRIED,
    "kieumau.calendars.actions.load_calendars": "periods from a shipped file, after every migration",
}
# In no story; the test that does it.
IN_OTHER_TESTS = {
    "kieumau.indicators.actions.explain_figures": "indicators/checks/tests/test_entering.py",
    "kieumau.rounds.actions.add_new_evidence": "rounds/tests/test_evidence.py, by its page",
}
# Modules that hold actions beside those of their package.
BESIDE = (
    "kieumau.accounts.granting",
    "kieumau.accounts.signing.closing",
    "kieumau.accounts.signing.guessing",
    "kieumau.accounts.signing.invitations",
    "kieumau.accounts.signing.sessions",
    "kieumau.accounts.tokens",
    "kieumau.calendars.days_off",
)
# What the sign-in library calls, of itself: it offers no actions. `accounts.signing` tests what they record.
CALLED_BACK = {
    "kieumau.accounts.signing.adapters",
    "kieumau.accounts.signing.agencies",
    "kieumau.accounts.signing.listening",
}
READERS = {
    "kieumau.audit.actions": {"name_of"},
    "kieumau.calendars.days_off": {"special_days", "working_days", "unfilled_years"},
    "kieumau.accounts.signing.closing": {"holds_within_reach", "why_not"},
    "kieumau.accounts.signing.invitations": {"is_open", "of_unit", "open_invitation"},
    "kieumau.accounts.signing.sessions": {"is_due", "running"},
    "kieumau.accounts.granting": {"may_end", "why_not"},
    "kieumau.accounts.tokens": {"token_of", "tokens"},
}


def modules() -> Iterator[ModuleType]:
    """The `actions` of every package that has some, and the modules beside."""
    for config in apps.get_app_configs():
        name = f"{config.name}.actions"
        if config.name.startswith("kieumau.") and importlib.util.find_spec(name):
            yield importlib.import_module(name)
    for name in BESIDE:
        yield importlib.import_module(name)


def actions() -> dict[str, Action]:
    """Every action by its full name."""
    found: dict[str, Action] = {}
    for module in modules():
        offered = getattr(module, "__all__", None)
        for name, value in vars(module).items():
            is_own = name in offered if offered else value.__class__ is FunctionType and _is_of(value, module)
            if is_own and inspect.isroutine(value) and name not in READERS.get(module.__name__, ()):
                found[f"{module.__name__}.{name}"] = value
    return found


def _is_of(value: Action, module: ModuleType) -> bool:
    return value.__module__ == module.__name__ and not value.__name__.startswith("_")


def called(action: Action) -> Iterator[Action]:
    """The functions of ours that a function names, also as `module.function`."""
    function = inspect.unwrap(action)
    names = set(_names(function.__code__))
    named = [function.__globals__.get(name) for name in names]
    inside = [vars(one).get(name) for one in named if inspect.ismodule(one) for name in names]
    for one in [*named, *inside]:
        if inspect.isfunction(one) and one.__module__.startswith("kieumau."):
            yield one


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def records(action: Action) -> bool:
    """Can the log be reached from here?"""
    seen, waiting = set(), [action]
    while waiting:
        one = waiting.pop()
        if one is record:
            return True
        if one not in seen:
            seen.add(one)
            waiting += called(one)
    return False


@pytest.mark.parametrize("name", sorted(actions()))
def test_an_action_is_logged_or_says_why_not(name: str) -> None:
    assert records(actions()[name]) != (name in EXCEPTIONS)


def test_the_exceptions_are_actions() -> None:
    assert set(EXCEPTIONS) <= set(actions())


def test_whatever_writes_the_log_is_walked() -> None:
    """A module that records is among the `actions` of a package, named beside, or called by a library."""
    ours = Path(kieumau.__file__).parent
    writing = {
        ".".join(("kieumau", *path.relative_to(ours).with_suffix("").parts))
        for path in ours.rglob("*.py")
        if "tests" not in path.parts and re.search(r"\baudit\.record\(", path.read_text(encoding="utf-8"))
    }
    aside = {name for name in writing if "actions" not in name.split(".")}
    assert aside == {name for name in BESIDE if name in writing} | CALLED_BACK


def test_the_walk_finds_what_records_and_what_does_not() -> None:
    found = actions()
    assert {"kieumau.criteria.actions.issue", "kieumau.returns.actions.submit"} <= set(found)
    assert records(record)
    assert not records(prove)


def test_what_is_done_is_said_in_both_languages() -> None:
    """The sentences say more than who and what, and not the same words twice."""
    for verb in known():
        said = [re.sub(r"\{\w+\}", "", text).strip(" .") for text in (verb.sentence.vi, verb.sentence.en)]
        assert all(said), verb.code
        assert said[0] != said[1], verb.code


@pytest.mark.django_db
def test_what_is_done_leaves_an_entry(settings: Any, tmp_path: Path) -> None:
    """Not only could it: run in stories, every action wrote one, where it changed something at least once.

    Only actions that ended well count. Those that no story holds are named, with the test that does them.
    What the entries speak of has names, in both languages, for whoever reads the log.
    """
    settings.KIEUMAU_FILES = str(tmp_path / "files")
    asked = {name: one for name, one in actions().items() if name not in EXCEPTIONS and one is not record}
    done: set[str] = set()
    silent: dict[str, str] = {}
    nameless: set[str] = set()
    for story in STORIES:
        folder = tmp_path / story.__name__
        folder.mkdir()
        with transaction.atomic(), recording(asked) as found:
            last = Entry.objects.aggregate(last=Max("pk"))["last"] or 0
            story(folder)
            nameless |= _nameless(Entry.objects.filter(pk__gt=last))
            transaction.set_rollback(True)
        done |= {name for name, left in found.items() if True in left}
        silent |= dict.fromkeys(found, story.__name__)
    assert {name: story for name, story in silent.items() if name not in done} == {}
    assert set(asked) - done == set(IN_OTHER_TESTS)
    assert nameless == set(), "give these a name in audit/parts.py"


def _nameless(entries: QuerySet[Entry]) -> set[str]:
    """The parts, kinds of objects and values of closed sets that the log shows as bare codes."""
    names = names_in(entries)
    said = [pair for entry in entries for one in (entry.old, entry.new) for pair in (one or {}).items()]
    kinds = {entry.object_kind for entry in entries if entry.object_kind}
    parts = {part for part, _ in said if name_of(part, names.parts) is None}
    values = {
        f"{part}: {one}" for part, value in said for one in _closed(part, value) if not word_of(part, one)
    }
    return parts | values | (kinds - set(KINDS))


def _closed(part: str, value: Any) -> list[Any]:
    """What of a value is of a closed set."""
    each = value if isinstance(value, list) else [value]
    return [one for one in each if one not in (None, "")] if part.rpartition(".")[2] in CLOSED else []


def test_names_are_written_in_both_languages() -> None:
    for code in (*HOLDS, *KINDS):
        named = KINDS.get(code) or name_of(code)
        assert named is not None, code
        assert named.vi, code
        assert named.en, code


@pytest.mark.django_db
def test_loading_the_small_country_leaves_entries_and_a_chain_that_holds() -> None:
    load_world()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    done = set(Entry.objects.values_list("verb", flat=True))
    assert {
        "units.load",
        "indicators.load_catalogue",
        "indicators.record_figures",
        "criteria.publish",
    } <= done
    assert done <= {one.code for one in known()}
    assert prove().faults == ()


def _silent(number: int = 1, *, twice: bool = False) -> int:
    return number * 2 if twice else number


def test_an_action_that_writes_no_entry_is_told() -> None:
    with recording({"silent": _silent}) as found:
        assert (_silent(), _silent(3, twice=True)) == (1, 6)
        with pytest.raises(TypeError):
            _silent(thrice=True)  # type: ignore[call-arg]  # a call that fails is no deed
    assert found == {"silent": {False}}
    assert _silent.__code__.co_name == "_silent"
