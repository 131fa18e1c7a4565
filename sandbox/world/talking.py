"""What people and bots do in their chats: write, edit, delete, type, block."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sandbox.world.autolinks import with_autolinks
from sandbox.world.business import Business
from sandbox.world.chats import Chat, Group
from sandbox.world.clock import Clock
from sandbox.world.events import Acting, BlockChanged, Event, MessageEdited, MessagesDeleted, MessageSent
from sandbox.world.files import File, Files
from sandbox.world.messages import Entity, Message, Origin, Quote
from sandbox.world.people import Person
from sandbox.world.refused import Refused

EDIT_WINDOW = timedelta(hours=48)  # people, and bots on a person's behalf; a bot's own messages have no limit


class Talking(Business, Files):
    """Every message of the world and what may be done with it."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.messages: dict[int, Message] = {}
        self._chats: dict[tuple[int, ...], Chat] = {}
        self._albums = 0
        self._blocked: set[tuple[int, int]] = set()
        self._protected: set[Chat] = set()  # where nothing may be forwarded

    def chat(self, one_id: int, other_id: int) -> Chat:
        """Give the private chat of two people, or of one with himself."""
        key = tuple(sorted({one_id, other_id}))
        return self._chats.setdefault(key, Chat(key))

    def send(
        self,
        sender_id: int,
        peer_id: int,
        text: str = "",
        *,
        entities: Iterable[Entity] = (),
        file: File | None = None,
        reply_to: int | None = None,
        topic: int | None = None,
        markup: dict[str, Any] | None = None,
        album_id: int | None = None,
        business_bot_id: int | None = None,
        date: datetime | None = None,
        service: dict[str, Any] | None = None,
        quote: Quote | None = None,
        origin: Origin | None = None,
        ttl: int | None = None,
        protected: bool = False,
        silent: bool = False,
    ) -> Message:
        """Write to someone, or into a group (its id is below zero); refuses as Telegram does.

        `reply_to` is a uid; what answers a message stands in its topic. `date` is for a past that is filled in.
        """
        chat: Chat
        if peer_id < 0:
            chat = self._group_to_write_in(self.person(sender_id), peer_id)
        else:
            self._check_may_write(self.person(sender_id), self.person(peer_id), business_bot_id)
            chat = self.chat(sender_id, peer_id)
        topic = self._topic_to_write_in(chat, sender_id, topic, reply_to)
        return self._write(
            Message(
                uid=len(self.messages) + 1,
                chat=chat,
                sender_id=sender_id,
                text=text,
                date=(date or self.clock.now()).replace(microsecond=0),
                entities=with_autolinks(text, entities),
                file=file,
                album_id=album_id,
                reply_to=reply_to,
                topic=topic,
                markup=markup,
                business_bot_id=business_bot_id,
                service=service,
                quote=quote,
                origin=origin,
                ttl=ttl,
                protected=protected or chat in self._protected,
                silent=silent,
            )
        )

    def _write(self, message: Message) -> Message:
        """Bring a message to whom it concerns."""
        self.messages[message.uid] = message
        for book in message.chat.books:
            if isinstance(message.chat, Group) or not self.is_blocked(by=book, who=message.sender_id):
                self.account(book).receive(message)
        if message.chat.books != message.chat.members:
            for member in message.chat.members:
                self.account(member).boxes[message.chat.peer_of(member)].count(message)
        self._log(message, MessageSent(message.audience, message))
        return message

    def _group_to_write_in(self, sender: Person, group_id: int) -> Group:
        group = self.group(group_id)
        if group.migrated_to:
            raise Refused.migrated(group.migrated_to)
        if group.is_deleted:
            raise Refused.forbidden("the group chat was deleted")
        if sender.id not in group.members:
            raise Refused.forbidden(group.stranger("bot" if sender.is_bot else "user", sender.id))
        if not group.may(sender.id, "send_messages"):
            raise Refused.bad_request("not enough rights to send text messages to the chat")
        return group

    def _topic_to_write_in(self, chat: Chat, sender_id: int, topic: int | None, reply_to: int | None) -> int | None:
        """The topic that is named, or that of the message that is answered. Refuses one that is gone or closed."""
        if not isinstance(chat, Group) or not chat.is_forum:
            if topic is not None:
                raise Refused.bad_request("message thread not found")
            return None
        answered = self.messages.get(reply_to or 0)
        if topic is None and answered is not None and answered.chat is chat:
            topic = answered.topic
        if topic is None:
            return None
        if topic not in chat.topics:
            raise Refused.bad_request("message thread not found")
        if chat.topics[topic].closed and not chat.may(sender_id, "manage_topics"):
            raise Refused.bad_request("TOPIC_CLOSED")
        return topic

    def _check_may_write(self, sender: Person, peer: Person, business_bot_id: int | None) -> None:
        if business_bot_id is not None:
            self.check_business_send(sender.id, business_bot_id, peer.id)
        if self.is_blocked(by=sender.id, who=peer.id):
            raise Refused.bad_request("YOU_BLOCKED_USER")
        if not sender.is_bot:
            return
        if peer.is_bot:
            raise Refused.forbidden("bot can't send messages to bots")
        if self.is_blocked(by=peer.id, who=sender.id):
            raise Refused.forbidden("bot was blocked by the user")
        if not self.has_started(peer.id, sender.id):
            raise Refused.forbidden("bot can't initiate conversation with a user")

    def has_started(self, person_id: int, bot_id: int) -> bool:
        """Tell whether a person has ever written to a bot: before that it may not write to him."""
        box = self.account(bot_id).boxes.get(person_id)
        return box is not None and box.last_incoming is not None

    def new_album(self) -> int:
        """Give the `album_id` for messages that are sent together."""
        self._albums += 1
        return 13_000_000_000_000_000 + self._albums

    def edit(
        self,
        uid: int,
        *,
        text: str | None = None,
        entities: Iterable[Entity] | None = None,
        file: File | None = None,
        markup: dict[str, Any] | None = None,
        by: int,
    ) -> Message:
        """Change a message as its sender, or as the bot that sent it for him. Refuses as Telegram does.

        None leaves a part as it is; a markup of {} takes the buttons off; a new text drops the old entities.
        """
        message = self.messages.get(uid)
        if message is None or message.deleted:
            raise Refused.bad_request("message to edit not found")
        self._check_may_edit(message, by)
        if text is not None or entities is not None:
            text = message.text if text is None else text
            entities = with_autolinks(text, entities or ())
        changed = {
            name: value
            for name, value in (
                ("text", text),
                ("entities", entities),
                ("file", file),
                ("markup", markup),
            )
            if value is not None and (value or None) != (getattr(message, name) or None)
        }
        if not changed:
            raise Refused.bad_request(
                "message is not modified: specified new message content and reply markup are exactly the same "
                "as a current content and reply markup of the message"
            )
        self._change(message, changed)
        return message

    def _change(self, message: Message, changed: dict[str, Any]) -> None:
        if "text" in changed:
            message.versions.append((message.text, message.edited_at or message.date))
        for name, value in changed.items():
            setattr(message, name, None if value == {} else value)
        message.edited_at = self.clock.now().replace(microsecond=0)
        self._log(message, MessageEdited(message.audience, message, markup_only=set(changed) == {"markup"}))

    def _check_may_edit(self, message: Message, by: int) -> None:
        own = by in {message.sender_id, message.business_bot_id}
        unlimited = by == message.business_bot_id or self.person(by).is_bot
        too_old = self.clock.now() - message.date > EDIT_WINDOW and not unlimited
        if not own or too_old or message.service:
            raise Refused.bad_request("message can't be edited")

    def delete(self, uids: Iterable[int], *, by: int) -> list[Message]:
        """Delete messages for all; those that are gone already, or not for `by` to delete, are left out."""
        gone: dict[Chat, list[Message]] = {}
        for uid in uids:
            message = self.messages.get(uid)
            if message and not message.deleted and self._may_delete(message, by):
                message.deleted = True
                gone.setdefault(message.chat, []).append(message)
        for chat, messages in gone.items():
            self._forget_unread(messages)
            if isinstance(chat, Group):
                chat.pinned = [uid for uid in chat.pinned if not self.messages[uid].deleted]
            for accounts in {message.audience for message in messages}:
                part = tuple(message for message in messages if message.audience == accounts)
                self._log(part[0], MessagesDeleted(accounts, chat, part, by))
        return [message for messages in gone.values() for message in messages]

    @staticmethod
    def _may_delete(message: Message, by: int) -> bool:
        """In a private chat both may delete everything; in a group its people delete their own, and its admins all."""
        chat = message.chat
        if by not in chat.members:
            return False
        return not isinstance(chat, Group) or by == message.sender_id or chat.may(by, "delete_messages")

    def _forget_unread(self, messages: Iterable[Message]) -> None:
        for message in messages:
            for member in message.audience:
                box = self.account(member).box(message.chat)
                if member != message.sender_id and box.number(message) > box.read_inbox:
                    box.unread -= 1

    def _log(self, message: Message, event: Event) -> None:
        for book in message.chat.books:
            if book in message.ids:
                self.account(book).record(event)
        self.emit(event)

    def act(self, sender_id: int, peer_id: int, action: str = "typing") -> None:
        """Show someone that one is typing, or recording, …; the Bot API's words for it."""
        self.emit(Acting((peer_id,), sender_id, peer_id, action))

    def block(self, person_id: int, peer_id: int) -> None:
        """Let nothing more from a peer reach a person; a bot that is blocked is told."""
        self._set_blocked(person_id, peer_id, blocked=True)

    def unblock(self, person_id: int, peer_id: int) -> None:
        self._set_blocked(person_id, peer_id, blocked=False)

    def _set_blocked(self, person_id: int, peer_id: int, *, blocked: bool) -> None:
        if self.is_blocked(by=person_id, who=peer_id) == blocked:
            return
        self._blocked ^= {(person_id, peer_id)}
        self.emit(BlockChanged((person_id, peer_id), person_id, peer_id, blocked))

    def is_blocked(self, *, by: int, who: int) -> bool:
        return (by, who) in self._blocked
