"""How much is listened to from those who belong to no workspace: enough to arrive, too little to fill a disk."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

AT_MOST = 30  # updates in a minute; whoever arrives writes and presses about ten times in all
MINUTE = timedelta(minutes=1)
REMEMBERED = 4096  # lanes; beyond, the longest silent is listened to anew


class Strangers:
    """Counts the updates of each lane that no workspace stands behind."""

    def __init__(self) -> None:
        self._heard: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def hear(self, lane: str, now: datetime) -> bool:
        """Whether one more is listened to; otherwise it is neither stored nor answered."""
        since, count = self._heard.pop(lane, (now, 0))
        if now - since >= MINUTE:
            since, count = now, 0
        self._heard[lane] = since, min(count + 1, AT_MOST + 1)
        if len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)
        return count < AT_MOST
