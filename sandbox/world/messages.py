"""What is said: a message, the chat it stands in, and the formatting of its text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.world.files import File


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of formatted text in the Bot API's names; offset and length count UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    user_id: int | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Chat:
    """A private chat of two people, or of one with himself (his saved messages)."""

    members: tuple[int, ...]

    def peer_of(self, account_id: int) -> int:
        """Give the other side as one member sees it."""
        return self.members[0] if self.members[-1] == account_id else self.members[-1]


@dataclass(slots=True, eq=False)
class Message:
    """A message as the world knows it; `ids` holds its number in each account that has it."""

    uid: int
    chat: Chat
    sender_id: int
    text: str
    date: datetime
    entities: tuple[Entity, ...] = ()
    file: File | None = None
    album_id: int | None = None
    reply_to: int | None = None
    edited_at: datetime | None = None
    deleted: bool = False
    markup: dict[str, Any] | None = None
    business_bot_id: int | None = None
    service: dict[str, Any] | None = None
    ids: dict[int, int] = field(default_factory=dict)
    versions: list[tuple[str, datetime]] = field(default_factory=list)
