"""Units × criteria as one table of marks, written in one pass.

A template loop over 103 × 20 cells takes tens of milliseconds; joining strings takes two. Every text
that comes from outside is escaped here, once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext

from kieumau.web.outcomes import WORDS, key_of


@dataclass(frozen=True, slots=True)
class Column:
    """One criterion: its short code for the head, its name for the key, where it leads."""

    code: str
    name: str
    href: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One unit with an outcome (or None) for each column.

    Cells lead to `cells_href` followed by the column's code, for example `/don-vi/12/#tieu-chi-`.
    """

    name: str
    outcomes: Sequence[Any]
    href: str = ""
    cells_href: str = ""


@dataclass(frozen=True, slots=True)
class Matrix:
    """The whole table; `corner` names what the rows are (“Xã, phường”)."""

    caption: str
    corner: str
    columns: Sequence[Column]
    rows: Sequence[Row]


def render(matrix: Matrix) -> SafeString:
    """The table in its scrolling box; the key of its columns is `render_key`."""
    words: dict[str, str] = {key: escape(str(text)) for key, text in WORDS.items()}
    firsts = _first_of_group(matrix.columns)
    codes = [escape(column.code) for column in matrix.columns]
    keys: dict[Any, str] = {None: ""}
    met_of_columns = [0] * len(matrix.columns)
    body: list[str] = []
    for row in matrix.rows:
        for outcome in row.outcomes:
            if outcome not in keys:
                keys[outcome] = key_of(outcome)
        shown = [keys[outcome] for outcome in row.outcomes]
        met_of_columns = [met + (key == "met") for met, key in zip(met_of_columns, shown, strict=True)]
        body.append(_row(row, shown, codes, firsts, words))
    caption = escape(matrix.caption)
    head = _head(matrix, firsts, capfirst(words["met"]))
    html = (
        f'<div class="sheet tall" role="region" aria-label="{caption}" tabindex="0">'
        f'<table class="matrix"><caption class="visually-hidden">{caption}</caption>'
        f"{head}<tbody>{''.join(body)}</tbody>{_foot(met_of_columns)}</table></div>"
    )
    return mark_safe(html)


def render_key(matrix: Matrix) -> SafeString:
    """What each column's code stands for, as a list of definitions in columns."""
    items = (
        f"<div><dt>{_link(column.href, column.code)}</dt><dd>{escape(column.name)}</dd></div>"
        for column in matrix.columns
    )
    return mark_safe(f'<dl class="matrix-key">{"".join(items)}</dl>')


def _first_of_group(columns: Sequence[Column]) -> list[str]:
    """A class for each column: a rule stands before the first of every group."""
    return [
        " first" if index == 0 or columns[index - 1].group != column.group else ""
        for index, column in enumerate(columns)
    ]


def _head(matrix: Matrix, firsts: Sequence[str], met: str) -> str:
    """One row of codes, above it one of groups where there are any."""
    has_groups = any(column.group for column in matrix.columns)
    rows = 2 if has_groups else 1
    corner = f'<th scope="col" rowspan="{rows}">{escape(matrix.corner)}</th>'
    total = f'<th scope="col" rowspan="{rows}" class="first">{met}</th>'
    codes = "".join(
        f'<th scope="col" class="{first.strip()}" title="{escape(column.name)}">'
        f'{_link(column.href, column.code)}<span class="visually-hidden"> {escape(column.name)}</span></th>'
        for column, first in zip(matrix.columns, firsts, strict=True)
    )
    if not has_groups:
        return f"<thead><tr>{corner}{codes}{total}</tr></thead>"
    groups = "".join(
        f'<th scope="colgroup" colspan="{len(list(members))}" class="group" title="{escape(name)}">'
        f"{escape(name)}</th>"
        for name, members in groupby(matrix.columns, key=lambda column: column.group)
    )
    return f"<thead><tr>{corner}{groups}{total}</tr><tr>{codes}</tr></thead>"


def _row(
    row: Row, keys: Sequence[str], codes: Sequence[str], firsts: Sequence[str], words: dict[str, str]
) -> str:
    """One unit: its name, its cells, how many are met. Cells are reached by the name's link first."""
    prefix = escape(row.cells_href)
    cells: list[str] = []
    for key, code, first in zip(keys, codes, firsts, strict=True):
        if not key:
            cells.append(f'<td class="cell{first}"></td>')
        elif prefix:
            link = f'<a href="{prefix}{code}" tabindex="-1">{words[key]}</a>'
            cells.append(f'<td class="cell{first} o-{key}">{link}</td>')
        else:
            cells.append(f'<td class="cell{first} o-{key}">{words[key]}</td>')
    met = f'<td class="number first">{keys.count("met")}/{len(keys)}</td>'
    return f'<tr><th scope="row">{_link(row.href, row.name)}</th>{"".join(cells)}{met}</tr>'


def _foot(met_of_columns: Sequence[int]) -> str:
    """How many units meet each criterion."""
    cells = "".join(f'<td class="number">{count}</td>' for count in met_of_columns)
    label = escape(gettext("Units that meet it"))
    return f'<tfoot><tr><th scope="row">{label}</th>{cells}<td></td></tr></tfoot>'


def _link(href: str, text: str) -> str:
    """The text, leading to `href` where there is one; both escaped."""
    return f'<a href="{escape(href)}">{escape(text)}</a>' if href else escape(text)
