"""Notes on a contact's card: reading, writing, pinning, and deleting them with a way back."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from crm import mentions, notes
from crm.access import Desk, Power
from crm.errors import NotFound
from crm.notes import Written
from handlers.buttons.contacts import ContactCard
from handlers.buttons.notes import DeleteNote, EditNote, Mention, NoteCard, NoteList, PinNote, RestoreNote, WriteNote
from handlers.language import _, date, number
from handlers.notes import files
from handlers.notes.card import NAME, PART, NoteWriting, head, or_say_gone, show_deleted, show_note
from handlers.screens import Screen, back, button, label, pages, safe, shorten, show
from handlers.screens.formatted import Formatted, units

BEGINNING = 24  # characters of a note on a button, beside its day
COPIED = 4000  # units of a note that is shown to be copied whole


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
    files.listen(router)
    return router


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
    text += " " + _("A photo or a file is a note, too, its caption the text.")
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
    text = "\n".join([*head(one), "", empty or _("Who is to read this note?")])
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
    await show_deleted(event, desk, await notes.one(desk, callback_data.id))


@or_say_gone
async def restore(event: CallbackQuery, callback_data: RestoreNote, *, desk: Desk) -> None:
    """The way back."""
    await notes.bring_back(desk, callback_data.id)
    await show_note(event, NoteCard(id=callback_data.id), desk=desk)
