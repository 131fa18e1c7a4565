"""Files on notes: sent in place of words, put on a note that is there, and given back."""

from __future__ import annotations

from typing import Any

from aiogram import Bot, F, Router
from aiogram.enums import ContentType
from aiogram.exceptions import TelegramBadRequest
from aiogram.fsm.context import FSMContext
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from crm import note_files, notes
from crm.access import Desk, Power
from crm.errors import NotFound
from crm.ports import FileSource
from handlers.buttons.notes import AddNoteFile, NoteCard, PutBackFile, SendNoteFile, TakeOffFile, TakeOffFiles
from handlers.language import _, number
from handlers.notes.card import NAME, NoteWriting, file_label, head, or_say_gone, show_note
from handlers.screens import Screen, back, button, safe, shorten, show
from handlers.screens.kinds import kind_name
from handlers.screens.typed import FILES, file, typed
from storage.notes import NoteFile

CARRIED = F.content_type.in_({*FILES, ContentType.PHOTO} - {ContentType.STICKER})


def listen(router: Router) -> None:
    """What comes in as a file where a note is being written, and the presses around files."""
    router.callback_query.register(send, SendNoteFile.filter())
    router.callback_query.register(ask, AddNoteFile.filter())
    router.callback_query.register(choose, TakeOffFiles.filter())
    router.callback_query.register(take_off, TakeOffFile.filter())
    router.callback_query.register(put_back, PutBackFile.filter())
    router.message.register(write, NoteWriting.text, CARRIED)
    router.message.register(add, NoteWriting.file, CARRIED, is_asked_for)


async def is_asked_for(message: Message, state: FSMContext) -> bool:
    """Whether a file belongs on the note: it was asked for, or came together with the one that was."""
    album = (await state.get_data()).get("album")
    return album is None or album == message.media_group_id


async def write(message: Message, desk: Desk, state: FSMContext, roads: FileSource) -> None:
    """A note that is a file, its caption the text; what was sent together with it follows."""
    contact_id = int((await state.get_data()).get("contact", 0))
    carried = file(message)
    assert carried is not None  # noqa: S101  CARRIED has seen to it
    text = typed(message).text or carried.name or kind_name(carried.kind)
    try:
        note = await notes.write(desk, contact_id, text, await note_files.take(desk, roads, carried))
    except NotFound:
        await state.clear()
        raise
    await _go_on(message, state, note.id or 0)
    await show_note(message, NoteCard(id=note.id or 0), desk=desk)


async def _go_on(message: Message, state: FSMContext, note_id: int) -> None:
    await state.clear()
    if message.media_group_id is not None:
        await state.set_state(NoteWriting.file)
        await state.set_data({"note": note_id, "album": message.media_group_id})


@or_say_gone
async def ask(event: CallbackQuery, callback_data: AddNoteFile, *, desk: Desk, state: FSMContext) -> None:
    """Which file."""
    desk.need(Power.WRITE)
    one = await notes.one(desk, callback_data.id)
    await state.set_state(NoteWriting.file)
    await state.set_data({"note": callback_data.id})
    text = _("Send me the file or picture for this note: at most {limit} stand on one.").format(
        limit=number(note_files.MOST)
    )
    await show(event, Screen("\n".join([*head(one), "", text]), [back(NoteCard(id=callback_data.id))]))


@or_say_gone
async def add(message: Message, *, desk: Desk, state: FSMContext, roads: FileSource) -> None:
    """Another file for the note."""
    note_id = int((await state.get_data()).get("note", 0))
    carried = file(message)
    assert carried is not None  # noqa: S101  CARRIED has seen to it
    await note_files.add(desk, note_id, await note_files.take(desk, roads, carried))
    await _go_on(message, state, note_id)
    await show_note(message, NoteCard(id=note_id), desk=desk)


@or_say_gone
async def choose(query: CallbackQuery, callback_data: TakeOffFiles, *, desk: Desk) -> None:
    """Which file is to go."""
    desk.need(Power.WRITE)
    one = await notes.one(desk, callback_data.id)
    rows = [[button(file_label(file), TakeOffFile(id=file.id or 0))] for file in one.files]
    text = _("Which file is to come off?")
    await show(query, Screen("\n".join([*head(one), "", text]), [*rows, back(NoteCard(id=callback_data.id))]))


async def take_off(query: CallbackQuery, callback_data: TakeOffFile, *, desk: Desk) -> None:
    """At once, with a way back instead of a question."""
    gone = await note_files.take_off(desk, callback_data.id)
    text = _("🗑 {file} is off the note.").format(
        file=f"<b>{safe(shorten(gone.name or kind_name(gone.kind), NAME))}</b>"
    )
    undo = [button(_("↩️ Bring it back"), PutBackFile(id=callback_data.id))]
    await show(query, Screen(text, [undo, back(NoteCard(id=gone.note_id))]))


async def put_back(query: CallbackQuery, callback_data: PutBackFile, *, desk: Desk) -> None:
    """The way back."""
    there = await note_files.put_back(desk, callback_data.id)
    await show_note(query, NoteCard(id=there.note_id), desk=desk)


@or_say_gone
async def send(query: CallbackQuery, callback_data: SendNoteFile, *, desk: Desk, bot: Bot) -> None:
    """By Telegram's own handle where it takes it still, else as it was kept."""
    one = await note_files.one(desk, callback_data.id)
    written = await notes.one(desk, one.note_id)
    try:
        await _send(bot, query.from_user.id, one, one.file_id or "", written)
    except TelegramBadRequest:
        kept = BufferedInputFile(await note_files.content(desk, one), one.name or one.kind)
        await _send(bot, query.from_user.id, one, kept, written)
    await query.answer(_("Here it comes…"))


async def _send(bot: Bot, chat_id: int, one: NoteFile, what: Any, written: notes.Written) -> None:
    name = safe(shorten(written.contact.name, NAME))
    words = {} if one.kind == "video_note" else {"caption": f"📝 {name}"}
    keyboard = Screen("", [[button(_("‹ The note"), NoteCard(id=one.note_id))]]).keyboard
    await getattr(bot, f"send_{one.kind}")(chat_id, **{one.kind: what}, **words, reply_markup=keyboard)
