"""What a hit points to: the message with its file, the note, the contact."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm.search.levels import Level
from storage import fields, search, senders
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.media import Media
from storage.messages import Message
from storage.notes import Note
from storage.search import Hit

SAID = (
    select(Message, Contact, Media)
    .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
    .join(Contact, col(Contact.id) == col(Conversation.contact_id))
    .join(Media, col(Media.message) == col(Message.id), isouter=True)
    .where(col(Message.id).in_(bindparam("ids", expanding=True)))
)
Rows = AsyncIterator[tuple[int | None, Contact, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Found:
    """One hit with what is shown of it: a message with its file, a note, or the contact alone."""

    hit: Hit
    level: Level
    contact: Contact
    message: Message | None = None
    media: Media | None = None
    note: Note | None = None
    sender: str | None = None  # who wrote it, in a group
    filled: Sequence[str] = ()  # what stands in the fields of a contact, in plain words


async def _messages(session: AsyncSession, ids: Sequence[int]) -> Rows:
    said = (await session.exec(SAID, params={"ids": ids})).all()
    in_groups = {message.sender_id for message, contact, _ in said if contact.is_group}
    names = await senders.names(session, in_groups) if in_groups else {}
    for message, contact, media in said:
        facts = {"message": message, "media": media, "sender": names.get(message.sender_id)}
        yield message.id, contact, facts


async def _notes(session: AsyncSession, ids: Sequence[int]) -> Rows:
    query = select(Note, Contact).join(Contact, col(Contact.id) == col(Note.contact_id)).where(col(Note.id).in_(ids))
    for note, contact in await session.exec(query):
        yield note.id, contact, {"note": note}


async def _contacts(session: AsyncSession, ids: Sequence[int]) -> Rows:
    contacts = (await session.exec(select(Contact).where(col(Contact.id).in_(ids)))).all()
    filled = await fields.words(session, ids)
    for contact in contacts:
        yield contact.id, contact, {"filled": filled.get(contact.id or 0, ())}


LOOKS = {search.MESSAGE: _messages, search.NOTE: _notes, search.CONTACT: _contacts}


async def shown(session: AsyncSession, levelled: Sequence[tuple[Level, Hit]]) -> list[Found]:
    """What each hit points to, a query for each kind that is there; a row that is gone meanwhile is left out."""
    rows: dict[tuple[str, int | None], tuple[Contact, dict[str, Any]]] = {}
    for kind, look in LOOKS.items():
        ids = [hit.id for _, hit in levelled if hit.kind == kind]
        if ids:
            rows |= {(kind, number): (contact, facts) async for number, contact, facts in look(session, ids)}
    there = [(level, hit, rows[hit.kind, hit.id]) for level, hit in levelled if (hit.kind, hit.id) in rows]
    return [Found(hit, level, contact, **facts) for level, hit, (contact, facts) in there]
