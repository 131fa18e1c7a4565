"""Answering a client: ask for the text, show what goes and by which way, let it go, and tell what became of it."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.enums import ContentType
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import replies, saved_replies
from crm.access import Desk
from crm.errors import Invalid, NotFound
from crm.ports import Devices
from handlers.buttons.history import History
from handlers.buttons.replies import DropReply, EditReply, KeepReply, ReplyArrived, ReplyCard, SendReply, WriteReply
from handlers.buttons.saved_replies import EditSaved, PickSaved, SavedList
from handlers.language import _, day, number
from handlers.screens import Screen, back, button, safe, show
from handlers.screens.answers import ways
from handlers.screens.formatted import Formatted, units
from handlers.screens.reply import PART, head, name, screen
from handlers.screens.typed import FILES, file, typed
from handlers.screens.values import value_text

COPIED_WHOLE = 4000  # units of an answer that is shown to be copied whole


CARRIED = F.content_type.in_({*FILES, ContentType.TEXT, ContentType.PHOTO} - {ContentType.STICKER})


class ReplyWriting(StatesGroup):
    """The text that is being waited for."""

    text = State()
    new_text = State()


def routes() -> Router:
    """Everything around answers."""
    router = Router(name="replies")
    router.callback_query.register(ask_text, WriteReply.filter())
    router.callback_query.register(pick, PickSaved.filter())
    router.callback_query.register(show_reply, ReplyCard.filter())
    router.callback_query.register(ask_new_text, EditReply.filter())
    router.callback_query.register(send, SendReply.filter())
    router.callback_query.register(keep_back, KeepReply.filter())
    router.callback_query.register(drop, DropReply.filter())
    router.callback_query.register(arrived, ReplyArrived.filter())
    router.message.register(write, ReplyWriting.text, CARRIED)
    router.message.register(write, StateFilter(None), CARRIED, came_along)
    router.message.register(rewrite, ReplyWriting.new_text, CARRIED)
    router.message.register(not_this, StateFilter(ReplyWriting.text, ReplyWriting.new_text))
    return router


async def ask_text(
    event: CallbackQuery, callback_data: WriteReply, desk: Desk, devices: Devices, state: FSMContext
) -> None:
    """Whom it is to, by which way it will go, and the question for the text."""
    one = await replies.begin(desk, devices, callback_data.id, callback_data.reply_to or None)
    await state.set_state(ReplyWriting.text)
    await state.set_data({"conversation": callback_data.id, "reply_to": callback_data.reply_to})
    ask = _(
        "Write your answer, up to {limit} characters, or send a picture, a file, a voice message or a video. Nothing "
        "leaves before you have seen it and pressed Send."
    )
    lines = [*head(one), "", ask.format(limit=number(replies.LONGEST)), "", *ways(one)]
    saved = button(_("📌 Saved replies"), SavedList(to=callback_data.id, reply_to=callback_data.reply_to))
    await show(event, Screen("\n".join(lines), [[saved], back(History(id=callback_data.id))]))


async def pick(event: CallbackQuery, callback_data: PickSaved, desk: Desk, devices: Devices, state: FSMContext) -> None:
    """A saved reply, as this client would read it."""
    await _answer_with(event, callback_data, desk, devices, state)


async def _answer_with(
    event: CallbackQuery | Message, picked: PickSaved, desk: Desk, devices: Devices, state: FSMContext
) -> None:
    """What is not known of the contact is told before there is an answer at all."""
    await replies.begin(desk, devices, picked.to, picked.reply_to or None)
    filled = await saved_replies.filled(desk, picked.id, picked.to, day(desk.installation.clock.now()), value_text)
    again = WriteReply(id=picked.to, reply_to=picked.reply_to)
    if filled.lacking and not picked.bare:
        lacking = " ".join(f"<code>{safe(one)}</code>" for one in dict.fromkeys(filled.lacking))
        text = _("Of this contact is not known: {lacking}\n\nIt reads like this without:").format(lacking=lacking)
        shown = Formatted(filled.words.text, filled.words.entities).shortened(PART).html
        bare = button(_("Go on without"), picked.model_copy(update={"bare": True}))
        edit = button(_("✏️ Change the reply"), EditSaved(id=picked.id))
        await show(event, Screen(f"{text}\n\n{shown}", [[bare], [edit], back(again)]))
        return
    reply = await replies.answer(desk, picked.to, filled.words, picked.reply_to or None, saved=picked.id)
    await state.clear()
    await show(event, screen(await replies.one(desk, devices, reply.id or 0)))


async def came_along(message: Message, state: FSMContext) -> bool:
    """Whether a file was sent together with the one that became an answer a moment ago."""
    album = message.media_group_id
    return album is not None and album == (await state.get_data()).get("album")


async def write(message: Message, desk: Desk, devices: Devices, state: FSMContext) -> None:
    """The text or the file has come; of files that were sent together each is an answer of its own."""
    asked = await state.get_data()
    conversation, reply_to = int(asked.get("conversation", 0)), int(asked.get("reply_to", 0)) or None
    words = typed(message)
    try:
        if (saved := await saved_replies.named(desk, words.text)) is not None:
            picked = PickSaved(id=saved.id or 0, to=conversation, reply_to=reply_to or 0)
            await _answer_with(message, picked, desk, devices, state)
            return
        reply = await replies.answer(desk, conversation, words, reply_to, file=file(message))
    except Invalid as wrong:
        await _say_wrong(message, wrong, words.text, back(History(id=conversation)))
        return
    except NotFound:
        await state.clear()
        raise
    await state.clear()
    if message.media_group_id is not None:
        await state.set_data({**asked, "album": message.media_group_id})
    await show(message, screen(await replies.one(desk, devices, reply.id or 0)))


async def ask_new_text(
    event: CallbackQuery, callback_data: EditReply, desk: Desk, devices: Devices, state: FSMContext
) -> None:
    """Another text; the old one stands there to be copied."""
    one = await replies.one(desk, devices, callback_data.id)
    await state.set_state(ReplyWriting.new_text)
    await state.set_data({"reply": callback_data.id})
    whole = units(one.words.text) <= COPIED_WHOLE
    ask = (
        _("Write the answer anew. As it stands now (tap to copy):")
        if whole
        else _("Write the answer anew. It is too long to be copied here; this is how it begins:")
    )
    text = f"{ask}\n\n<code>{Formatted(one.words.text).shortened(COPIED_WHOLE if whole else PART).html}</code>"
    await show(event, Screen(text, [back(ReplyCard(id=callback_data.id))]))


async def rewrite(message: Message, desk: Desk, devices: Devices, state: FSMContext) -> None:
    """The other text has come."""
    reply_id, words = int((await state.get_data()).get("reply", 0)), typed(message)
    try:
        await replies.rewrite(desk, reply_id, words, file(message))
    except Invalid as wrong:
        await _say_wrong(message, wrong, words.text, back(ReplyCard(id=reply_id)))
        return
    except NotFound:
        await state.clear()
        raise
    await state.clear()
    await show(message, screen(await replies.one(desk, devices, reply_id)))


async def not_this(message: Message, state: FSMContext) -> None:
    """A place, a poll or the like was sent in place of an answer."""
    asked = await state.get_data()
    there = ReplyCard(id=asked["reply"]) if "reply" in asked else History(id=int(asked.get("conversation", 0)))
    text = _(
        "An answer is a text, a picture, a file, a voice message or a video. Send other things in Telegram itself."
    )
    await show(message, Screen(text, [back(there)]))


async def _say_wrong(message: Message, wrong: Invalid, text: str, way_back: list[InlineKeyboardButton]) -> None:
    """The question stays open, and what was written stays where it is: in the chat."""
    words = _("There are no words in it. Write your answer.")
    if wrong.reason == "too_long":
        words = _(
            "Your answer has {length} characters, and Telegram takes {limit}. It stands above, nothing is lost: copy "
            "it, shorten it, and send it to me again."
        ).format(length=number(units(text)), limit=number(wrong.limit or 0))
    await show(message, Screen(words, [way_back]))


async def show_reply(event: CallbackQuery, callback_data: ReplyCard, desk: Desk, devices: Devices) -> None:
    """An answer as it stands."""
    await show(event, screen(await replies.one(desk, devices, callback_data.id), callback_data.part))


async def send(event: CallbackQuery, callback_data: SendReply, desk: Desk, devices: Devices) -> None:
    """Let it go. A second press shows how it stands."""
    if isinstance(event.message, Message):
        await replies.shown_at(desk, callback_data.id, event.message.chat.id, event.message.message_id)
    await replies.send(desk, callback_data.id, asked=callback_data.asked)
    await show(event, screen(await replies.one(desk, devices, callback_data.id)))


async def keep_back(event: CallbackQuery, callback_data: KeepReply, desk: Desk, devices: Devices) -> None:
    """Keep it back, where it has not left."""
    await replies.take_back(desk, callback_data.id)
    await show(event, screen(await replies.one(desk, devices, callback_data.id)))


async def drop(event: CallbackQuery, callback_data: DropReply, desk: Desk, devices: Devices) -> None:
    """Throw it away."""
    one = await replies.one(desk, devices, callback_data.id)
    await replies.discard(desk, callback_data.id)
    text = _("🗑 The answer to {contact} is thrown away.").format(contact=f"<b>{name(one)}</b>")
    await show(event, Screen(text, [back(History(id=one.conversation.id or 0))]))


async def arrived(event: CallbackQuery, callback_data: ReplyArrived, desk: Desk, devices: Devices) -> None:
    """The member has looked into the chat."""
    await replies.settle(desk, callback_data.id)
    await show(event, screen(await replies.one(desk, devices, callback_data.id)))
