"""How fast a bot may send: about thirty a second in all, about one a second to one chat, with short bursts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from sandbox.world import Clock, Refused


@dataclass(frozen=True, slots=True)
class Allowance:
    """`burst` at once, then `per_second`."""

    burst: float
    per_second: float


WHOLE_BOT = Allowance(burst=30, per_second=30)  # Bot FAQ: "no more than about 30 messages per second"
ONE_CHAT = Allowance(burst=20, per_second=1)  # Bot FAQ: one a second; "we may allow short bursts that go over this"
ONE_GROUP = Allowance(burst=20, per_second=20 / 60)  # Bot FAQ: "not be able to send more than 20 messages per minute"


@dataclass(slots=True)
class _Bucket:
    level: float
    filled_at: datetime

    def fill(self, allowance: Allowance, now: datetime) -> None:
        passed = (now - self.filled_at).total_seconds()
        self.level = min(allowance.burst, self.level + passed * allowance.per_second)
        self.filled_at = now

    def wait(self, allowance: Allowance, count: int) -> float:
        return max(0.0, (min(count, allowance.burst) - self.level) / allowance.per_second)


class FloodControl:
    """One bot's budget, counted in the world's time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[int | None, _Bucket] = {}

    def spend(self, chat_id: int, count: int = 1) -> None:
        """Count messages that go to a chat. Refuses with the seconds to wait when there were too many."""
        now, one = self._clock.now(), ONE_GROUP if chat_id < 0 else ONE_CHAT
        taken = [(self._bucket(None, WHOLE_BOT, now), WHOLE_BOT), (self._bucket(chat_id, one, now), one)]
        wait = math.ceil(max(bucket.wait(allowance, count) for bucket, allowance in taken))
        if wait:
            raise Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        for bucket, _ in taken:
            bucket.level -= count

    def _bucket(self, key: int | None, allowance: Allowance, now: datetime) -> _Bucket:
        bucket = self._buckets.setdefault(key, _Bucket(allowance.burst, now))
        bucket.fill(allowance, now)
        return bucket
