"""Which text of a message is the youngest, and which are its earlier ones: a set, whatever the order they come in."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm.seen import Seen, Source
from storage.messages import Message, Version


async def meet(session: AsyncSession, stored: Message, seen: Seen) -> bool:
    """Bring the texts of two sights together; True where the one that was just seen is the younger and stands now."""
    here, there = written(stored), written(seen)
    same = (stored.text, stored.entities) == (seen.text, seen.entities)
    if (same and seen.touched) or (there == here and not same and seen.source is Source.IMPORT):
        return False
    if there < here or (there == here and (same or await _is_version(session, stored, seen))):
        if there < here and not await _is_version(session, stored, seen):
            session.add(_version(stored, seen))
        return False
    session.add(_version(stored, stored))
    stored.text, stored.entities, stored.edited_at = seen.text, seen.entities, seen.edited_at
    if seen.source is not Source.IMPORT:
        stored.kind, stored.extra = seen.kind, seen.extra
    return True


def written(message: Message | Seen) -> tuple[datetime, bool]:
    """The age of a text. Telegram counts whole seconds: an edit in the second of sending is younger all the same."""
    return message.edited_at or message.sent_at, message.edited_at is not None


def _version(stored: Message, text: Message | Seen) -> Version:
    return Version(message=stored.id or 0, text=text.text, entities=text.entities, written_at=written(text)[0])


async def _is_version(session: AsyncSession, stored: Message, seen: Seen) -> bool:
    known = await session.exec(
        select(Version.text).where(col(Version.message) == stored.id, col(Version.written_at) == written(seen)[0])
    )
    return seen.text in known.all()
