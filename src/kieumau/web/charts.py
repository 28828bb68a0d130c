"""Lines drawn as SVG from exact numbers. Plain Python: no Django, no script, no inline style.

The drawing is 1,000 × 1,000 units stretched to its box; strokes keep their width through
`vector-effect`, and a dot is a line of no length with round ends, so nothing is distorted. Words stand
outside of the drawing, where they can be read at any size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from html import escape
from zlib import crc32

Exact = Decimal | Fraction | int
SIDE = 1000


@dataclass(frozen=True, slots=True)
class Series:
    """One figure over time, oldest first; None where there is no figure, which is never zero.

    `labels` names the periods; `earlier` holds the same periods one year before, if they are known.
    `marked` is the place of the figure that the dot marks; None for the last.
    Raises ValueError when the lengths differ.
    """

    labels: Sequence[str]
    values: Sequence[Exact | None]
    earlier: Sequence[Exact | None] = ()
    marked: int | None = None

    def __post_init__(self) -> None:
        if len(self.labels) != len(self.values) or (self.earlier and len(self.earlier) != len(self.values)):
            raise ValueError("labels, values and earlier values must be equally many")

    @property
    def known(self) -> list[Exact]:
        """Every number there is, of both lines."""
        return [value for value in (*self.values, *self.earlier) if value is not None]

    @property
    def missing_count(self) -> int:
        """How many periods have no figure."""
        return sum(value is None for value in self.values)

    def span(self, *, from_zero: bool = True) -> tuple[Exact, Exact]:
        """Lowest and highest number of the scale; zero belongs to it unless told otherwise."""
        numbers = [*self.known, *([0] if from_zero or not self.known else [])]
        return min(numbers), max(numbers)


def line(series: Series, *, title: str, text: str = "", height: int = 96, from_zero: bool = True) -> str:
    """The series as an `<svg>`: gaps where figures are missing, the last figure marked by a dot.

    `title` and `text` are what a screen reader says; `height` is in CSS pixels, 40 to 120.
    """
    low, high = series.span(from_zero=from_zero)
    parts = [f'<path class="chart-axis" d="M0 {SIDE}H{SIDE}"/>']
    if low < 0 < high:
        parts.append(f'<path class="chart-axis" d="M0 {_height(0, low, high)}H{SIDE}"/>')
    if earlier := _path(series.earlier, low, high):
        parts.append(f'<path class="chart-earlier" d="{earlier}"/>')
    return _svg("".join(parts) + _now(series, low, high), "chart-drawing", title, text, height)


def spark(series: Series, *, title: str, text: str = "", height: int = 28) -> str:
    """The series as a small drawing for a table's cell: its own scale, no axis, no year before."""
    alone = Series(series.labels, series.values)
    low, high = alone.span(from_zero=False)
    return _svg(_now(alone, low, high), "spark", title, text, height)


def _now(series: Series, low: Exact, high: Exact) -> str:
    """The line itself and the dot on its last or marked figure; nothing where there is no figure at all."""
    path = _path(series.values, low, high)
    if not path:
        return ""
    place = series.marked
    if place is None or series.values[place] is None:
        place = max(index for index, value in enumerate(series.values) if value is not None)
    last = series.values[place]
    assert last is not None
    dot = f"M{_across(place, len(series.values))} {_height(last, low, high)}h0"
    lone = _lone(series.values, low, high)
    lone_dots = f'<path class="chart-lone" d="{lone}"/>' if lone else ""
    return f'<path class="chart-line" d="{path}"/>{lone_dots}<path class="chart-last" d="{dot}"/>'


def _path(values: Sequence[Exact | None], low: Exact, high: Exact) -> str:
    """Commands of the line: a new stroke after each gap."""
    commands: list[str] = []
    pen_down = False
    for index, value in enumerate(values):
        if value is not None:
            point = f"{_across(index, len(values))} {_height(value, low, high)}"
            commands.append(f"{'L' if pen_down else 'M'}{point}")
        pen_down = value is not None
    return "".join(commands)


def _lone(values: Sequence[Exact | None], low: Exact, high: Exact) -> str:
    """Dots for the figures that stand between two gaps, where a line has no length."""
    padded = [None, *values, None]
    return "".join(
        f"M{_across(index, len(values))} {_height(value, low, high)}h0"
        for index, value in enumerate(values)
        if value is not None and padded[index] is None and padded[index + 2] is None
    )


def _across(index: int, count: int) -> int:
    """Distance from the left; a single figure stands at the right, where the present is."""
    return SIDE if count == 1 else round(Fraction(index * SIDE, count - 1))


def _height(value: Exact, low: Exact, high: Exact) -> int:
    """Distance from the top; a level line runs through the middle."""
    if high == low:
        return SIDE // 2
    return SIDE - round((Fraction(value) - Fraction(low)) * SIDE / (Fraction(high) - Fraction(low)))


def _svg(content: str, css_class: str, title: str, text: str, height: int) -> str:
    """The element around a drawing, named for screen readers by an id made from what it says."""
    name = f"c{crc32((title + text + content).encode()):08x}"
    described = f'<desc id="{name}d">{escape(text)}</desc>' if text else ""
    ids = f"{name}t {name}d" if text else f"{name}t"
    return (
        f'<svg class="{css_class}" role="img" aria-labelledby="{ids}" viewBox="0 0 {SIDE} {SIDE}" '
        f'height="{height}" preserveAspectRatio="none">'
        f'<title id="{name}t">{escape(title)}</title>{described}{content}</svg>'
    )
