"""What one account holds: its boxes of messages under its own numbers, and the log of what happened to them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.world.chats import Chat, Group
from sandbox.world.events import ChatRead, Event, MessagesDeleted
from sandbox.world.messages import Message
from sandbox.world.people import People
from sandbox.world.refused import Refused


@dataclass(slots=True, eq=False)
class Box:
    """One account's side of a chat, oldest message first, with how far it was read (numbers of this account)."""

    account_id: int
    peer_id: int
    chat: Chat
    messages: list[Message] = field(default_factory=list)
    read_inbox: int = 0
    read_outbox: int = 0
    unread: int = 0
    last_incoming: datetime | None = None
    since: int = 0  # the count of a supergroup when its member came

    def number(self, message: Message) -> int:
        return message.number(self.account_id)

    def count(self, message: Message) -> None:
        """Let a message that came in wait to be read."""
        if message.sender_id != self.account_id:
            self.unread += 1
            self.last_incoming = max(message.date, self.last_incoming or message.date)

    def newest_first(self, before: int | None = None) -> Iterator[Message]:
        """Walk the messages that stand, from the newest, or from the one just before a number."""
        end = len(self.messages) if before is None else bisect_left(self.messages, before, key=self.number)
        return (self.messages[at] for at in range(end - 1, -1, -1) if not self.messages[at].deleted)

    def oldest_first(self, after: int = 0) -> Iterator[Message]:
        """Walk the messages that stand, from the one just after a number."""
        start = bisect_right(self.messages, after, key=self.number)
        return (self.messages[at] for at in range(start, len(self.messages)) if not self.messages[at].deleted)

    @property
    def top(self) -> Message | None:
        return next(self.newest_first(), None)


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """An event at its place in one account's log: `pts` after it, and by how much it moved."""

    pts: int
    pts_count: int
    event: Event


@dataclass(slots=True, eq=False)
class Account:
    """Messages by number, boxes by peer, and the log behind live updates and differences.

    Each person and bot has one; and so has each supergroup, which numbers its messages and counts its events itself.
    """

    id: int
    pts: int = 1
    last_id: int = 0
    messages: dict[int, Message] = field(default_factory=dict)
    boxes: dict[int, Box] = field(default_factory=dict)
    log: list[AccountEvent] = field(default_factory=list)

    def record(self, event: Event) -> None:
        """Write an event into the log; a deletion counts each message, as in Telegram."""
        count = len(event.messages) if isinstance(event, MessagesDeleted) else 1
        self.pts += count
        self.log.append(AccountEvent(self.pts, count, event))

    def events_since(self, pts: int) -> list[AccountEvent]:
        return self.log[bisect_right(self.log, pts, key=lambda entry: entry.pts) :]

    def receive(self, message: Message) -> int:
        """Put a message into its box under this account's next number, and give the number."""
        self.last_id += 1
        message.ids[self.id] = self.last_id
        self.messages[self.last_id] = message
        box = self.box(message.chat)
        box.messages.append(message)
        box.count(message)
        return self.last_id

    def box(self, chat: Chat) -> Box:
        peer_id = chat.peer_of(self.id)
        if peer_id not in self.boxes:
            self.boxes[peer_id] = Box(self.id, peer_id, chat)
        return self.boxes[peer_id]


class Accounts(People):
    """Every account of the world."""

    def __init__(self) -> None:
        super().__init__()
        self._accounts: dict[int, Account] = {}
        self.groups: dict[int, Group] = {}

    def account(self, account_id: int) -> Account:
        """Give the account of a person, or of a supergroup. Refuses an id that nobody has."""
        if account_id not in self._accounts:
            known = self.groups[account_id] if account_id in self.groups else self.person(account_id)
            self._accounts[known.id] = Account(account_id)
        return self._accounts[account_id]

    def group(self, group_id: int) -> Group:
        """Give the group. Refuses an id that none has."""
        try:
            return self.groups[group_id]
        except KeyError:
            raise Refused.bad_request("chat not found") from None

    def supergroups_of(self, account_id: int) -> list[Group]:
        """Give the supergroups in which somebody is."""
        return [group for group in self.groups.values() if group.is_super and account_id in group.members]

    def message_in(self, account_id: int, peer_id: int, number: int) -> Message | None:
        """Find a message of one chat by the number that a member knows it by."""
        group = self.groups.get(peer_id)
        message = self.message_for(group.book_of(account_id) if group else account_id, number)
        there = message is not None and message.chat.peer_of(account_id) == peer_id
        return message if there and message and account_id in message.audience else None

    def message_for(self, account_id: int, message_id: int) -> Message | None:
        """Find a message by the number that it has in one account; deleted ones are not found."""
        message = self.account(account_id).messages.get(message_id)
        return None if message is None or message.deleted else message

    def dialogs(self, account_id: int) -> list[Box]:
        """List the boxes that hold a message, the newest message first; a group that moved on is not shown."""
        boxes = [box for box in self.account(account_id).boxes.values() if not getattr(box.chat, "migrated_to", None)]
        with_top = [(top, box) for box in boxes if (top := box.top)]
        with_top.sort(key=lambda pair: (pair[0].date, pair[0].uid), reverse=True)
        return [box for _, box in with_top]

    def history(
        self,
        account_id: int,
        peer_id: int,
        *,
        before_id: int | None = None,
        after_id: int | None = None,
        limit: int = 100,
    ) -> list[Message]:
        """Give up to `limit` messages, newest first: those nearest below `before_id`, or nearest above `after_id`."""
        box = self.account(account_id).boxes.get(peer_id)
        if box is None:
            return []
        if after_id is None:
            return [message for message, _ in zip(box.newest_first(before_id), range(limit), strict=False)]
        found = [
            message
            for message, _ in zip(box.oldest_first(after_id), range(limit), strict=False)
            if before_id is None or box.number(message) < before_id
        ]
        return found[::-1]

    def read(self, account_id: int, peer_id: int, up_to: int | None = None) -> None:
        """Mark what came from a peer as read, up to a number of the reader's account or all of it."""
        account = self.account(account_id)
        box = account.boxes.get(peer_id)
        if box is None:
            return
        last = next(box.newest_first(None if up_to is None else up_to + 1), None)
        if last is None or box.number(last) <= box.read_inbox:
            return
        box.read_inbox = box.number(last)
        box.unread = sum(message.sender_id != account_id for message in box.oldest_first(box.read_inbox))
        sides = (account_id,) if isinstance(last.chat, Group) else tuple(last.ids)
        self._tell_the_other_side(account_id, peer_id, last)
        event = ChatRead(sides, account_id, peer_id, last)
        for member in sides:
            if member in last.ids:  # a supergroup's count does not move
                self.account(member).record(event)
        self.emit(event)

    def _tell_the_other_side(self, reader_id: int, peer_id: int, last: Message) -> None:
        if peer_id > 0 and peer_id != reader_id and peer_id in last.ids:
            self.account(peer_id).boxes[reader_id].read_outbox = last.ids[peer_id]
