"""By which way an answer goes, decided here and nowhere else, with the reason why no better one may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from crm.roads import Roads
from crm.seen import File

WINDOW = timedelta(hours=24)  # Bot API: can_reply covers chats in which the client wrote so lately
FETCHED = 20 * 1024 * 1024  # Bot API, getFile: what a bot can download
LIMITED = timedelta(hours=24)  # for how long an account that Telegram has limited is left in peace
REACHING = frozenset({"live", "waiting", "connecting", "offline"})  # states of a device that can send, perhaps soon


class Way(StrEnum):
    """The ways to a client, the best first."""

    BUSINESS = "business"
    USERBOT = "userbot"
    DRAFT = "draft"  # in the owner's own client, who looks at it and sends it
    COPY = "copy"  # by hand: a text to copy, and a link to the chat


class Bar(StrEnum):
    """What stands in a way. Whatever else does is Telegram's own name of a refusal."""

    NONE = "none"  # there is no such road
    OFF = "off"  # the Business connection was taken off
    NO_RIGHT = "no_right"
    SILENT = "silent"  # the client has not written within 24 hours
    FROZEN = "frozen"
    UNCOVERED = "uncovered"  # the Business connection leaves this chat out
    ENDED = "ended"  # the device was logged out
    PAUSED = "paused"
    IDLE = "idle"  # the device does not run here
    FIRST = "first"  # the client has never written: a device writes to nobody first
    LIMITED = "limited"  # Telegram has limited to whom the account may write
    FILE = "file"  # a draft holds words alone
    TOO_LARGE = "too_large"  # Telegram gives a bot no larger file, so the device cannot have it from there
    UNMET = "unmet"  # Telegram has not shown this person to the device


@dataclass(frozen=True, slots=True)
class Choice:
    """The way, and what stands in each one before it."""

    way: Way
    bars: Mapping[Way, str]


def bars_of(file: File | None) -> dict[str, str]:
    """What a file has in its way."""
    if file is None:
        return {}
    large: dict[str, str] = {Way.USERBOT: Bar.TOO_LARGE} if (file.size or 0) > FETCHED else {}
    return {**large, Way.DRAFT: Bar.FILE}


def choose(
    roads: Roads, last_inbound_at: datetime | None, now: datetime, refusals: Mapping[str, str] | None = None
) -> Choice:
    """The first way in which nothing stands; `refusals` are those that this very answer has met."""
    refused = refusals or {}
    bars: dict[Way, str] = {}
    for way in (Way.BUSINESS, Way.USERBOT, Way.DRAFT):
        bar = refused.get(way) or _bar(way, roads, last_inbound_at, now)
        if bar is None:
            return Choice(way, bars)
        bars[way] = bar
    return Choice(Way.COPY, bars)


def _bar(way: Way, roads: Roads, last_inbound_at: datetime | None, now: datetime) -> Bar | None:
    if way is Way.BUSINESS:
        return _of_business(roads, last_inbound_at, now)
    bar = _of_device(roads)
    if bar is None and way is Way.USERBOT:
        limited_at = roads.userbot.limited_at if roads.userbot is not None else None
        if last_inbound_at is None:
            bar = Bar.FIRST
        elif limited_at is not None and now - limited_at < LIMITED:
            bar = Bar.LIMITED
    return bar


def _of_business(roads: Roads, last_inbound_at: datetime | None, now: datetime) -> Bar | None:
    if roads.business is None:
        return Bar.NONE
    if not roads.business.enabled:
        return Bar.OFF
    if roads.device == "frozen":
        return Bar.FROZEN
    if "can_reply" in roads.missing_rights:
        return Bar.NO_RIGHT
    return Bar.SILENT if last_inbound_at is None or now - last_inbound_at > WINDOW else None


def _of_device(roads: Roads) -> Bar | None:
    if roads.device in REACHING:
        return None
    standing = {None: Bar.NONE, "revoked": Bar.ENDED, "paused": Bar.PAUSED, "frozen": Bar.FROZEN}
    return standing.get(roads.device, Bar.IDLE)
