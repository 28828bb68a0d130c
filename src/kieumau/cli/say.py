"""How commands speak: one language per run, tables by rich, JSON for programs, problems on stderr."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from kieumau.formulas.values import State
from kieumau.kernel.messages import LANGUAGES, Problem, Refused, Text
from kieumau.kernel.numbers import format_number

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)
SHOWN = 50

Json = Annotated[bool, typer.Option("--json", help="JSON thay cho bảng · JSON instead of a table")]


def _known_language(chosen: str) -> str:
    if chosen not in ("", *LANGUAGES):
        raise typer.BadParameter(f"{chosen}: vi | en")
    return chosen


Lang = Annotated[
    str,
    typer.Option("--lang", help="vi | en; mặc định · default: KIEUMAU_LANG, vi", callback=_known_language),
]


def language(chosen: str = "") -> str:
    """The language of this run: the option, else `KIEUMAU_LANG`, else Vietnamese."""
    return chosen or os.environ.get("KIEUMAU_LANG", "vi")


def tell(vi: str, en: str, lang: str = "") -> None:
    """One line for a person, on standard output."""
    out.print(escape(Text(vi=vi, en=en).in_(language(lang))))


def as_json(content: Any) -> None:
    """Content as JSON on standard output; numbers exact, as text where they are Decimal."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2, default=_plain) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Text):
        return {"vi": value.vi, "en": value.en}
    return str(value)


STATES = {
    State.MISSING: Text(vi="thiếu", en="missing"),
    State.NOT_APPLICABLE: Text(vi="không áp dụng", en="not applicable"),
    State.REFUSED: Text(vi="từ chối", en="refused"),
}


def value_text(state: State, value: Decimal | None, lang: str) -> str:
    """A figure for a person: its number, or why there is none."""
    if state is State.VALUE and value is not None:
        return format_number(value, None, language(lang))
    return STATES[state].in_(language(lang))


def show_problems(problems: Sequence[Problem], lang: str = "") -> None:
    """Problems on standard error, a line each; beyond fifty only their number."""
    for problem in problems[:SHOWN]:
        err.print(f"[red]✗[/red] {escape(problem.in_(language(lang)))}")
    if len(problems) > SHOWN:
        more = len(problems) - SHOWN
        err.print(Text(vi=f"… và {more} lỗi nữa.", en=f"… and {more} more.").in_(language(lang)))


def fail(problems: Sequence[Problem], lang: str = "", json_: bool = False) -> NoReturn:
    """Show what is wrong and leave with exit code 1."""
    if json_:
        as_json({"problems": [problem.as_dict() for problem in problems]})
    else:
        show_problems(problems, lang)
    raise SystemExit(1)


@contextmanager
def refusals(lang: str = "", json_: bool = False) -> Iterator[None]:
    """Anything refused inside is shown in words and ends the run with exit code 1."""
    try:
        yield
    except Refused as refused:
        fail(refused.problems, lang, json_)


@contextmanager
def progress(vi: str, en: str, lang: str = "", quiet: bool = False) -> Iterator[Any]:
    """A progress bar on standard error; gives a callback (done, total)."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
        disable=quiet,
        transient=not err.is_terminal,
    )
    with bar:
        task = bar.add_task(Text(vi=vi, en=en).in_(language(lang)), total=None)

        def step(done: int, total: int | None = None) -> None:
            bar.update(task, completed=done, total=total)

        yield step
