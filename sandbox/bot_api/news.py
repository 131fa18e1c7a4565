"""From what happens in the world to the updates of the bots that it concerns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from aiogram import types

from sandbox.bot_api.bot import ServedBot
from sandbox.bot_api.rendering import View, business_connection, private_chat, user
from sandbox.world import (
    BlockChanged,
    BusinessChanged,
    BusinessConnection,
    ButtonPressed,
    Event,
    Message,
    MessageEdited,
    MessagesDeleted,
    MessageSent,
    World,
)

_FOR_EVER = datetime.fromtimestamp(0, UTC)  # Bot API: "If 0, then the user is banned forever"


class News:
    """Listens to the world and fills the queues. `echo`: whether a bot hears of what it did itself for an owner; what
    Telegram does here is not documented, so it is a switch."""  # noqa: D205, D209

    def __init__(self, world: World, served: Callable[[int], ServedBot], *, echo: bool) -> None:
        self._world = world
        self._served = served
        self._echo = echo
        self._tellers: dict[type[Event], Callable[[Any], None]] = {
            MessageSent: self._message_sent,
            MessageEdited: self._message_edited,
            MessagesDeleted: self._messages_deleted,
            ButtonPressed: self._button_pressed,
            BusinessChanged: self._business_changed,
            BlockChanged: self._block_changed,
        }

    def hear(self, event: Event) -> None:
        """Be told of an event by the world."""
        if teller := self._tellers.get(type(event)):
            teller(event)

    def _message_sent(self, event: MessageSent) -> None:
        message = event.message
        for bot in self._bots_in(message):
            if message.sender_id != bot.id:
                content = View(self._world, bot.id).message(message)
                bot.queue.add("message", content, message.sender_id, message.date)
        for connection in self._business_views(message):
            self._tell_owner_bot("business_message", connection, message, message.date)

    def _message_edited(self, event: MessageEdited) -> None:
        message = event.message
        for bot in self._bots_in(message):
            if message.sender_id != bot.id:
                content = View(self._world, bot.id).message(message)
                bot.queue.add("edited_message", content, message.sender_id, message.edited_at)
        for connection in self._business_views(message):
            self._tell_owner_bot("edited_business_message", connection, message, message.edited_at)

    def _messages_deleted(self, event: MessagesDeleted) -> None:
        for connection in self._world.business_views(event.chat):
            numbers = [
                message.ids[connection.user_id] for message in event.messages if connection.user_id in message.ids
            ]
            peer_id = event.chat.peer_of(connection.user_id)
            if numbers:
                self._served(connection.bot_id).queue.add(
                    "deleted_business_messages",
                    types.BusinessMessagesDeleted(
                        business_connection_id=connection.id,
                        chat=private_chat(self._world.person(peer_id)),
                        message_ids=numbers,
                    ),
                    peer_id,
                )

    def _button_pressed(self, event: ButtonPressed) -> None:
        press, message = event.press, event.press.message
        connection = None if press.bot_id in message.ids else self._world.business_of(message.sender_id)
        content = types.CallbackQuery(
            id=press.id,
            from_user=user(self._world.person(press.person_id)),
            chat_instance=str(press.bot_id ^ press.person_id),
            message=View(self._world, press.bot_id, connection).message(message),
            data=press.data,
        )
        self._served(press.bot_id).queue.add("callback_query", content, press.person_id)

    def _business_changed(self, event: BusinessChanged) -> None:
        content = business_connection(self._world, event.connection)
        self._served(event.connection.bot_id).queue.add("business_connection", content, event.connection.user_id)

    def _block_changed(self, event: BlockChanged) -> None:
        peer = self._world.person(event.peer_id)
        if not peer.is_bot:
            return
        person, itself = self._world.person(event.person_id), user(peer)
        inside = types.ChatMemberMember(user=itself)
        outside = types.ChatMemberBanned(user=itself, until_date=_FOR_EVER)
        content = types.ChatMemberUpdated(
            chat=private_chat(person),
            from_user=user(person),
            date=self._world.clock.now(),
            old_chat_member=inside if event.blocked else outside,
            new_chat_member=outside if event.blocked else inside,
        )
        self._served(peer.id).queue.add("my_chat_member", content, person.id)

    def _bots_in(self, message: Message) -> list[ServedBot]:
        return [self._served(member) for member in message.ids if self._world.person(member).is_bot]

    def _business_views(self, message: Message) -> list[BusinessConnection]:
        return [
            connection
            for connection in self._world.business_views(message.chat)
            if connection.user_id in message.ids and (self._echo or message.business_bot_id != connection.bot_id)
        ]

    def _tell_owner_bot(
        self, kind: str, connection: BusinessConnection, message: Message, since: datetime | None
    ) -> None:
        bot = self._served(connection.bot_id)
        content = View(self._world, bot.id, connection).message(message)
        bot.queue.add(kind, content, message.chat.peer_of(connection.user_id), since)
