"""From what happens in the world to the updates of the bots that it concerns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from aiogram import types

from sandbox.bot_api.bot import ServedBot
from sandbox.bot_api.rendering import (
    FOR_EVER,
    View,
    business_connection,
    group_admin,
    group_chat,
    group_member,
    private_chat,
    reactions,
    user,
)
from sandbox.bot_api.services import is_shown
from sandbox.world import (
    AdminChanged,
    BlockChanged,
    BusinessChanged,
    BusinessConnection,
    ButtonPressed,
    Event,
    Group,
    GroupChanged,
    InlineAsked,
    Message,
    MessageEdited,
    MessageReacted,
    MessagesDeleted,
    MessageSent,
    World,
)


class News:
    """Listens to the world and fills the queues.

    `echo`: whether a bot hears of what it did itself for an owner. What Telegram does here is not documented.
    """

    def __init__(self, world: World, served: Callable[[int], ServedBot], *, echo: bool) -> None:
        self._world = world
        self._served = served
        self._echo = echo
        self._tellers: dict[type[Event], Callable[[Any], None]] = {
            MessageSent: self._message_sent,
            MessageEdited: self._message_edited,
            MessageReacted: self._message_reacted,
            MessagesDeleted: self._messages_deleted,
            ButtonPressed: self._button_pressed,
            InlineAsked: self._inline_asked,
            BusinessChanged: self._business_changed,
            BlockChanged: self._block_changed,
            GroupChanged: self._group_changed,
            AdminChanged: self._admin_changed,
        }

    def hear(self, event: Event) -> None:
        """Be told of an event by the world."""
        if teller := self._tellers.get(type(event)):
            teller(event)

    def _message_sent(self, event: MessageSent) -> None:
        self._tell_of(event.message, "message", "business_message", event.message.date)

    def _message_edited(self, event: MessageEdited) -> None:
        self._tell_of(event.message, "edited_message", "edited_business_message", event.message.edited_at)

    def _tell_of(self, message: Message, kind: str, business_kind: str, since: datetime | None) -> None:
        if not is_shown(message):
            return
        for bot in self._bots_in(message):
            if message.sender_id != bot.id and self._may_read(bot.id, message):
                view = View(self._world, bot.id)
                lane = message.chat.peer_of(bot.id)
                bot.queue.add(kind, lane, partial(view.message, message), since)
        for connection in self._business_views(message):
            view = View(self._world, connection.bot_id, connection)
            lane = message.chat.peer_of(connection.user_id)
            self._served(connection.bot_id).queue.add(business_kind, lane, partial(view.message, message), since)

    def _may_read(self, bot_id: int, message: Message) -> bool:
        """Privacy mode: of a group, a bot reads notices, commands, and answers to what it said itself."""
        if not isinstance(message.chat, Group) or message.service or bot_id in message.chat.admins:
            return True
        answered = self._world.messages.get(message.reply_to or 0)
        command = next((one for one in message.entities if one.type == "bot_command" and not one.offset), None)
        word = message.text[: command.length] if command else ""
        name = (self._world.person(bot_id).username or "").lower()
        to_it = bool(word) and word.partition("@")[2].lower() in {"", name}
        return to_it or (answered is not None and answered.sender_id == bot_id)

    def _group_changed(self, event: GroupChanged) -> None:
        """Tell of who came and who went."""
        for member in (*event.joined, *event.left):
            someone = user(self._world.person(member))
            there, now = types.ChatMemberMember(user=someone), group_member(self._world, event.group, member)
            before = types.ChatMemberLeft(user=someone) if member in event.joined else there
            self._member_changed(event.group, event.by, member, before, now)

    def _admin_changed(self, event: AdminChanged) -> None:
        """Tell of rights that were given or taken."""
        someone = user(self._world.person(event.person_id))
        before = types.ChatMemberMember(user=someone) if event.before is None else group_admin(someone, event.before)
        now = group_member(self._world, event.group, event.person_id)
        self._member_changed(event.group, event.by, event.person_id, before, now)

    def _member_changed(
        self, group: Group, by: int, member: int, before: types.ResultChatMemberUnion, now: types.ResultChatMemberUnion
    ) -> None:
        """A bot hears of itself, and as an admin of everybody else, if it has asked for that."""
        content = partial(
            types.ChatMemberUpdated,
            chat=group_chat(group),
            from_user=user(self._world.person(by)),
            date=self._world.clock.now(),
            old_chat_member=before,
            new_chat_member=now,
        )
        if self._world.person(member).is_bot:
            self._served(member).queue.add("my_chat_member", group.id, content)
        for admin in group.admins:
            if admin != member and self._world.person(admin).is_bot:
                self._served(admin).queue.add("chat_member", group.id, content)

    def _message_reacted(self, event: MessageReacted) -> None:
        """A bot that is an admin hears of people's reactions, if it has asked for that; of bots' it never does."""
        message, actor = event.message, self._world.person(event.by)
        if not isinstance(message.chat, Group) or actor.is_bot:
            return
        now = reactions(one for one in message.reactions if one.by == actor.id)
        for bot in (bot for bot in self._bots_in(message) if bot.id in message.chat.admins):
            content = partial(
                types.MessageReactionUpdated,
                chat=group_chat(message.chat),
                message_id=message.number(bot.id),
                date=self._world.clock.now(),
                user=user(actor),
                old_reaction=reactions(event.before),
                new_reaction=now,
            )
            bot.queue.add("message_reaction", message.chat.id, content)

    def _messages_deleted(self, event: MessagesDeleted) -> None:
        for connection in self._world.business_views(event.chat):
            owner = connection.user_id
            numbers = [message.ids[owner] for message in event.messages if owner in message.ids]
            peer = self._world.person(event.chat.peer_of(owner))
            content = partial(
                types.BusinessMessagesDeleted,
                business_connection_id=connection.id,
                chat=private_chat(peer),
                message_ids=numbers,
            )
            if numbers:
                self._served(connection.bot_id).queue.add("deleted_business_messages", peer.id, content)

    def _button_pressed(self, event: ButtonPressed) -> None:
        press, message = event.press, event.press.message
        connection = None if press.bot_id in message.audience else self._world.business_of(message.sender_id)
        content = partial(
            types.CallbackQuery,
            id=press.id,
            from_user=user(self._world.person(press.person_id)),
            chat_instance=str(press.bot_id ^ press.person_id),
            message=View(self._world, press.bot_id, connection).message(message),
            data=press.data,
        )
        self._served(press.bot_id).queue.add("callback_query", press.person_id, content)

    def _inline_asked(self, event: InlineAsked) -> None:
        query = event.query
        content = partial(
            types.InlineQuery,
            id=query.id,
            from_user=user(self._world.person(query.person_id)),
            query=query.text,
            offset="",
        )
        self._served(query.bot_id).queue.add("inline_query", query.person_id, content)

    def _business_changed(self, event: BusinessChanged) -> None:
        connection = event.connection
        content = partial(business_connection, self._world, connection)
        self._served(connection.bot_id).queue.add("business_connection", connection.user_id, content)

    def _block_changed(self, event: BlockChanged) -> None:
        bot, person = self._world.person(event.peer_id), self._world.person(event.person_id)
        if not bot.is_bot:
            return
        inside = types.ChatMemberMember(user=user(bot))
        outside = types.ChatMemberBanned(user=user(bot), until_date=FOR_EVER)
        content = partial(
            types.ChatMemberUpdated,
            chat=private_chat(person),
            from_user=user(person),
            date=self._world.clock.now(),
            old_chat_member=inside if event.blocked else outside,
            new_chat_member=outside if event.blocked else inside,
        )
        self._served(bot.id).queue.add("my_chat_member", person.id, content)

    def _bots_in(self, message: Message) -> list[ServedBot]:
        return [self._served(member) for member in message.audience if self._world.person(member).is_bot]

    def _business_views(self, message: Message) -> list[BusinessConnection]:
        return [
            connection
            for connection in self._world.business_views(message.chat)
            if connection.user_id in message.ids and (self._echo or message.business_bot_id != connection.bot_id)
        ]
