"""Noticing that this machine was suspended, a laptop's lid closed or a virtual machine paused, while Wysper runs."""

from __future__ import annotations

from datetime import datetime, timedelta
from time import monotonic

from crm.ports import Clock

LONG = timedelta(minutes=1)  # less cuts no connection, and clocks are set right by seconds


class Watch:
    """Looks at two clocks: in a sleep the time of day goes on, and the time that a program counts does not.

    Windows counts on in its sleep: there a sleep shows at the next start alone.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen = self._both()

    def slept(self) -> timedelta | None:
        """For how long, since the last look; None where it was awake."""
        before, self._seen = self._seen, self._both()
        slept = (self._seen[0] - before[0]) - timedelta(seconds=self._seen[1] - before[1])
        return slept if slept >= LONG else None

    def _both(self) -> tuple[datetime, float]:
        return self._clock.now(), monotonic()
