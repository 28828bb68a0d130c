"""Timing and its honest report: medians, the machine named, ratios to a baseline run beside it."""

import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection
from rich.console import Console
from rich.table import Table


@dataclass
class Line:
    """One measured thing: median and spread in milliseconds, the target it should reach."""

    name: str
    median: float
    worst: float
    runs: int
    target: str = ""
    note: str = ""


@dataclass
class Report:
    """A benchmark's table."""

    title: str
    lines: list[Line] = field(default_factory=list)

    def time(
        self, name: str, work: Callable[[], Any], *, runs: int = 9, warm: int = 1, target: str = ""
    ) -> float:
        """Run `work` `warm + runs` times; the median of the runs in milliseconds goes into the table."""
        for _ in range(warm):
            work()
        times = []
        for _ in range(runs):
            begun = time.perf_counter()
            work()
            times.append((time.perf_counter() - begun) * 1000)
        median = statistics.median(times)
        self.lines.append(Line(name, median, max(times), runs, target))
        return median

    def note(self, name: str, text: str, target: str = "") -> None:
        """A line that is not a time: a ratio, a size, a rate."""
        self.lines.append(Line(name, -1, -1, 0, target, text))

    def show(self) -> None:
        """Print the table and the machine it was measured on."""
        table = Table(title=self.title)
        for column in ("what", "median", "worst", "runs", "target"):
            table.add_column(column, justify="left" if column == "what" else "right")
        for line in self.lines:
            if line.runs:
                row = (f"{line.median:,.1f} ms", f"{line.worst:,.1f} ms", str(line.runs))
            else:
                row = (line.note, "", "")
            table.add_row(line.name, *row, line.target)
        console = Console()
        console.print(table)
        console.print(machine(), highlight=False, soft_wrap=True)


def machine() -> str:
    """The machine in one line: processor, cores, memory, PostgreSQL, Python, load."""
    model = platform.processor() or platform.machine()
    for line in _lines("/proc/cpuinfo"):
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    memory = next((line for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "MemTotal: 0 kB")
    gib = int(memory.split()[1]) / 1024 / 1024
    with connection.cursor() as cursor:
        cursor.execute("show server_version")
        postgres = cursor.fetchone()[0]
    return (
        f"{model}, {os.cpu_count()} cores, {gib:.0f} GiB, PostgreSQL {postgres}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []
