"""What members write and press in a client's topic: answers, notes, and the desk's buttons."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from aiogram import Bot, F, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, Message, ReactionTypeEmoji

from crm import note_files, replies
from crm.access import Desk, Power
from crm.errors import Invalid, NotFound, Outsider
from crm.ports import Devices, FileSource
from crm.topics import writing
from crm.topics.writing import Meant
from handlers.buttons.replies import DropReply
from handlers.buttons.topics import NoteInstead, SendWritten, TakeNewcomer
from handlers.language import _, number
from handlers.screens import Screen, button, safe, show
from handlers.screens.answers import ways
from handlers.screens.reply import head
from handlers.screens.typed import file, typed

TAKEN, NOTED = "👀", "✍"
SAID = F.text | F.caption | F.photo | F.document | F.voice | F.video | F.video_note | F.audio | F.animation | F.sticker


async def in_topic(message: Message, desk: Desk | None = None, raw_state: str | None = None) -> bool | dict[str, Any]:
    """Let pass what a member says in a client's topic; what answers a question of the desk's goes there instead."""
    thread, replied = message.message_thread_id, message.reply_to_message
    if desk is None or thread is None or (message.text or "").startswith("/"):
        return False
    meaning = await writing.meant(desk, message.chat.id, thread, replied.message_id if replied else None)
    if meaning is None or (raw_state is not None and not meaning.to_client):
        return False
    return {"meaning": meaning}


def in_group() -> Router:
    """What is said in topics, and pressed under what the bot says there."""
    router = Router(name="topics")
    router.message.register(said, SAID, in_topic)
    router.edited_message.register(said_otherwise, F.text | F.caption)
    router.callback_query.register(take_newcomer, TakeNewcomer.filter())
    router.callback_query.register(let_go, SendWritten.filter())
    router.callback_query.register(note_instead, NoteInstead.filter())
    return router


async def said(message: Message, *, meaning: Meant, desk: Desk, devices: Devices, bot: Bot, files: FileSource) -> None:
    """An answer to the client, or a note."""
    desk.need(Power.WRITE)
    try:
        if meaning.to_client:
            await _answer(message, meaning, desk, devices, bot)
        else:
            await _note(message, meaning, desk, bot, files)
    except Invalid as wrong:
        await show(message, Screen(_wrong(wrong)))


def _wrong(wrong: Invalid) -> str:
    if wrong.reason == "too_long":
        text = _("That is too long: at most {limit} characters. Nothing is lost; write it shorter.")
        return text.format(limit=number(wrong.limit or 0))
    return _("There are no words in it that I could take.")


async def _answer(message: Message, meaning: Meant, desk: Desk, devices: Devices, bot: Bot) -> None:
    reply = await writing.answer(desk, meaning, message.message_id, typed(message), file(message))
    await _react(bot, message, TAKEN)
    if meaning.waits:
        await show(message, await _preview(desk, devices, reply.id or 0, meaning.beside))


async def _preview(desk: Desk, devices: Devices, reply_id: int, beside: str | None) -> Screen:
    """What will be sent, to whom and by which way; and whom the writer would be talking across."""
    one = await replies.one(desk, devices, reply_id)
    lines = [*head(one), "", safe(one.words.text) if one.words.text else _("(a file)"), "", *ways(one)]
    if beside is not None:
        lines += ["", _("⚠️ <b>{name}</b> is answering this client, too.").format(name=safe(beside))]
    rows = [[button(_("📤 Send"), SendWritten(id=reply_id, asked=one.reply.asked))]]
    if one.file is None:
        rows.append([button(_("✍ No, keep it as a note"), NoteInstead(id=reply_id))])
    rows.append([button(_("🗑 Throw away"), DropReply(id=reply_id))])
    return Screen("\n".join(lines), rows)


async def _note(message: Message, meaning: Meant, desk: Desk, bot: Bot, files: FileSource) -> None:
    carried = file(message)
    taken = await note_files.take(desk, files, carried) if carried is not None else None
    text = typed(message).text or (carried.name if carried is not None and carried.name else "📎")
    await writing.note(desk, meaning, message.message_id, text, taken)
    await _react(bot, message, NOTED)


async def _react(bot: Bot, message: Message, sign: str) -> None:
    with suppress(TelegramBadRequest):  # the group may allow no such reactions; the act is done
        await bot.set_message_reaction(message.chat.id, message.message_id, [ReactionTypeEmoji(emoji=sign)])


async def said_otherwise(message: Message, bot: Bot, desk: Desk | None = None) -> None:
    """A member has changed what he wrote: so does the note, or the answer that has not gone."""
    if desk is None:
        return
    became = await writing.edited(desk, message.chat.id, message.message_id, typed(message))
    if became == "sent":
        text = _("This answer has gone by a way on which it cannot be changed. Write another one to correct it.")
        await show(message, Screen(text))
    elif became is not None:
        await _react(bot, message, NOTED if became == "note" else TAKEN)


async def let_go(query: CallbackQuery, callback_data: SendWritten, desk: Desk | None = None) -> None:
    """It has been looked at, and goes."""
    if desk is None:
        raise Outsider
    await replies.send(desk, callback_data.id, asked=callback_data.asked)
    await show(query, Screen(_("📤 It goes. Under your message you see what became of it.")))


async def note_instead(query: CallbackQuery, callback_data: NoteInstead, desk: Desk | None = None) -> None:
    """It was meant for the team."""
    if desk is None:
        raise Outsider
    await writing.note_instead(desk, callback_data.id)
    await show(query, Screen(_("✍ It is a note of the team now. The client never sees it.")))


async def take_newcomer(query: CallbackQuery, callback_data: TakeNewcomer, desk: Desk | None = None) -> None:
    """Open a topic for him."""
    if desk is None:
        raise Outsider
    if not isinstance(query.message, Message):
        raise NotFound("team_group")
    await writing.take_newcomer(desk, query.message.chat.id, callback_data.id)
    await query.answer(_("A topic is opened for this person."))
