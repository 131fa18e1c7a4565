"""Two sides measured in turns, and the plain table that shows their figures beside one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

WIDTH = 11
MIB = 2**20


@dataclass(slots=True)
class Pair:
    """The same thing done by us and by the baseline, again and again; in seconds, or whatever both count in."""

    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """How many times the baseline we take in the middle of all tries: 1 is the same."""
        return median(self.ours) / median(self.theirs)

    @property
    def more(self) -> float:
        """What we take more in the middle of all tries."""
        return median(self.ours) - median(self.theirs)

    def milliseconds(self) -> list[str]:
        """Median and 95th percentile of both sides."""
        return [f"{value * 1000:.2f}" for side in (self.ours, self.theirs) for value in (median(side), p95(side))]


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed."""
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def show(title: str, heads: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Print a table: a name to the left, figures to the right."""
    left = max([len(name) for name, _ in rows] + [len(title)])
    print(f"\n{title:{left}}" + "".join(f"{head:>{WIDTH}}" for head in heads))
    for name, figures in rows:
        print(f"{name:{left}}" + "".join(f"{figure:>{WIDTH}}" for figure in figures))


def peak() -> float:
    """The largest resident size of this process so far, in bytes (Linux tells)."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024
