"""Notes on a contact's card: reading, writing, pinning, and deleting them with a way back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message

from crm import mentions, notes
from crm.access import Desk, Power
from crm.errors import NotFound
from crm.notes import Written
from handlers.buttons.contacts import ContactCard, ContactList
from handlers.buttons.notes import DeleteNote, EditNote, Mention, NoteCard, NoteList, PinNote, RestoreNote, WriteNote
from handlers.buttons.reminders import AskReminder
from handlers.buttons.search import SearchPage
from handlers.language import _, date, number, when
from handlers.screens import Screen, back, button, label, pages, safe, shorten, show
from handlers.screens.formatted import Formatted, units

PART = 3500  # units of a long note on one screen
NAME = 64
BEGINNING = 24  # characters of a note on a button, beside its day
COPIED = 4000  # units of a note that is shown to be copied whole


class NoteWriting(StatesGroup):
    """The text that is being waited for."""

    text = State()
    new_text = State()


def routes() -> Router:
    """Everything around notes."""
    router = Router(name="notes")
    router.callback_query.register(show_notes, NoteList.filter())
    router.callback_query.register(show_note, NoteCard.filter())
    router.callback_query.register(ask_text, WriteNote.filter())
    router.callback_query.register(ask_new_text, EditNote.filter())
    router.callback_query.register(mention, Mention.filter())
    router.callback_query.register(pin, PinNote.filter())
    router.callback_query.register(delete, DeleteNote.filter())
    router.callback_query.register(restore, RestoreNote.filter())
    router.message.register(write, NoteWriting.text, F.text)
    router.message.register(rewrite, NoteWriting.new_text, F.text)
    return router


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


async def show_notes(event: CallbackQuery, callback_data: NoteList, desk: Desk) -> None:
    """A contact's notes, pinned ones first."""
    contact, page = await notes.listing(desk, callback_data.contact, page=callback_data.page)
    lines = [_("<b>Notes on {contact}</b>").format(contact=safe(shorten(contact.name, NAME)))]
    if not page.count:
        lines += ["", _("There are none yet. The team sees notes, the client never does.")]
    rows = [[button(_label(one), NoteCard(id=one.note.id or 0))] for one in page.items]
    turn = pages(page.number, page.last, lambda to: NoteList(contact=callback_data.contact, page=to))
    new = [button(_("✏️ Write a note"), WriteNote(contact=callback_data.contact))] if desk.may(Power.WRITE) else []
    await show(event, Screen("\n".join(lines), [*rows, turn, new, back(ContactCard(id=callback_data.contact))]))


def _label(one: Written) -> str:
    words = label(one.note.text, BEGINNING)
    return f"{'📌' if one.note.pinned_at else '📝'} {words} · {date(one.note.written_at)}"


@or_say_gone
async def show_note(event: CallbackQuery | Message, callback_data: NoteCard, *, desk: Desk) -> None:
    """One note whole, with who wrote it when."""
    one = await notes.one(desk, callback_data.id)
    note = one.note
    if note.deleted_at is not None:
        await _show_deleted(event, desk, one)
        return
    parts = Formatted(note.text).parts(PART)
    part = min(max(0, callback_data.part), len(parts) - 1)
    turn = pages(part, len(parts) - 1, lambda to: callback_data.model_copy(update={"part": to}))
    found = [button(_("‹ What was found"), SearchPage(id=callback_data.search))] if callback_data.search else []
    text = "\n".join([*_head(one), "", parts[part].html])
    await show(event, Screen(text, [turn, *_ways(desk, one), found, back(NoteList(contact=note.contact_id))]))


def _head(one: Written) -> list[str]:
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
            button(_("🗑 Delete"), DeleteNote(id=here)),
        ],
        [button(_("⏰ Remind me"), AskReminder(note=here)), button(_("👥 Mention"), Mention(id=here))],
    ]


