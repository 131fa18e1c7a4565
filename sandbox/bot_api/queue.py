"""A bot's updates that wait to be fetched or posted, as a rule at most 24 hours."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import takewhile

from aiogram.types import TelegramObject

from sandbox.bot_api.answers import to_json
from sandbox.world import Clock, Refused

KEPT_FOR = timedelta(hours=24)  # Bot API: "updates … will not be kept longer than 24 hours"
# Bot API, allowed_updates: these come only to those who ask for them by name
_ONLY_WHEN_ASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True)
class PendingUpdate:
    """One update, serialised as it was when it happened; `lane` is the chat within which order is kept."""

    id: int
    kind: str
    lane: int
    since: datetime
    body: bytes = field(repr=False)


class UpdateQueue:
    """Numbers updates, keeps them until they are confirmed, and wakes whoever waits for them."""

    def __init__(self, clock: Clock, bot_id: int, kept_for: timedelta) -> None:
        self._clock = clock
        self._kept_for = kept_for
        self._next_id = bot_id % 900_000_000 + 1  # Telegram starts somewhere, too
        self._pending: dict[int, PendingUpdate] = {}
        self._news = asyncio.Event()
        self._waiting: object | None = None
        self._conflict = ""
        self.allowed: frozenset[str] | None = None

    def add(self, kind: str, lane: int, content: Callable[[], TelegramObject], since: datetime | None = None) -> None:
        """Queue an update unless the bot does not want its kind or it is too old: then `content` is never made."""
        since = since or self._clock.now()
        if not self.wants(kind) or self._clock.now() - since > self._kept_for:
            return
        body = b'{"update_id":%d,"%s":%s}' % (self._next_id, kind.encode(), to_json(content()))
        self._pending[self._next_id] = PendingUpdate(self._next_id, kind, lane, since, body)
        self._next_id += 1
        self._news.set()

    def wants(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed is not None else kind not in _ONLY_WHEN_ASKED

    def allow(self, kinds: list[str] | None) -> None:
        """Choose the kinds of updates from now on: None leaves the choice as it is, an empty list is the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def __iter__(self) -> Iterator[PendingUpdate]:
        self._expire()
        return iter(tuple(self._pending.values()))

    def __len__(self) -> int:
        self._expire()
        return len(self._pending)

    def _expire(self) -> None:
        oldest = self._clock.now() - self._kept_for
        for update in list(self._pending.values()):
            if update.since >= oldest:
                break
            del self._pending[update.id]

    def drop(self, update_id: int) -> None:
        """Forget one update that was delivered."""
        self._pending.pop(update_id, None)

    def clear(self) -> None:
        self._pending.clear()

    def confirm(self, offset: int) -> None:
        """Forget every update below an offset; a negative one keeps only that many of the newest."""
        numbers = list(self._pending)
        for number in numbers[:offset] if offset < 0 else takewhile(lambda number: number < offset, numbers):
            del self._pending[number]

    def interrupt(self, reason: str) -> None:
        """Send away whoever waits in a long poll, with a 409 that says why."""
        self._waiting, self._conflict = None, reason
        self._news.set()

    async def poll(self, offset: int | None, limit: int, seconds: float) -> list[PendingUpdate]:
        """Wait for updates, at most so many seconds. A later poll sends this one away with a 409."""
        self.interrupt("terminated by other getUpdates request; make sure that only one bot instance is running")
        self._waiting = mine = object()
        if offset:
            self.confirm(offset)
        try:
            async with asyncio.timeout(seconds):
                while not len(self):
                    await self.news()
                    if self._waiting is not mine:
                        raise Refused(409, f"Conflict: {self._conflict}")
        except TimeoutError:
            return []
        return list(self)[:limit]

    async def news(self) -> None:
        """Wait until something is queued, or someone is sent away."""
        self._news.clear()
        await self._news.wait()

    def wake(self) -> None:
        self._news.set()
