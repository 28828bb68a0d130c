"""The catalogue that a set names, beside what is loaded.

The command line loads it with the set. A text from the browser never does: what is issued there must be
what was tried, so it goes by the indicators that are loaded, and whoever issues is told of a difference.
"""

from dataclasses import replace
from pathlib import Path

from kieumau.indicators.catalogue_files import read_catalogue
from kieumau.indicators.checks.in_force import definitions_in_force
from kieumau.indicators.queries import catalogue
from kieumau.kernel.messages import Place, Problem, Refused, Text

MOST_NAMED = 5


def is_a_file(named: str) -> bool:
    """Is it a file beside the set, and not the name of a catalogue that ships?"""
    return named.endswith((".yaml", ".yml")) or "/" in named or "\\" in named


def file_of(named: str, folder: Path) -> Path | str:
    """What to load for a set in `folder`: a file there, or a catalogue that ships."""
    return folder / named if named.endswith((".yaml", ".yml")) else named


def refuse_a_file(named: str, name: str) -> None:
    """Raises Refused for a text from the browser, called `name`, whose catalogue is a file elsewhere."""
    if is_a_file(named):
        raise Refused([file_elsewhere(named, name)])


def difference(named: str, name: str) -> Problem | None:
    """How the named catalogue differs from what is loaded; None where it says nothing else.

    For a text from the browser, called `name`. Costs reading a YAML file and two queries.
    """
    if is_a_file(named):
        return file_elsewhere(named, name)
    known = dict(catalogue())
    try:
        said = read_catalogue(named, known, definitions_in_force()).definitions
    except Refused as refused:
        return refused.problems[0]
    missing = [one.code for one in said if one.code not in known]
    changed = [
        one.code for one in said if one.code in known and replace(known[one.code], id=0) != replace(one, id=0)
    ]
    return _not_as_loaded(named, missing, changed, len(said)) if missing or changed else None


def _not_as_loaded(named: str, missing: list[str], changed: list[str], count: int) -> Problem:
    hint = Text(
        vi=f"Bản thảo được thử và ban hành theo chỉ tiêu đang có. Nạp: kieumau indicators load {named}.",
        en=f"The draft is tried and issued by what is loaded. To load it: kieumau indicators load {named}.",
    )
    if len(missing) == count:
        reason = Text(
            vi=f"Danh mục “{named}” chưa được nạp.", en=f"The catalogue “{named}” has not been loaded."
        )
        return Problem("catalogue-not-loaded", reason, hint)
    codes = ", ".join([*missing, *changed][:MOST_NAMED])
    more = " …" if len(missing) + len(changed) > MOST_NAMED else ""
    reason = Text(
        vi=f"Danh mục “{named}” đang có đã cũ: {len(missing)} chỉ tiêu chưa có, {len(changed)} khác"
        f" ({codes}{more}).",
        en=f"The catalogue “{named}” that is loaded is older: {len(missing)} indicators are not there,"
        f" {len(changed)} differ ({codes}{more}).",
    )
    return Problem("catalogue-is-older", reason, hint)


def file_elsewhere(named: str, name: str) -> Problem:
    """What is wrong with a set from the browser, called `name`, whose catalogue is a file."""
    reason = Text(
        vi=f"“catalogue: {named}” là một tệp trên máy khác; ở đây không mở được.",
        en=f"“catalogue: {named}” is a file on another machine; it cannot be opened here.",
    )
    hint = Text(
        vi="Bỏ dòng “catalogue”, hoặc ghi tên danh mục có sẵn, ví dụ vn-commune.",
        en="Drop the line “catalogue”, or name one that ships, for example vn-commune.",
    )
    return Problem("catalogue-is-a-file", reason, hint, Place(file=name))
