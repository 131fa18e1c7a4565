"""How often something may be asked for before the server says to wait."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import ceil


@dataclass(slots=True)
class Rate:
    """At most `count` times in `seconds`, for each key apart."""

    count: int
    seconds: float
    _times: dict[object, deque[float]] = field(default_factory=dict, repr=False)

    def wait(self, key: object, now: float) -> int:
        """Count one more time at `now`; give the whole seconds to wait instead where that was too often."""
        times = self._times.setdefault(key, deque())
        while times and times[0] <= now - self.seconds:
            times.popleft()
        if len(times) >= self.count:
            return max(1, ceil(times[0] + self.seconds - now))
        times.append(now)
        return 0
