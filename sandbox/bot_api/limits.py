"""How fast a bot may send: about thirty a second in all, one a second to one chat, and twenty a minute to a group."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.world import Clock, Refused


@dataclass(frozen=True, slots=True)
class Allowance:
    """`burst` at once, then `per_second`."""

    burst: float
    per_second: float


WHOLE_BOT = Allowance(burst=30, per_second=30)  # Bot FAQ: "no more than about 30 messages per second"
ONE_CHAT = Allowance(burst=20, per_second=1)  # Bot FAQ: one a second; "we may allow short bursts that go over this"
ONE_GROUP = 20  # Bot FAQ: "not be able to send more than 20 messages per minute"; here: in any sixty seconds
_MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class _Bucket:
    allowance: Allowance
    level: float
    filled_at: datetime

    def wait(self, count: int, now: datetime) -> float:
        """Seconds until so many may go."""
        passed = (now - self.filled_at).total_seconds()
        self.level = min(self.allowance.burst, self.level + passed * self.allowance.per_second)
        self.filled_at = now
        return max(0.0, (min(count, self.allowance.burst) - self.level) / self.allowance.per_second)

    def take(self, count: int, _now: datetime) -> None:
        self.level -= count


@dataclass(slots=True)
class _LastMinute:
    """When each message of the last sixty seconds went to a group."""

    went: deque[datetime] = field(default_factory=deque)

    def wait(self, count: int, now: datetime) -> float:
        """Seconds until so many may go."""
        while self.went and now - self.went[0] >= _MINUTE:
            self.went.popleft()
        over = len(self.went) + min(count, ONE_GROUP) - ONE_GROUP
        return (self.went[over - 1] + _MINUTE - now).total_seconds() if over > 0 else 0.0

    def take(self, count: int, now: datetime) -> None:
        self.went.extend([now] * count)


class FloodControl:
    """One bot's budget, counted in the world's time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._whole = _Bucket(WHOLE_BOT, WHOLE_BOT.burst, clock.now())
        self._chats: dict[int, _Bucket | _LastMinute] = {}

    def spend(self, chat_id: int, count: int = 1) -> None:
        """Count messages that go to a chat. Refuses with the seconds to wait when there were too many."""
        now = self._clock.now()
        chat = self._chats.get(chat_id)
        if chat is None:
            chat = self._chats[chat_id] = _LastMinute() if chat_id < 0 else _Bucket(ONE_CHAT, ONE_CHAT.burst, now)
        wait = math.ceil(max(limit.wait(count, now) for limit in (self._whole, chat)))
        if wait:
            raise Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        for limit in (self._whole, chat):
            limit.take(count, now)
