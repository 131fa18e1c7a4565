"""Counts under names that a file has made up."""

from __future__ import annotations

from collections import Counter

MOST = 40  # names; a hostile file could bring a million
LONGEST = 40  # characters
REST = "…"  # under which all further ones are counted


class Tally(Counter[str]):
    """A counter that stays small."""

    def count(self, name: object) -> None:
        """One more of these."""
        self._count(str(name)[:LONGEST], 1)

    def add(self, other: Tally) -> None:
        """All that another has counted."""
        for name, count in other.items():
            self._count(name, count)

    def _count(self, name: str, count: int) -> None:
        self[name if name in self or len(self) < MOST else REST] += count
