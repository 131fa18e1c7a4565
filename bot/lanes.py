"""Order: what stands in one lane is done one after the other, and the lanes beside one another."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, Protocol, TypeVar

from crm.ports import Tasks

CROWDED = 1000  # items; then nothing more is taken in for a while


class InLane(Protocol):
    """Anything that knows its lane."""

    @property
    def lane(self) -> str:
        """The lane's name."""


Item = TypeVar("Item", bound=InLane)


class Lanes(Generic[Item]):
    """Queues by name; a lane exists while something stands in it. `work` never raises: it knows what errors mean."""

    def __init__(self, tasks: Tasks, work: Callable[[Item], Awaitable[None]]) -> None:
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
                await self._work(lane[0])
                lane.popleft()
                self._count(-1)
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


def _set_event() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event
