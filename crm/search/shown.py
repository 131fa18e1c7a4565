"""What a hit points to: the message with its file, the note, the contact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm.search.levels import Level
from storage import media, search, senders
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.media import Media
from storage.messages import Message
from storage.notes import Note
from storage.search import Hit


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


def _in(ids: Sequence[int]) -> ColumnElement[bool]:
    return col(Message.id).in_(ids)


async def shown(session: AsyncSession, levelled: Sequence[tuple[Level, Hit]]) -> list[Found]:
    """What each hit points to, one query for each kind; a row that is gone meanwhile is left out."""
    hits = [hit for _, hit in levelled]
    ids = {kind: [hit.id for hit in hits if hit.kind == kind] for kind in search.KINDS}
    spoken = (
        select(Message, Contact)
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .join(Contact, col(Contact.id) == col(Conversation.contact_id))
        .where(_in(ids[search.MESSAGE]))
    )
    noted = select(Note, Contact).join(Contact, col(Contact.id) == col(Note.contact_id))
    files = await media.of_messages(session, ids[search.MESSAGE])
    rows: dict[tuple[str, int | None], tuple[Contact, dict[str, Any]]] = {}
    said = (await session.exec(spoken)).all()
    names = await senders.names(session, {message.sender_id for message, contact in said if contact.is_group})
    for message, contact in said:
        facts = {"message": message, "media": files.get(message.id or 0), "sender": names.get(message.sender_id)}
        rows[search.MESSAGE, message.id] = contact, facts
    for note, contact in await session.exec(noted.where(col(Note.id).in_(ids[search.NOTE]))):
        rows[search.NOTE, note.id] = contact, {"note": note}
    for contact in await session.exec(select(Contact).where(col(Contact.id).in_(ids[search.CONTACT]))):
        rows[search.CONTACT, contact.id] = contact, {}
    there = [(level, hit, rows[hit.kind, hit.id]) for level, hit in levelled if (hit.kind, hit.id) in rows]
    return [Found(hit, level, contact, **facts) for level, hit, (contact, facts) in there]
