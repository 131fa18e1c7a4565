"""What a source saw, in words that belong to no source: the values on which both roads of the mirror meet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from storage.messages import COMMON

VANISHES = "self_destructing"  # the mark in `Seen.extra`
# Telegram's own accounts, which look like people: its notices (login codes among them) and its verification codes.
SERVICES = frozenset({777000, 489000, 42777})


class Source(StrEnum):
    """Who saw it."""

    BUSINESS = "business"
    USERBOT = "userbot"
    IMPORT = "import"  # an export of Telegram Desktop: what stood when it was made, told by a file


@dataclass(frozen=True, slots=True)
class Peer:
    """The other side of a private chat, or a group: its id is below zero. None means: this source does not say."""

    id: int
    first_name: str = ""
    last_name: str | None = None
    username: str | None = None
    phone: str | None = None
    language: str | None = None
    is_bot: bool = False

    @property
    def name(self) -> str:
        """The name as Telegram shows it; the id where there is none."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or f"#{self.id}"


@dataclass(frozen=True, slots=True)
class File:
    """What a message carries; sizes in bytes, pixels and seconds."""

    kind: str
    mime: str | None = None
    name: str | None = None
    size: int | None = None
    width: int | None = None
    height: int | None = None
    duration: int | None = None
    file_id: str | None = None
    userbot: dict[str, Any] | None = None
    beside: str | None = None  # its name beside an export


@dataclass(slots=True)  # as many as messages: see `Seen`
class Reactions:
    """What stood under a message at a moment.

    Each sign in the Bot API's words (type, emoji or custom_emoji_id) with `count`, and `by` whom as far as it is told.
    """

    signs: list[dict[str, Any]]
    as_of: datetime


@dataclass(slots=True)  # not frozen: that takes four times as long to make, and a history has a hundred thousand
class Seen:
    """One message of a private chat or a group, as it stood when the source saw it. Nobody changes it.

    Entities are the Bot API's (type, offset and length in UTF-16 units, …). `kind` is its name of the content.
    `touched`: something changed since that is no other text, such as a reaction, and when the text was written is not
    told. `protected`: it may be neither forwarded nor saved. Reactions of None: this source does not say.
    `sender`: who wrote it, in a group, where it was not the account itself.
    """

    source: Source
    account_id: int
    peer: Peer
    message_id: int
    sender_id: int
    outgoing: bool
    sent_at: datetime
    kind: str = "text"
    text: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    edited_at: datetime | None = None
    reply_to_id: int | None = None
    album_id: str | None = None
    by_bot: bool = False
    file: File | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    touched: bool = False
    protected: bool = False
    reactions: Reactions | None = None
    sender: Peer | None = None

    @property
    def vanishes(self) -> bool:
        """Whether it carries what destroys itself: then only that it was there is kept."""
        return VANISHES in self.extra


class AnotherAccount(Exception):  # noqa: N818  a kind, named as people say it
    """What a file tells contradicts what is known: its messages are another account's."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Messages that were deleted at Telegram, in a box: only those of supergroups name the chat."""

    source: Source
    account_id: int
    message_ids: tuple[int, ...]
    at: datetime
    box: int = COMMON


@dataclass(frozen=True, slots=True)
class Reacted:
    """Reactions that were told without their message."""

    peer_id: int
    message_id: int
    reactions: Reactions


@dataclass(frozen=True, slots=True)
class Read:
    """Up to which message ids a chat was read: what came in by us, what went out by the other side. None: not told."""

    peer_id: int
    inbox: int | None = None
    outbox: int | None = None
