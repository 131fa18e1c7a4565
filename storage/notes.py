"""Notes on a contact's card."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import TelegramId, VaultTable


class Note(VaultTable, table=True):
    """What the team wrote about a contact and the contact never sees."""

    __tablename__ = "notes"

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contacts.id", ondelete="CASCADE", index=True)
    text: str
    author_id: int = Field(sa_type=TelegramId)
    written_at: datetime
    edited_at: datetime | None = None
    pinned_at: datetime | None = None
    deleted_at: datetime | None = None  # kept for the undo; the purge takes it for good


class NoteFile(VaultTable, table=True):
    """A file on a note: what it is, Telegram's own handle of it, and under which name it is kept."""

    __tablename__ = "note_files"

    id: int | None = Field(default=None, primary_key=True)
    note_id: int = Field(foreign_key="notes.id", ondelete="CASCADE", index=True)
    kind: str
    mime: str | None = None
    name: str | None = None
    size: int | None = None  # bytes
    file_id: str | None = None
    kept: str | None = Field(default=None, foreign_key="kept_files.name", ondelete="SET NULL", index=True)
    deleted_at: datetime | None = None  # as of a note


async def files(session: AsyncSession, note_id: int) -> Sequence[NoteFile]:
    """The files of a note, the first to come first."""
    query = select(NoteFile).where(col(NoteFile.note_id) == note_id, col(NoteFile.deleted_at).is_(None))
    return (await session.exec(query.order_by(col(NoteFile.id)))).all()


async def files_of_contact(session: AsyncSession, contact_id: int) -> Sequence[NoteFile]:
    """The files of all notes on a contact."""
    query = select(NoteFile).join(Note, col(Note.id) == col(NoteFile.note_id))
    there = query.where(col(Note.contact_id) == contact_id, col(NoteFile.deleted_at).is_(None))
    return (await session.exec(there.order_by(col(NoteFile.id)))).all()


async def all_files(session: AsyncSession) -> Sequence[NoteFile]:
    """The files of every note, what is deleted left out."""
    query = select(NoteFile).join(Note, col(Note.id) == col(NoteFile.note_id))
    there = query.where(col(Note.deleted_at).is_(None), col(NoteFile.deleted_at).is_(None))
    return (await session.exec(there.order_by(col(NoteFile.id)))).all()


async def count(session: AsyncSession, contact_id: int) -> int:
    """How many notes a contact has, deleted ones not counted."""
    query = select(func.count()).select_from(Note).where(col(Note.contact_id) == contact_id)
    return (await session.exec(query.where(col(Note.deleted_at).is_(None)))).one()


async def of_contact(session: AsyncSession, contact_id: int, *, offset: int = 0, limit: int) -> Sequence[Note]:
    """A contact's notes: pinned ones first, the newest first among each."""
    query = (
        select(Note)
        .where(col(Note.contact_id) == contact_id, col(Note.deleted_at).is_(None))
        .order_by(col(Note.pinned_at).desc().nulls_last(), col(Note.written_at).desc(), col(Note.id).desc())
    )
    return (await session.exec(query.offset(offset).limit(limit))).all()


async def purge(session: AsyncSession, before: datetime) -> int:
    """Drop for good what was deleted before this moment, files alone, too. Returns how many notes."""
    await session.exec(delete(NoteFile).where(col(NoteFile.deleted_at) < before))
    gone = await session.exec(delete(Note).where(col(Note.deleted_at) < before).returning(col(Note.id)))
    return len(gone.all())
