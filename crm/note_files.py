"""Files on notes: fetched from Telegram once, kept encrypted beside the vault, and given back.

Whoever puts a file on a note means it to stay, so it is kept whatever the workspace has chosen for files of messages.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit
from crm.access import Desk, Power, note_file_for, note_for
from crm.errors import Invalid, NotFound, NotNow
from crm.ports import FileSource
from crm.seen import File
from storage import media
from storage import notes as stored
from storage.errors import MediaDamaged, StorageFull
from storage.media import KeptFile, Media
from storage.notes import NoteFile

MOST = 10  # files on one note: as many as Telegram sends together


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that lies on the disk; where no note comes to carry it, the sweep takes it."""

    file: File
    kept: KeptFile


async def take(desk: Desk, roads: FileSource, file: File) -> Taken:
    """Bring a file to the disk. Raises NotNow: too_large, unreachable, full."""
    desk.need(Power.WRITE)
    store = desk.vault.media
    if store.room < (file.size or 0):
        raise NotNow("full")
    at_telegram = Media(message=0, kind=file.kind, size=file.size, file_id=file.file_id)
    draft = store.draft()
    try:
        async for piece in roads.fetch(desk.workspace.id or 0, 0, at_telegram):
            await asyncio.to_thread(draft.write, piece)
        await asyncio.to_thread(draft.keep)
    except StorageFull:
        raise NotNow("full") from None
    finally:
        draft.drop()  # what has its place is not a draft any more
    now = desk.installation.clock.now()
    return Taken(file, KeptFile(name=draft.name, digest=draft.digest, size=draft.size, kept_at=now))


async def attach(session: AsyncSession, note_id: int, taken: Taken) -> None:
    """Let a note carry it, in the transaction that writes the note."""
    kept = await media.place(session, taken.kept)
    file = taken.file
    session.add(
        NoteFile(
            note_id=note_id,
            kind=file.kind,
            mime=file.mime,
            name=file.name,
            size=taken.kept.size,
            file_id=file.file_id,
            kept=kept,
        )
    )


async def add(desk: Desk, note_id: int, taken: Taken) -> None:
    """Put a file on a note that is there. Raises NotFound, Invalid (too_many)."""
    desk.need(Power.WRITE)
    async with desk.transaction() as session:
        note = await note_for(desk, session, note_id)
        await _room_on(session, note_id)
        await attach(session, note.id or 0, taken)
        audit.record(desk, session, "note.file_added", f"note:{note_id}")


async def one(desk: Desk, file_id: int) -> NoteFile:
    """A file that is on a note. Raises NotFound("note_file")."""
    async with desk.reading() as session:
        file = await note_file_for(desk, session, file_id)
        if file.deleted_at is not None:
            raise NotFound("note_file")
        return file


async def take_off(desk: Desk, file_id: int) -> NoteFile:
    """Take a file off its note; it can be put back until the purge comes for it. Raises NotFound("note_file")."""
    desk.need(Power.WRITE)
    async with desk.transaction() as session:
        file = await note_file_for(desk, session, file_id)
        if file.deleted_at is None:
            file.deleted_at = desk.installation.clock.now()
            session.add(file)
            audit.record(desk, session, "note.file_taken_off", f"note:{file.note_id}")
        return file


async def put_back(desk: Desk, file_id: int) -> NoteFile:
    """Undo that. Raises NotFound("note_file") once the purge has been, Invalid (too_many)."""
    desk.need(Power.WRITE)
    async with desk.transaction() as session:
        file = await note_file_for(desk, session, file_id)
        if file.deleted_at is not None:
            await _room_on(session, file.note_id)
            file.deleted_at = None
            session.add(file)
            audit.record(desk, session, "note.file_put_back", f"note:{file.note_id}")
        return file


async def _room_on(session: AsyncSession, note_id: int) -> None:
    if len(await stored.files(session, note_id)) >= MOST:
        raise Invalid("note", "too_many", MOST)


async def content(desk: Desk, file: NoteFile) -> bytes:
    """What was kept. Raises NotNow("unreachable") where that is not whole any more."""
    desk.need(Power.READ)
    try:
        return await asyncio.to_thread(lambda: b"".join(desk.vault.media.read(file.kept or "")))
    except MediaDamaged:
        raise NotNow("unreachable") from None
