"""Lists that are shown page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
SIZE = 10
FURTHEST = 2**40


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; pages count from 0, and an empty list has one."""

    items: Sequence[T]
    number: int = 0
    last: int = 0
    count: int = 0

    def with_items(self, items: Sequence[T]) -> Page[T]:
        """The same place with what stands there."""
        return Page(items, self.number, self.last, self.count)

    @property
    def offset(self) -> int:
        """How many items stand before this page."""
        return self.number * SIZE


def within(asked: int) -> int:
    """A page number that may be multiplied before the length of its list is known: a forged button holds any."""
    return min(max(0, asked), FURTHEST)


def place(asked: int, count: int) -> Page[T]:
    """The page that was asked for, or the nearest there is: a list may have shrunk since its button was drawn."""
    last = max(0, (count - 1) // SIZE)
    return Page((), min(max(0, asked), last), last, count)
