"""One note as it stands on the screen, with what can be done about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import notes
from crm.access import Desk, Power
from crm.errors import NotFound
from crm.notes import Written
from handlers.buttons.contacts import ContactList
from handlers.buttons.notes import (
    AddNoteFile,
    DeleteNote,
    EditNote,
    Mention,
    NoteCard,
    NoteList,
    PinNote,
    RestoreNote,
    SendNoteFile,
    TakeOffFile,
    TakeOffFiles,
)
from handlers.buttons.reminders import AskReminder
from handlers.buttons.search import SearchPage
from handlers.language import _, when
from handlers.screens import Screen, back, button, label, pages, safe, shorten, show
from handlers.screens.formatted import Formatted
from handlers.screens.kinds import icon, kind_name
from storage.notes import NoteFile

PART = 3500  # units of a long note on one screen
NAME = 64


class NoteWriting(StatesGroup):
    """The text or file that is being waited for."""

    text = State()
    new_text = State()
    file = State()


Handler = Callable[..., Awaitable[None]]


def or_say_gone(handler: Handler) -> Handler:
    """Where the note was purged since the button was drawn: say so in its place."""

    @wraps(handler)
    async def careful(event: CallbackQuery | Message, *args: Any, **facts: Any) -> None:
        try:
            await handler(event, *args, **facts)
        except NotFound as missing:
            if missing.noun != "note":
                raise
            text = _("This note is gone for good.")
            await show(event, Screen(text, [[button(_("All contacts"), ContactList())], back()]))

    return careful


@or_say_gone
async def show_note(event: CallbackQuery | Message, callback_data: NoteCard, *, desk: Desk) -> None:
    """One note whole, with who wrote it when."""
    one = await notes.one(desk, callback_data.id)
    note = one.note
    if note.deleted_at is not None:
        await show_deleted(event, desk, one)
        return
    parts = Formatted(note.text).parts(PART)
    part = min(max(0, callback_data.part), len(parts) - 1)
    turn = pages(part, len(parts) - 1, lambda to: callback_data.model_copy(update={"part": to}))
    found = [button(_("‹ What was found"), SearchPage(id=callback_data.search))] if callback_data.search else []
    text = "\n".join([*head(one), "", parts[part].html])
    rows = [turn, *_files(one), *_ways(desk, one), found, back(NoteList(contact=note.contact_id))]
    await show(event, Screen(text, rows))


def _files(one: Written) -> list[list[InlineKeyboardButton]]:
    return [[button(file_label(file), SendNoteFile(id=file.id or 0))] for file in one.files]


def file_label(file: NoteFile) -> str:
    """What a file is and what it is called."""
    return f"{icon(file.kind)} {label(file.name or kind_name(file.kind))}"


def head(one: Written) -> list[str]:
    """Whom it is about, and who wrote it when."""
    note, sign = one.note, "📌" if one.note.pinned_at else "📝"
    lines = [_("{sign} <b>Note on {contact}</b>").format(sign=sign, contact=safe(shorten(one.contact.name, NAME)))]
    lines.append(f"{safe(shorten(one.author, NAME))} · {when(note.written_at)}")
    lines += [_("changed {when}").format(when=when(note.edited_at))] if note.edited_at else []
    return lines


def _ways(desk: Desk, one: Written) -> list[list[InlineKeyboardButton]]:
    if not desk.may(Power.WRITE):
        return []
    here, pinned = one.note.id or 0, one.note.pinned_at is not None
    return [
        [
            button(_("✏️ Change"), EditNote(id=here)),
            button(_("Unpin") if pinned else _("📌 Pin"), PinNote(id=here, on=not pinned)),
        ],
        [button(_("⏰ Remind me"), AskReminder(note=here)), button(_("👥 Mention"), Mention(id=here))],
        [button(_("📎 Add a file"), AddNoteFile(id=here)), *_taking_off(one)],
        [button(_("🗑 Delete"), DeleteNote(id=here))],
    ]


def _taking_off(one: Written) -> list[InlineKeyboardButton]:
    """Of several files it is asked which."""
    if not one.files:
        return []
    to = TakeOffFiles(id=one.note.id or 0) if len(one.files) > 1 else TakeOffFile(id=one.files[0].id or 0)
    return [button(_("🗑 Take a file off"), to)]


async def show_deleted(event: CallbackQuery | Message, desk: Desk, one: Written) -> None:
    """That it is gone, with a way back."""
    text = _("🗑 The note on {contact} is deleted.").format(contact=f"<b>{safe(shorten(one.contact.name, NAME))}</b>")
    undo = [button(_("↩️ Bring it back"), RestoreNote(id=one.note.id or 0))] if desk.may(Power.WRITE) else []
    await show(event, Screen(text, [undo, back(NoteList(contact=one.note.contact_id))]))
