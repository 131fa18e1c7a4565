"""What is said: a message, and the formatting of its text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.world.chats import Chat
from sandbox.world.files import File

VIEW_ONCE = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of formatted text in the Bot API's names; offset and length count UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    user_id: int | None = None
    language: str | None = None
    custom_emoji_id: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """The part of a message that a reply picks out; the offset counts UTF-16 units."""

    text: str
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a forwarded message was first said: by whom, or by a name alone where he does not let himself be found."""

    name: str
    date: datetime
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Reaction:
    """What somebody put under a message: an emoji, or a picture by its number."""

    by: int
    date: datetime
    emoji: str = ""
    custom_id: int | None = None


@dataclass(slots=True, eq=False)
class Message:
    """A message as the world knows it; `ids` holds its number in each book: an account's, or a supergroup's own."""

    uid: int
    chat: Chat
    sender_id: int
    text: str
    date: datetime
    entities: tuple[Entity, ...] = ()
    file: File | None = None
    album_id: int | None = None
    reply_to: int | None = None
    topic: int | None = None  # of a forum; none: the general one
    edited_at: datetime | None = None
    deleted: bool = False
    markup: dict[str, Any] | None = None
    business_bot_id: int | None = None
    service: dict[str, Any] | None = None
    quote: Quote | None = None
    origin: Origin | None = None
    ttl: int | None = None  # seconds after which its file destroys itself; VIEW_ONCE: when it was seen
    protected: bool = False  # neither forwarded nor saved
    silent: bool = False  # it came without a sound
    reactions: tuple[Reaction, ...] = ()
    reacted_at: datetime | None = None
    receiver_id: int | None = None  # the one member of a group who is shown it
    ephemeral_id: int = 0  # its number among what he is shown so
    ids: dict[int, int] = field(default_factory=dict)
    versions: list[tuple[str, datetime]] = field(default_factory=list)

    def number(self, account_id: int) -> int:
        """Give the number by which an account knows it; 0 for what is shown to one member alone."""
        return 0 if self.receiver_id else self.ids[self.chat.book_of(account_id)]

    @property
    def audience(self) -> tuple[int, ...]:
        """Give whose clients show it."""
        if self.receiver_id:
            return tuple(member for member in self.chat.members if member in {self.sender_id, self.receiver_id})
        return self.chat.audience(self.ids)
