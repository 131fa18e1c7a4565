"""Looking at the words of a text one place at a time, with patience for the small ones between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm.spoken.signs import Item

HOURS, MINUTES, NOON, MONTHS, LONGEST_MONTH = 24, 60, 12, 12, 31
FORWARD = ("on", "at", "into", "filler", "this", "day_of_month")  # may stand before a day
STEPS = 5  # small words that are passed over at once
Found = tuple[dict[str, Any], int] | None  # what a rule has found, and the place behind it


class Words:
    """A text; `month_first` tells how it writes 12/1."""

    def __init__(self, items: Sequence[Item], *, month_first: bool) -> None:
        self._items = items
        self._month_first = month_first

    def _role(self, place: int, role: str) -> Any:
        return self._items[place].role(role) if 0 <= place < len(self._items) else None

    def _kind(self, place: int) -> str:
        return self._items[place].kind if 0 <= place < len(self._items) else ""

    def _skip(self, place: int, *roles: str) -> int:
        last = place + STEPS
        while place < last and any(self._role(place, role) is not None for role in roles):
            place += 1
        return place

    def _mark(self, place: int, marks: str) -> bool:
        return self._kind(place) == "mark" and self._items[place].text in marks

    def _touches(self, place: int) -> bool:
        """Whether it stands right behind what is before it."""
        if not 0 < place < len(self._items):
            return False
        before, here = self._items[place - 1], self._items[place]
        return here.start - before.end <= (0 if here.kind == "mark" else 1) and before.kind == "number"

    def _number(self, place: int) -> int | None:
        if self._kind(place) == "number":
            digits = self._items[place].text
            return int(digits) if len(digits) <= len("9999") else None
        value: int | None = self._role(place, "number")
        return value

    def _amount(self, place: int) -> float | None:
        if self._kind(place) in {"decimal", "pair"}:
            try:
                return float(self._items[place].text.replace(",", "."))
            except ValueError:
                return None
        return self._number(place)
