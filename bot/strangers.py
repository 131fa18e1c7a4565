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
        self._heard: OrderedDict[str, tuple[datetime, set[int]]] = OrderedDict()

    def hear(self, lane: str, update_id: int, now: datetime) -> bool:
        """Whether this one is listened to; otherwise it is neither stored nor answered.

        One that comes again, because it could not be stored, counts once.
        """
        since, heard = self._heard.pop(lane, (now, set()))
        if now - since >= MINUTE:
            since, heard = now, set()
        if len(heard) < AT_MOST:
            heard.add(update_id)
        self._heard[lane] = since, heard
        if len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)
        return update_id in heard
