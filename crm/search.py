"""Finding messages, notes and people: words and filters, newest first, page after page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import spans
from crm.access import Desk, Power, contact_for, tag_for
from crm.errors import NotFound
from crm.spans import Span
from storage import media, search, searches, senders
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.media import Media
from storage.messages import Message
from storage.notes import Note
from storage.search import Hit
from storage.search_within import Within
from storage.searches import Search
from storage.tags import Tag

PAGE = 8
MOMENT = timedelta(microseconds=1)  # what lies between a span and its end, which is not included
LONGEST = 200  # characters of a question
PEOPLE = 8  # that are offered as a filter


class Kind(StrEnum):
    """What can be looked for alone."""

    ALL = ""
    TEXT = "text"
    PHOTO = "photo"
    DOCUMENT = "document"
    VOICE = "voice"
    LINK = "link"
    NOTE = "note"
    PERSON = "person"


CARRIED = {  # the kinds of messages behind each
    Kind.TEXT: ("text",),
    Kind.PHOTO: ("animation", "photo", "video", "video_note"),
    Kind.DOCUMENT: ("document",),
    Kind.VOICE: ("audio", "voice"),
    Kind.LINK: (search.LINK,),
}
WHERE = {Kind.ALL: search.KINDS, Kind.NOTE: (search.NOTE,), Kind.PERSON: (search.CONTACT,)}  # messages for the others
WORDLESS: dict[Kind, tuple[str, ...]] = {Kind.NOTE: (search.NOTE,), Kind.PERSON: ()}  # people are listed elsewhere


@dataclass(frozen=True, slots=True)
class Found:
    """One hit with what is shown of it: a message with its file, a note, or the contact alone."""

    hit: Hit
    contact: Contact
    message: Message | None = None
    media: Media | None = None
    note: Note | None = None
    sender: str | None = None  # who wrote it, in a group


@dataclass(frozen=True, slots=True)
class Results:
    """A page of what was found; `onward` is the place from which the next goes on, 0 where this is the last."""

    search: Search
    contact: Contact | None
    tag: Tag | None
    found: Sequence[Found]
    onward: int


async def begin(desk: Desk, words: str, *, contact_id: int = 0, people: bool = False) -> int:
    """Start a search, with one contact or among people alone. Returns its id. Raises NotFound."""
    desk.need(Power.READ)
    async with desk.transaction() as session:
        if contact_id:
            await contact_for(desk, session, contact_id)
        row = Search(
            person_id=desk.person.id,
            words=_proper(words),
            kind=Kind.PERSON if people else Kind.ALL,
            contact_id=contact_id or None,
            made_at=desk.installation.clock.now(),
        )
        await searches.add(session, row)
        return row.id or 0


async def change(desk: Desk, search_id: int, **filters: Any) -> None:
    """Set filters of one's own search: words, kind, contact_id, tag_id, span, since, until. Raises NotFound."""
    async with desk.transaction() as session:
        row = await _own(desk, session, search_id)
        if filters.get("contact_id"):
            await contact_for(desk, session, filters["contact_id"])
        if filters.get("tag_id"):
            await tag_for(desk, session, filters["tag_id"])
        if "words" in filters:
            filters["words"] = _proper(filters["words"])
        session.add(row.sqlmodel_update(filters))


async def anywhere(desk: Desk, search_id: int) -> None:
    """Drop every filter. Raises NotFound."""
    await change(desk, search_id, kind=Kind.ALL, contact_id=None, tag_id=None, span=Span.ALL, since=None, until=None)


async def between(desk: Desk, search_id: int, text: str) -> None:
    """Narrow to typed days. Raises Invalid("dates"), NotFound."""
    since, until = spans.typed(text, desk.installation.clock.now(), desk.workspace.zone)
    await change(desk, search_id, span=Span.TYPED, since=since, until=until)


async def results(desk: Desk, search_id: int, *, before: int = 0) -> Results:
    """One page, in a number of queries that does not grow with the hits. Raises NotFound for a search that is gone."""
    async with desk.reading() as session:
        row = await _own(desk, session, search_id)
        hits, onward = await _page(session, row, _within(desk, row), before)
        return Results(
            row,
            await session.get(Contact, row.contact_id) if row.contact_id else None,
            await session.get(Tag, row.tag_id) if row.tag_id else None,
            await _shown(session, hits),
            onward,
        )


async def people(desk: Desk, search_id: int) -> Sequence[Contact]:
    """Whom the newest hits are about, each once."""
    async with desk.reading() as session:
        row = await _own(desk, session, search_id)
        session.expunge(row)
        row.contact_id = None
        hits, _onward = await _page(session, row, _within(desk, row), 0, size=5 * PAGE)
        contacts = {one.contact.id: one.contact for one in await _shown(session, hits)}
        return list(contacts.values())[:PEOPLE]


def _proper(words: str) -> str:
    return " ".join(words.split())[:LONGEST]


async def _own(desk: Desk, session: AsyncSession, search_id: int) -> Search:
    desk.need(Power.READ)
    row = await session.get(Search, search_id)
    if row is None or row.person_id != desk.person.id:
        raise NotFound("search")
    return row


def _within(desk: Desk, row: Search) -> Within:
    since, until = row.since, row.until
    if row.span != Span.TYPED:
        since, until = spans.last_days(Span(row.span), desk.installation.clock.now(), desk.workspace.zone)
    return Within(
        contact_id=row.contact_id,
        tag_ids=[row.tag_id] if row.tag_id else [],
        since=since,
        until=until,
        message_kinds=CARRIED.get(Kind(row.kind), ()),
    )


async def _page(
    session: AsyncSession, row: Search, within: Within, before: int, *, size: int = PAGE
) -> tuple[list[Hit], int]:
    """The hits of one page, and where the next begins."""
    kinds = (WHERE if row.words else WORDLESS).get(Kind(row.kind), (search.MESSAGE,))
    words = row.words or None
    hits = await search.find(session, words, within, kinds=kinds, before=before or None, limit=size + 1)
    return hits[:size], hits[size - 1].place if len(hits) > size else 0


def _in(ids: Sequence[int]) -> ColumnElement[bool]:
    return col(Message.id).in_(ids)


async def _shown(session: AsyncSession, hits: Sequence[Hit]) -> list[Found]:
    """What each hit points to, one query for each kind; a row that is gone meanwhile is left out."""
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
    there = [(hit, rows[hit.kind, hit.id]) for hit in hits if (hit.kind, hit.id) in rows]
    return [Found(hit, contact, **facts) for hit, (contact, facts) in there]
