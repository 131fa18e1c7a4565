"""Where messages stand: the private chats of two, and the groups of many."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

CHANNELS = -1_000_000_000_000  # Bot API: a supergroup's id is this and its own number, counted down
RIGHTS = frozenset({  # of admins, in the Bot API's words
    "manage_chat", "change_info", "delete_messages", "restrict_members", "invite_users", "promote_members",
    "pin_messages", "manage_topics",
})  # fmt: skip
COLOURS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)  # Bot API, createForumTopic: icon_color
PERMISSIONS = frozenset({"send_messages", "change_info", "invite_users"})  # of plain members, in the Bot API's words


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat of two people, or of one with himself (his saved messages)."""

    members: tuple[int, ...]

    def peer_of(self, account_id: int) -> int:
        """Give the other side as one member sees it."""
        return self.members[0] if self.members[-1] == account_id else self.members[-1]

    @property
    def books(self) -> tuple[int, ...]:
        """Who numbers the messages: here each member for himself."""
        return self.members

    def book_of(self, account_id: int) -> int:
        """Under whose numbers a member knows the messages."""
        return account_id

    def audience(self, holders: Collection[int]) -> tuple[int, ...]:
        """Give whose clients show a message that stands in these books."""
        return tuple(holders)


@dataclass(slots=True, eq=False)
class Topic:
    """A thread of a forum; its number is that of the notice that it was opened. The general topic is none of these."""

    id: int
    name: str
    creator_id: int
    colour: int = COLOURS[0]
    emoji_id: str | None = None
    closed: bool = False


@dataclass(slots=True, eq=False, kw_only=True)
class Group(Chat):
    """A group; `id` is the Bot API's, below zero. In a supergroup all know a message by one number, the group's own."""

    id: int
    access_hash: int
    title: str
    owner_id: int
    date: datetime
    admins: dict[int, frozenset[str]] = field(default_factory=dict)  # with their rights
    permissions: frozenset[str] = PERMISSIONS
    is_forum: bool = False
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)  # messages by their number in the world, the last pinned last
    kicked: set[int] = field(default_factory=set)  # who was thrown out of a supergroup and not let in again
    is_deleted: bool = False
    migrated_to: int | None = None
    migrated_from: int | None = None

    @property
    def is_super(self) -> bool:
        return self.id < CHANNELS

    @property
    def number(self) -> int:
        """Give the id as MTProto has it: without a sign, and counted apart from users and other kinds of groups."""
        return CHANNELS - self.id if self.is_super else -self.id

    def peer_of(self, account_id: int) -> int:
        del account_id
        return self.id

    @property
    def books(self) -> tuple[int, ...]:
        return (self.id,) if self.is_super else self.members

    def book_of(self, account_id: int) -> int:
        return self.id if self.is_super else account_id

    def audience(self, holders: Collection[int]) -> tuple[int, ...]:
        return self.members if self.is_super else tuple(member for member in self.members if member in holders)

    def stranger(self, noun: str, person_id: int) -> str:
        """Say in the Bot API's words why somebody, a bot or a user, has no access to it."""
        how = "was kicked from" if person_id in self.kicked else "is not a member of"
        return f"{noun} {how} the {'supergroup' if self.is_super else 'group'} chat"

    def may(self, person_id: int, permission: str) -> bool:
        """Tell whether a member may do something: the owner all, admins by their rights, all what is permitted."""
        return (
            person_id == self.owner_id
            or permission in self.permissions
            or permission in self.admins.get(person_id, ())
            or (permission == "send_messages" and person_id in self.admins)
        )
