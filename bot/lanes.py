"""Order: what stands in one lane is done one after the other, and the lanes beside one another.

Neighbours in a lane that may be done together are handed over together: so what has piled up costs less than it did.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from itertools import islice, takewhile
from typing import Generic, Protocol, TypeVar

from crm.ports import Tasks

CROWDED = 10_000  # items, some ten megabytes; then nothing more is taken in for a while
TOGETHER = 50  # items; between two handfuls whoever presses a button has his turn


class InLane(Protocol):
    """Anything that knows its lane."""

    @property
    def lane(self) -> str:
        """The lane's name."""

    @property
    def joins(self) -> bool:
        """Whether it may be done together with neighbours that may, too."""


Item = TypeVar("Item", bound=InLane)


class Lanes(Generic[Item]):
    """Queues by name; a lane exists while something stands in it.

    `work` is given one item, or several neighbours that may be done together. It never raises: it knows what errors
    mean.
    """

    def __init__(self, tasks: Tasks, work: Callable[[Sequence[Item]], Awaitable[None]]) -> None:
        self._tasks = tasks
        self._work = work
        self._lanes: dict[str, deque[Item]] = {}
        self._standing = 0
        self.stopping = asyncio.Event()
        self.idle = _set_event()
        self.has_room = _set_event()

    def add(self, item: Item) -> None:
        """Put it at the end of its lane."""
        if self.stopping.is_set():
            return  # it is in the inbox, and the next start finds it there
        self._count(1)
        lane = self._lanes.get(item.lane)
        if lane is not None:
            lane.append(item)
            return
        self._lanes[item.lane] = deque([item])
        self.idle.clear()
        self._tasks.start("lane", self._run(item.lane))

    async def stop(self) -> None:
        """Let what has begun come to its end, and begin nothing more."""
        self.stopping.set()
        await self.idle.wait()

    async def _run(self, name: str) -> None:
        lane = self._lanes[name]
        try:
            while lane and not self.stopping.is_set():
                items = [*takewhile(_joins, islice(lane, TOGETHER))] or [lane[0]]
                await self._work(items)
                for _ in items:
                    lane.popleft()
                self._count(-len(items))
        finally:
            self._count(-len(lane))
            del self._lanes[name]
            if not self._lanes:
                self.idle.set()

    def _count(self, change: int) -> None:
        self._standing += change
        if self._standing < CROWDED:
            self.has_room.set()
        else:
            self.has_room.clear()


def _joins(item: InLane) -> bool:
    return item.joins


def _set_event() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event