async def ask_text(event: CallbackQuery, callback_data: WriteNote, desk: Desk, state: FSMContext) -> None:
    """The text of a new note."""
    desk.need(Power.WRITE)
    contact, _page = await notes.listing(desk, callback_data.contact)
    await state.set_state(NoteWriting.text)
    await state.set_data({"contact": callback_data.contact})
    text = _("Write the note on {contact}, up to {limit} characters. The client never sees it.").format(
        contact=f"<b>{safe(shorten(contact.name, NAME))}</b>", limit=number(notes.LONGEST)
    )
    text += "\n\n" + _("Whom you mention in it with @, somebody on the team, is told.")
    await show(event, Screen(text, [back(NoteList(contact=callback_data.contact))]))


async def write(message: Message, desk: Desk, state: FSMContext) -> None:
    """The text has come."""
    contact_id = int((await state.get_data()).get("contact", 0))
    try:
        note = await notes.write(desk, contact_id, message.text or "")
    except NotFound:
        await state.clear()
        raise
    await state.clear()
    await show_note(message, NoteCard(id=note.id or 0), desk=desk)


@or_say_gone
async def ask_new_text(event: CallbackQuery, callback_data: EditNote, *, desk: Desk, state: FSMContext) -> None:
    """Another text for a note; the old one stands there to be copied."""
    desk.need(Power.WRITE)
    one = await notes.one(desk, callback_data.id)
    await state.set_state(NoteWriting.new_text)
    await state.set_data({"note": callback_data.id})
    whole = units(one.note.text) <= COPIED
    ask = (
        _("Write the note anew. As it stands now (tap to copy):")
        if whole
        else _("Write the note anew. It is too long to be copied here; this is how it begins:")
    )
    text = f"{ask}\n\n<code>{Formatted(one.note.text).shortened(COPIED if whole else PART).html}</code>"
    await show(event, Screen(text, [back(NoteCard(id=callback_data.id))]))


@or_say_gone
async def rewrite(message: Message, *, desk: Desk, state: FSMContext) -> None:
    """The other text has come."""
    note_id = int((await state.get_data()).get("note", 0))
    try:
        await notes.rewrite(desk, note_id, message.text or "")
    except NotFound:
        await state.clear()
        raise
    await state.clear()
    await show_note(message, NoteCard(id=note_id), desk=desk)


@or_say_gone
async def mention(event: CallbackQuery, callback_data: Mention, *, desk: Desk) -> None:
    """Who is to read it; she is named under it, and told."""
    desk.need(Power.WRITE)
    at = callback_data
    if at.to > 0:
        await notes.mention(desk, at.id, at.to)
        await show_note(event, NoteCard(id=at.id), desk=desk)
        return
    one, team = await notes.one(desk, at.id), await mentions.page(desk, at.page)
    rows = [[button(label(person.name), Mention(id=at.id, to=person.id))] for person in team.items]
    turn = pages(team.number, team.last, lambda page: Mention(id=at.id, page=page))
    empty = "" if team.count else _("Nobody else is on the team yet.")
    text = "\n".join([*_head(one), "", empty or _("Who is to read this note?")])
    await show(event, Screen(text, [*rows, turn, back(NoteCard(id=at.id))]))


@or_say_gone
async def pin(event: CallbackQuery, callback_data: PinNote, *, desk: Desk) -> None:
    """What the button says, however often it is pressed."""
    await notes.pin(desk, callback_data.id, on=callback_data.on)
    await show_note(event, NoteCard(id=callback_data.id), desk=desk)


@or_say_gone
async def delete(event: CallbackQuery, callback_data: DeleteNote, *, desk: Desk) -> None:
    """At once, with a way back instead of a question."""
    await notes.delete(desk, callback_data.id)
    await _show_deleted(event, desk, await notes.one(desk, callback_data.id))


async def _show_deleted(event: CallbackQuery | Message, desk: Desk, one: Written) -> None:
    text = _("🗑 The note on {contact} is deleted.").format(contact=f"<b>{safe(shorten(one.contact.name, NAME))}</b>")
    undo = [button(_("↩️ Bring it back"), RestoreNote(id=one.note.id or 0))] if desk.may(Power.WRITE) else []
    await show(event, Screen(text, [undo, back(NoteList(contact=one.note.contact_id))]))


@or_say_gone
async def restore(event: CallbackQuery, callback_data: RestoreNote, *, desk: Desk) -> None:
    """The way back."""
    await notes.bring_back(desk, callback_data.id)
    await show_note(event, NoteCard(id=callback_data.id), desk=desk)
