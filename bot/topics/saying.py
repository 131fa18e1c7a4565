"""Each thing that can be said in a team's group: one or two calls, and what became of them, written down."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from aiogram import Bot
from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
)
from aiogram.types import Message, ReplyParameters

from bot.budgets import may_have_arrived
from crm.access import Room
from crm.installation import Installation
from crm.topics import looks, telling
from crm.topics.telling import Told
from handlers.language import speaking
from handlers.screens import Screen
from handlers.screens import topics as words
from storage.team_groups import TeamGroup
from storage.topics import Post, Topic

NO_THREAD = ("message thread not found", "topic_deleted", "topic_id_invalid")
NO_MESSAGE = ("message to edit not found", "message can't be edited", "message to pin not found")


class Saying:
    """Makes the calls. They raise what Telegram refuses, unless it means that a topic or a message is gone."""

    def __init__(self, installation: Installation, bot: Bot) -> None:
        self._installation = installation
        self._bot = bot

    def speaking(self, room: Room, group: TeamGroup) -> AbstractContextManager[None]:
        """In the group's language, in the workspace's zone."""
        return speaking(group.language, room.workspace.zone, self._installation.clock.now())

    async def not_corrected(self, room: Room, group: TeamGroup, post: Post) -> None:
        """Under what a member has changed: the client still reads it as it was."""
        with self.speaking(room, group):
            text = words.not_corrected()
        there = ReplyParameters(message_id=post.message_id or 0, allow_sending_without_reply=True)
        await self._bot.send_message(post.chat_id, text, reply_parameters=there)

    async def nothing(self) -> None:
        """Only look again."""

    async def tell(self, room: Room, told: Told) -> None:
        """Messages of one contact, in its topic, which is opened first where it is not."""
        if told.topic.thread_id is None:
            await self._open(room, told)
            return
        post_id = await telling.begin(room, told)
        try:
            with self.speaking(room, told.group):
                sent = await self._send(told)
        except TelegramAPIError as trouble:
            await telling.not_posted(room, post_id, told, uncertain=may_have_arrived(trouble))
            if isinstance(trouble, TelegramBadRequest) and _says(trouble, NO_THREAD):
                await looks.lost(room, told.topic.id)
                return
            raise
        await telling.posted(room, post_id, told, [one.message_id for one in sent])

    async def _open(self, room: Room, told: Told) -> None:
        with self.speaking(room, told.group):
            name = words.first_name(told.contact)
        made = await self._bot.create_forum_topic(told.topic.chat_id, name)
        await looks.opened(room, told.topic.id, made.message_thread_id, name)

    async def _send(self, told: Told) -> list[Message]:
        chat, thread, drawn = told.topic.chat_id, told.topic.thread_id, words.told(told)
        answers = (
            ReplyParameters(message_id=told.answers_post, allow_sending_without_reply=True)
            if told.answers_post
            else None
        )
        protected = any(one.protected for one in told.messages) or None
        where: dict[str, Any] = {"message_thread_id": thread, "reply_parameters": answers, "protect_content": protected}
        album = words.album(told)
        if album:
            return list(await self._bot.send_media_group(chat, album, **where))
        carried = words.carried(told)
        if carried is not None:
            kind, facts = carried
            try:
                return [await getattr(self._bot, f"send_{kind}")(chat, **facts, reply_markup=drawn.keyboard, **where)]
            except TelegramBadRequest as refusal:
                if _says(refusal, NO_THREAD):
                    raise  # else Telegram does not take its handle any more: the words say what it was
        return [await self._bot.send_message(chat, drawn.text, reply_markup=drawn.keyboard, **where)]

    async def redraw(self, room: Room, post: Post, told: Told) -> None:
        """A post as its messages are now."""
        with self.speaking(room, told.group):
            drawn, caption = words.told(told), words.caption(told)
        chat = told.topic.chat_id
        try:
            if caption is None:
                await self._bot.edit_message_text(
                    drawn.text, chat_id=chat, message_id=post.message_id, reply_markup=drawn.keyboard
                )
            else:
                await self._bot.edit_message_caption(
                    chat_id=chat, message_id=post.message_id, caption=caption, reply_markup=drawn.keyboard
                )
        except TelegramBadRequest as refusal:
            gone = _says(refusal, (*NO_MESSAGE, *NO_THREAD))
            if not gone and "not modified" not in refusal.message and "no caption" not in refusal.message.lower():
                raise
            await telling.redrawn(room, post.id, gone=gone)
        else:
            await telling.redrawn(room, post.id)

    async def post_people(self, room: Room, group: TeamGroup, crowd: Screen) -> None:
        """The topic of those of whom too many came at once."""
        if group.people_id is None:
            with self.speaking(room, group):
                made = await self._bot.create_forum_topic(group.chat_id, words.people_name())
            await looks.changed(room, group.chat_id, people_id=made.message_thread_id, people_post=None)
            return
        await self.post_own(room, group, "people", crowd, thread=group.people_id)

    async def post_own(
        self, room: Room, group: TeamGroup, what: str, screen: Screen, *, thread: int | None = None
    ) -> None:
        """One of the group's own messages: edited in place, or sent anew and pinned where it is there no more."""
        field = "people_post" if what == "people" else f"{what}_id"
        number = getattr(group, field)
        facts: dict[str, object] = {f"{what}_drawn": screen.text}
        if number is not None:
            try:
                await self._bot.edit_message_text(
                    screen.text, chat_id=group.chat_id, message_id=number, reply_markup=screen.keyboard
                )
            except TelegramBadRequest as refusal:
                if _says(refusal, NO_MESSAGE):
                    facts = {field: None, f"{what}_drawn": None}
                elif "not modified" not in refusal.message:
                    raise
            await looks.changed(room, group.chat_id, **facts)
            return
        try:
            sent = await self._bot.send_message(
                group.chat_id, screen.text, message_thread_id=thread, reply_markup=screen.keyboard
            )
        except TelegramBadRequest as refusal:
            if thread is None or not _says(refusal, NO_THREAD):
                raise
            await looks.changed(room, group.chat_id, people_id=None, people_post=None, people_drawn=None)
            return
        await looks.changed(room, group.chat_id, **{field: sent.message_id}, **facts)
        await self._bot.pin_chat_message(group.chat_id, sent.message_id, disable_notification=True)

    async def draw_card(self, room: Room, topic: Topic, card: Screen) -> None:
        """The card of a topic: edited in place, or sent and pinned."""
        drawn = repr(card)
        try:
            if topic.card_id is not None:
                try:
                    await self._bot.edit_message_text(
                        card.text, chat_id=topic.chat_id, message_id=topic.card_id, reply_markup=card.keyboard
                    )
                except TelegramBadRequest as refusal:
                    if _says(refusal, NO_MESSAGE):
                        await looks.carded(room, topic.id, None, None)
                        return
                    if "not modified" not in refusal.message:
                        raise
                await looks.carded(room, topic.id, topic.card_id, drawn)
                return
            sent = await self._bot.send_message(
                topic.chat_id,
                card.text,
                message_thread_id=topic.thread_id,
                reply_markup=card.keyboard,
                disable_notification=True,
            )
            await looks.carded(room, topic.id, sent.message_id, drawn)
            await self._bot.pin_chat_message(topic.chat_id, sent.message_id, disable_notification=True)
        except TelegramBadRequest as refusal:
            await self._lost_or_raise(room, topic, refusal)

    async def name(self, room: Room, topic: Topic, name: str) -> None:
        """What a topic is called."""
        try:
            await self._bot.edit_forum_topic(topic.chat_id, topic.thread_id or 0, name=name)
        except TelegramBadRequest as refusal:
            if "not_modified" not in refusal.message.lower():
                await self._lost_or_raise(room, topic, refusal)
                return
        await looks.named(room, topic.id, name)

    async def remove(self, room: Room, topic: Topic) -> None:
        """Take an old topic away; what was said stands in the vault."""
        try:
            await self._bot.delete_forum_topic(topic.chat_id, topic.thread_id or 0)
        except TelegramBadRequest as refusal:
            if "not enough rights" in refusal.message:  # it may not delete: then old ones stay
                await looks.kept(room, topic.chat_id)
                return
            await self._lost_or_raise(room, topic, refusal)
            return
        await looks.lost(room, topic.id)

    async def set_closed(self, room: Room, topic: Topic, *, closed: bool) -> None:
        """Close a topic, or open it again."""
        change = self._bot.close_forum_topic if closed else self._bot.reopen_forum_topic
        try:
            await change(topic.chat_id, topic.thread_id or 0)
        except TelegramBadRequest as refusal:
            if "not_modified" not in refusal.message.lower():
                await self._lost_or_raise(room, topic, refusal)
                return
        await looks.shut(room, topic.id, closed=closed)

    async def _lost_or_raise(self, room: Room, topic: Topic, refusal: TelegramBadRequest) -> None:
        if not _says(refusal, NO_THREAD):
            raise refusal
        await looks.lost(room, topic.id)


def _says(refusal: TelegramBadRequest, signs: tuple[str, ...]) -> bool:
    return any(sign in refusal.message.lower() for sign in signs)
