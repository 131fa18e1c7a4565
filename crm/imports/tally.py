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
        short = str(name)[:LONGEST]
        self[short if short in self or len(self) < MOST else REST] += 1
