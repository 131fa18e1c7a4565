"""The roads to an account, Business connection and linked device, and the one line in which its health is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.accounts import Account, BusinessConnection, UserbotSession
from storage.userbots import LINKED, UNLINKED

NEEDED_RIGHTS = ("can_read_messages", "can_reply")
HEARING = frozenset({"live", "waiting"})  # states of a device to which Telegram tells what happens


class Health(StrEnum):
    """How an account is, both roads taken together. docs/operating.md says of each what to do."""

    LEAVING = "leaving"
    BOTH = "both"
    BUSINESS = "business"
    DEVICE = "device"
    RIGHTS = "rights"
    BUSINESS_OFF = "business_off"  # the linked device carries on; below, it is Telegram Business that does
    DEVICE_PAUSED = "device_paused"
    DEVICE_AWAY = "device_away"
    DEVICE_ENDED = "device_ended"
    DEVICE_FROZEN = "device_frozen"
    PAUSED = "paused"  # from here on nothing comes in
    CONNECTING = "connecting"
    OFFLINE = "offline"
    FROZEN = "frozen"
    SILENT = "silent"


BESIDE_BUSINESS = {  # how the device's state shows while Telegram Business carries on; one that is off was never there
    "connecting": Health.DEVICE_AWAY,
    "offline": Health.DEVICE_AWAY,
    "off": Health.DEVICE_AWAY,
    "paused": Health.DEVICE_PAUSED,
    "frozen": Health.DEVICE_FROZEN,
    "revoked": Health.DEVICE_ENDED,
}
ALONE = {
    "connecting": Health.CONNECTING,
    "offline": Health.OFFLINE,
    "off": Health.OFFLINE,
    "paused": Health.PAUSED,
    "frozen": Health.FROZEN,
}


@dataclass(frozen=True, slots=True)
class Roads:
    """One account and what leads to it. `userbot_since`: since when its device is connected, or is not."""

    account: Account
    business: BusinessConnection | None
    userbot: UserbotSession | None
    userbot_state: str
    paused: bool = False  # the workspace is leaving: whatever is connected, nothing more is kept
    userbot_since: datetime | None = None

    @property
    def missing_rights(self) -> Sequence[str]:
        """What the Business connection may not do and Wysper needs."""
        if self.business is None or not self.business.enabled:
            return []
        return [right for right in NEEDED_RIGHTS if right not in self.business.rights]

    @property
    def device(self) -> str | None:
        """The state of the linked device as its owner sees it; None where there is none, or he has unlinked it."""
        if self.userbot is None or self.userbot.reason == UNLINKED:
            return None
        if self.userbot.state != LINKED:
            return "revoked"
        if self.userbot.paused_at is not None:
            return "frozen" if self.userbot.reason else "paused"  # the only reason that a linked device can have
        return self.userbot_state

    @property
    def live(self) -> bool:
        """Whether new messages come in by any road, just now."""
        by_business = self.business is not None and self.business.enabled
        return not self.paused and (by_business or self.device in HEARING)

    @property
    def health(self) -> Health:
        """Both roads in one word."""
        if self.paused:
            return Health.LEAVING
        if self.business is not None and self.business.enabled:
            return self._beside_business()
        if self.device in HEARING:
            return Health.DEVICE if self.business is None else Health.BUSINESS_OFF
        return ALONE.get(self.device or "", Health.SILENT)

    @property
    def since(self) -> datetime:
        """Since when the health is what it is, as far as that is known."""
        return self._since() or self.account.connected_at

    def _since(self) -> datetime | None:
        match self.health:
            case Health.BUSINESS:
                return self.business.connected_at if self.business else None
            case Health.RIGHTS | Health.BUSINESS_OFF:
                return self.business.changed_at if self.business else None
            case Health.SILENT:
                return max((road.changed_at for road in (self.business, self.userbot) if road), default=None)
            case Health.BOTH | Health.DEVICE | Health.DEVICE_AWAY | Health.CONNECTING | Health.OFFLINE:
                return self.userbot_since
            case _:
                return self.userbot.changed_at if self.userbot else None

    def _beside_business(self) -> Health:
        trouble = BESIDE_BUSINESS.get(self.device or "")
        if trouble is not None:
            return trouble
        if self.missing_rights:
            return Health.RIGHTS
        return Health.BOTH if self.device in HEARING else Health.BUSINESS
