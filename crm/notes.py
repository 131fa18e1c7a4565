"""Notes: what the team writes about a contact and the contact never sees."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, mentions, note_files, pages, people
from crm.access import Desk, Power, Room, contact_for, note_for
from crm.errors import Invalid, NotFound
from crm.note_files import Taken
from crm.pages import Page
from storage import notes, search
from storage.contacts import Contact
from storage.notes import Note, NoteFile

LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Written:
    """A note, whom it is about, and who wrote it; its files where it stands alone."""

    note: Note
    contact: Contact
    author: str
    files: Sequence[NoteFile] = ()


async def listing(desk: Desk, contact_id: int, *, page: int = 0) -> tuple[Contact, Page[Written]]:
    """A contact's notes, pinned ones first. Raises NotFound."""
    async with desk.reading() as session:
        contact = await contact_for(desk, session, contact_id)
        here: Page[Written] = pages.place(page, await notes.count(session, contact_id))
        found = await notes.of_contact(session, contact_id, offset=here.offset, limit=pages.SIZE)
    names = await people.names(desk.installation, (note.author_id for note in found))
    return contact, here.with_items([Written(note, contact, names[note.author_id]) for note in found])


async def one(desk: Desk, note_id: int) -> Written:
    """One note, a deleted one too. Raises NotFound."""
    async with desk.reading() as session:
        note = await note_for(desk, session, note_id)
        contact = await contact_for(desk, session, note.contact_id)
        files = await notes.files(session, note_id)
    return Written(note, contact, (await people.names(desk.installation, [note.author_id]))[note.author_id], files)


async def write(
    desk: Desk,
    contact_id: int,
    text: str,
    file: Taken | None = None,
    *,
    with_it: Callable[[AsyncSession, Note], Awaitable[None]] | None = None,
) -> Note:
    """Write a note on a contact's card, perhaps with a file; whom it mentions is told.

    `with_it` writes what is to be committed with it. Raises Invalid (empty, too_long), NotFound.
    """
    desk.need(Power.WRITE)
    proper, team = _proper(text), await mentions.team(desk)
    async with desk.transaction() as session:
        contact = await contact_for(desk, session, contact_id)
        now = desk.installation.clock.now()
        note = Note(contact_id=contact.id or 0, text=proper, author_id=desk.person.id, written_at=now)
        session.add(note)
        await session.flush()
        await search.index(session, search.NOTE, [(note.id or 0, proper)])
        if file is not None:
            await note_files.attach(session, note.id or 0, file)
        await mentions.tell_of(desk, session, note, contact, team)
        audit.record(desk, session, "note.written", f"note:{note.id}")
        if with_it is not None:
            await with_it(session, note)
        return note


async def rewrite(desk: Desk, note_id: int, text: str) -> Note:
    """Give a note another text; who is mentioned now and was not before is told. Raises as `write`."""
    desk.need(Power.WRITE)
    proper, team = _proper(text), await mentions.team(desk)
    async with desk.transaction() as session:
        note = await note_for(desk, session, note_id)
        note.text, note.edited_at = proper, desk.installation.clock.now()
        session.add(note)
        await search.drop(session, search.NOTE, [note_id])
        if note.deleted_at is None:
            await search.index(session, search.NOTE, [(note_id, proper)])
            await mentions.tell_of(desk, session, note, await contact_for(desk, session, note.contact_id), team)
        audit.record(desk, session, "note.edited", f"note:{note_id}")
        return note


async def mention(desk: Desk, note_id: int, person_id: int) -> None:
    """Put a member's name under a note, where it does not stand in it yet. Raises as `write`, NotFound("member")."""
    person = next((one for one in await mentions.team(desk) if one.id == person_id), None)
    if person is None:
        raise NotFound("member")
    text = (await one(desk, note_id)).note.text
    if not mentions.among(text, [person]):
        await rewrite(desk, note_id, f"{text}\n{mentions.handle(person)}")


async def pin(desk: Desk, note_id: int, *, on: bool) -> None:
    """Keep a note above the others, or no longer. Raises NotFound."""
    desk.need(Power.WRITE)
    async with desk.transaction() as session:
        note = await note_for(desk, session, note_id)
        if (note.pinned_at is not None) != on:
            note.pinned_at = desk.installation.clock.now() if on else None
            session.add(note)
            audit.record(desk, session, "note.pinned" if on else "note.unpinned", f"note:{note_id}")


async def delete(desk: Desk, note_id: int) -> None:
    """Take a note away; it can be brought back until the purge comes for it. Raises NotFound."""
    desk.need(Power.WRITE)
    async with desk.transaction() as session:
        note = await note_for(desk, session, note_id)
        if note.deleted_at is None:
            note.deleted_at = desk.installation.clock.now()
            session.add(note)
            await search.drop(session, search.NOTE, [note_id])
            audit.record(desk, session, "note.deleted", f"note:{note_id}")


async def bring_back(desk: Desk, note_id: int) -> None:
    """Undo a deletion. Raises NotFound once the purge has been."""
    desk.need(Power.WRITE)
    async with desk.transaction() as session:
        note = await note_for(desk, session, note_id)
        if note.deleted_at is not None:
            note.deleted_at = None
            session.add(note)
            await search.index(session, search.NOTE, [(note_id, note.text)])
            audit.record(desk, session, "note.restored", f"note:{note_id}")


async def purge(room: Room, before: datetime) -> int:
    """Drop for good the notes that were deleted before this moment. Returns how many."""
    async with room.transaction() as session:
        return await notes.purge(session, before)


def _proper(text: str) -> str:
    proper = text.replace("\r\n", "\n").strip()
    if not proper:
        raise Invalid("note", "empty")
    if len(proper) > LONGEST:
        raise Invalid("note", "too_long", LONGEST)
    return proper
