"""Notes which functions ran to their end, and whether the log got an entry meanwhile.

A function is noted wherever it was imported to: its code is exchanged for one that asks here first, so that
every reference to it, also one taken long before, goes through. Undone when the block is left.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from inspect import unwrap
from types import CodeType, FunctionType
from typing import Any

from kieumau.audit.actions import record

Recorded = dict[str, set[bool]]  # by name: whether calls that ended well left an entry
_ASK = "__asked_first__"


@contextmanager
def recording(actions: Mapping[str, Callable[..., Any]]) -> Iterator[Recorded]:
    """What the actions did while the block lasts; a call that raises is no deed, and is not noted."""
    found: Recorded = {}
    entries = 0

    def counted(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        nonlocal entries
        entries += 1
        return originals[name](*args, **kwargs)

    def noted(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        before = entries
        answer = originals[name](*args, **kwargs)
        found.setdefault(name, set()).add(entries > before)
        return answer

    originals: dict[str, Callable[..., Any]] = {}
    changed: list[tuple[FunctionType, CodeType]] = []
    try:
        asked = {name: action for name, action in actions.items() if action is not record}
        for name, action in {**asked, "the log": record}.items():
            function = unwrap(action)
            assert isinstance(function, FunctionType), name
            assert not function.__code__.co_freevars, name
            originals[name] = _copy(function)
            changed.append((function, function.__code__))
            function.__globals__[_ASK + str(len(changed))] = counted if action is record else noted
            function.__code__ = _asking(_ASK + str(len(changed)), name)
        yield found
    finally:
        for function, code in changed:
            function.__code__ = code


def _copy(function: FunctionType) -> FunctionType:
    copy = FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__)
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


def _asking(whom: str, name: str) -> CodeType:
    """The code of a function that hands everything on."""
    space: dict[str, Any] = {}
    exec(f"def asking(*args, **kwargs): return {whom}({name!r}, args, kwargs)", space)  # noqa: S102 (our words)
    code: CodeType = space["asking"].__code__
    return code
