"""Answers on their way: the Business connection's voice, the linked device's, and the screen that shows the fate."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramRetryAfter
from aiogram.types import Message, MessageEntity, ReplyParameters
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.budgets import is_temporary, may_have_arrived
from crm import replies
from crm.access import enter, enter_room
from crm.errors import CrmError
from crm.installation import Installation
from crm.ports import Later, LinkedDevices, Outgoing, Sent, Unknown, Unsent
from crm.replies import BARE, correcting
from crm.replies.correcting import Correction
from crm.replies.delivery import Carrier
from crm.replies.ways import Way
from handlers.language import speaking
from handlers.screens.reply import screen
from handlers.screens.typed import file, typed
from storage import outbox
from storage.errors import StorageError
from storage.outbox import OutboxRow, Outcome

AGAIN = 30.0  # seconds
NEEDS_LOOKING_AT = frozenset({outbox.REFUSED, outbox.UNCERTAIN})


class Replies:
    """What the outbox needs to know of answers."""

    def __init__(self, installation: Installation, bot: Bot, devices: LinkedDevices) -> None:
        self._installation, self._bot, self._devices = installation, bot, devices
        voices = {Way.BUSINESS: self._on_behalf, Way.USERBOT: self._by_device, Way.DRAFT: devices.draft}
        self._carrier = Carrier(installation, devices, voices)

    async def deliver(self, _bot: Bot, row: OutboxRow) -> Outcome:
        """One attempt."""
        return await self._carrier.deliver(row.facts["workspace"], row.facts["reply"])

    async def correct(self, bot: Bot, row: OutboxRow) -> Outcome:
        """Give an answer that has gone other words."""
        async with enter_room(self._installation, row.facts["workspace"]) as room:
            one = await correcting.order(room, row.facts["reply"])
        if one is None:
            return Outcome(outbox.REFUSED, "NotFound")
        marks = [_entity(mark) for mark in one.reply.entities]
        where: dict[str, Any] = {
            "business_connection_id": one.connection_id,
            "chat_id": one.contact.telegram_id,
            "message_id": one.message.message_id,
            "parse_mode": None,
        }
        try:
            if one.message.kind == "text":
                await bot.edit_message_text(one.reply.text, entities=marks, **where)
            else:
                await bot.edit_message_caption(caption=one.reply.text, caption_entities=marks, **where)
        except TelegramBadRequest as refusal:
            if "not modified" not in refusal.message:
                raise
        at = self._installation.clock.now()
        return Outcome(outbox.SENT, sent_as=one.message.message_id, with_it=partial(_corrected, one, at))

    async def told(self, row: OutboxRow, state: str) -> None:
        """Draw the answer's screen again; what must be looked at comes as a new message to its author."""
        if row.what != replies.KIND:
            return
        with suppress(TelegramAPIError, CrmError, StorageError):
            await self._draw(row.facts["workspace"], row.facts["reply"], anew=state in NEEDS_LOOKING_AT)

    async def _draw(self, workspace_id: int, reply_id: int, *, anew: bool) -> None:
        found = await replies.place(self._installation, workspace_id, reply_id)
        if found.in_topic and not anew:
            return
        async with enter(self._installation, found.author_id, workspace_id) as desk:
            standing = await replies.one(desk, self._devices, reply_id)
            with speaking(desk.person.reads, desk.workspace.zone, desk.installation.clock.now()):
                drawn = screen(standing)
            if anew or found.anew or found.screen_id is None:
                sent = await self._bot.send_message(desk.person.id, drawn.text, reply_markup=drawn.keyboard)
                await replies.shown_at(desk, reply_id, sent.chat.id, sent.message_id)
            else:
                await self._bot.edit_message_text(
                    drawn.text, chat_id=found.chat_id, message_id=found.screen_id, reply_markup=drawn.keyboard
                )

    async def _on_behalf(self, message: Outgoing) -> Sent:
        """Send it by the Business connection. Raises Unsent, Later, Unknown."""
        try:
            sent = await self._call(message)
        except TelegramAPIError as error:
            raise _understood(error) from error
        said = typed(sent)
        return Sent(sent.message_id, sent.date, said.text or message.text, said.entities, by_bot=True, file=file(sent))

    async def _call(self, message: Outgoing) -> Message:
        answers, marks = message.reply_to_id, [_entity(one) for one in message.entities]
        reply = ReplyParameters(message_id=answers, allow_sending_without_reply=True) if answers is not None else None
        where: dict[str, Any] = {"business_connection_id": message.connection_id, "reply_parameters": reply}
        if message.file is None:
            return await self._bot.send_message(message.peer_id, message.text, parse_mode=None, entities=marks, **where)
        kind, words = message.file.kind, {"caption": message.text, "caption_entities": marks, "parse_mode": None}
        send = getattr(self._bot, f"send_{kind}")
        sent: Message = await send(
            message.peer_id, **{kind: message.file.file_id}, **({} if kind in BARE else words), **where
        )
        return sent

    async def _by_device(self, message: Outgoing) -> Sent | None:
        """By the linked device; a file goes there from where the bot has it. Raises Unsent, Later, Unknown."""
        if message.file is not None and message.file.file_id is not None:
            try:
                content = await self._bot.download(message.file.file_id)
            except TelegramAPIError as error:
                raise _understood(error) from error
            message = replace(message, content=content.read() if content is not None else None)
        return await self._devices.send(message)


async def _corrected(one: Correction, at: datetime, session: AsyncSession) -> None:
    await correcting.done(session, one, at)


def _entity(facts: Mapping[str, Any]) -> MessageEntity:
    """As a call takes it: of somebody mentioned, the number is all that counts."""
    mentioned = facts.get("user_id")
    user = {"id": mentioned, "is_bot": False, "first_name": ""} if mentioned else None
    return MessageEntity.model_validate({**facts, "user": user})


def _understood(error: TelegramAPIError) -> Unsent:
    if isinstance(error, TelegramRetryAfter):
        return Later("flood", error.retry_after)
    if may_have_arrived(error):
        return Unknown(type(error).__name__)
    if is_temporary(error):
        return Later(type(error).__name__, AGAIN)
    return Unsent(error.message.partition(": ")[2] or error.message)
