"""The newest messages and notes that a search's filters leave when no words are asked for, in the index's order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, String, tuple_, type_coerce
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.messages import Message
from storage.notes import Note
from storage.search import ID_MASK, MESSAGE, NOTE, PLACE_BITS, Hit
from storage.search_within import Within, among_contacts, conversations


def has_link() -> ColumnElement[bool]:
    """Telegram marks every link in a text: as a `url`, or as a `text_link` that holds one."""
    return type_coerce(col(Message.entities), String).like('%"url"%')


async def messages(
    session: AsyncSession, within: Within, *, linked: bool = False, before: int | None = None, limit: int
) -> list[Hit]:
    """Messages older than the place `before`, the newest first; `linked` leaves those with a link."""
    query = select(Message.id, Message.sent_at).where(*_conditions(within))
    if linked:
        query = query.where(has_link())
    if before:
        last = Hit(MESSAGE, before >> 1 & ID_MASK, before)
        query = query.where(tuple_(col(Message.sent_at), col(Message.id)) < (last.at, last.id))
    rows = await session.exec(query.order_by(col(Message.sent_at).desc(), col(Message.id).desc()).limit(limit))
    return [Hit(MESSAGE, row or 0, _place(sent_at, row or 0, 0)) for row, sent_at in rows]


async def notes(session: AsyncSession, within: Within, *, before: int | None = None, limit: int) -> list[Hit]:
    """Notes older than the place `before`, the newest first. There are few: their order is made here."""
    query = select(Note.id, Note.written_at).where(
        col(Note.deleted_at).is_(None), *among_contacts(col(Note.contact_id), within)
    )
    if within.since is not None:
        query = query.where(col(Note.written_at) >= within.since)
    if within.until is not None:
        query = query.where(col(Note.written_at) < within.until)
    hits = [Hit(NOTE, row or 0, _place(at, row or 0, 1)) for row, at in await session.exec(query)]
    older = (hit for hit in hits if not before or hit.place < before)
    return sorted(older, key=lambda hit: hit.place, reverse=True)[:limit]


def _conditions(within: Within) -> Iterable[ColumnElement[bool]]:
    if within.narrow:
        yield col(Message.conversation_id).in_(conversations(within))
    if within.since is not None:
        yield col(Message.sent_at) >= within.since
    if within.until is not None:
        yield col(Message.sent_at) < within.until
    if within.message_kinds:
        yield col(Message.kind).in_(within.message_kinds)


def _place(moment: datetime, row: int, kind: int) -> int:
    """The place that the index gives to a row."""
    return int(moment.timestamp()) << PLACE_BITS | row << 1 | kind
