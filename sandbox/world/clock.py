"""The world's time: real time, or a moment that stands still, plus an offset that tests and the page can move."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Tells aware UTC, and jumps forward when told to. `still_at`: time passes only then."""

    def __init__(self, still_at: datetime | None = None) -> None:
        self._still_at = still_at
        self._offset = timedelta()
        self._listeners: list[Callable[[datetime], None]] = []

    def now(self) -> datetime:
        return (self._still_at or datetime.fromtimestamp(time.time(), UTC)) + self._offset

    def advance(self, by: timedelta) -> None:
        """Move time forward and tell everyone who waits for it."""
        if by < timedelta():
            raise ValueError("the world's time only goes forward")
        self._offset += by
        for listener in list(self._listeners):
            listener(self.now())

    def on_advance(self, listener: Callable[[datetime], None]) -> None:
        """Call `listener` with the new time after each jump."""
        self._listeners.append(listener)
