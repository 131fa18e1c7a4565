"""Reading a conversation: page by page in any direction, one message whole, its earlier texts, the days it was held."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from crm.access import Desk, Power, conversation_for, message_for
from crm.errors import NotFound, NotNow
from storage import media, messages, senders, tags
from storage.accounts import Account
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.media import Media
from storage.messages import Message, ReadUntil, Version
from storage.tags import Tag

BATCH = 24  # messages that are read for one page; how many of them fit is the screen's affair
HANDFUL = 250  # messages that are read at a time for a file of them all


@dataclass(frozen=True, slots=True)
class Line:
    """A message with what its place in a history shows."""

    message: Message
    media: Media | None
    versions: int
    answered: Message | None
    senders: Mapping[int, str] = field(default_factory=dict)  # in a group: what those who wrote are called

    def name(self, message: Message) -> str | None:
        """Who wrote it, in a group; None where that is plain."""
        return None if message.outgoing or message.peer_id > 0 else self.senders.get(message.sender_id)


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation and its two sides."""

    conversation: Conversation
    contact: Contact
    account: Account
    tags: Sequence[Tag]
    read: ReadUntil = field(default_factory=ReadUntil)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a conversation in the order it was held; `older` and `newer` tell whether it goes on there."""

    talk: Talk
    lines: Sequence[Line]
    older: bool
    newer: bool


@dataclass(frozen=True, slots=True)
class Whole:
    """One message with every text it ever had, the oldest first; the last is the text as it stands."""

    talk: Talk
    line: Line
    earlier: Sequence[Version]


async def ending(desk: Desk, conversation_id: int, before: int | None = None) -> Stretch:
    """The stretch that ends before this message id; None: with the newest message. Raises NotFound."""
    async with desk.reading() as session:
        talk = await _talk(desk, session, conversation_id)
        found = list(await messages.before(session, conversation_id, before, BATCH + 1))
        older = len(found) > BATCH
        rows = found[:BATCH][::-1]
        newer = before is not None and bool(await messages.since(session, conversation_id, before, 1))
        return Stretch(talk, await _lines(session, conversation_id, rows), older, newer)


async def starting(desk: Desk, conversation_id: int, number: int = messages.BEFORE) -> Stretch:
    """The stretch that starts with this message id, or the first after it. Raises NotFound."""
    async with desk.reading() as session:
        talk = await _talk(desk, session, conversation_id)
        found = await messages.since(session, conversation_id, number, BATCH + 1)
        older = bool(await messages.before(session, conversation_id, number, 1))
        return Stretch(talk, await _lines(session, conversation_id, found[:BATCH]), older, len(found) > BATCH)


async def around(desk: Desk, conversation_id: int, number: int) -> Stretch:
    """The stretch with this message id in the middle. Raises NotFound."""
    half = BATCH // 2
    async with desk.reading() as session:
        talk = await _talk(desk, session, conversation_id)
        earlier = list(await messages.before(session, conversation_id, number, half + 1))
        later = list(await messages.since(session, conversation_id, number, half + 1))
        rows = [*earlier[:half][::-1], *later[:half]]
        lines = await _lines(session, conversation_id, rows)
        return Stretch(talk, lines, len(earlier) > half, len(later) > half)


async def whole(desk: Desk, message: int) -> Whole:
    """One message, by its row. Raises NotFound."""
    async with desk.reading() as session:
        row = await message_for(desk, session, message)
        talk = await _talk(desk, session, row.conversation_id)
        line = (await _lines(session, row.conversation_id, [row]))[0]
        return Whole(talk, line, await messages.versions(session, message))


async def file(desk: Desk, message: int) -> tuple[Whole, Media]:
    """A message and the file that it carries. Raises NotFound, and NotNow where its chat lets nothing be copied."""
    found = await whole(desk, message)
    if found.line.media is None:
        raise NotFound("file")
    if found.line.message.protected:
        raise NotNow("protected")
    return found, found.line.media


async def talk(desk: Desk, conversation_id: int) -> Talk:
    """A conversation and its two sides. Raises NotFound."""
    async with desk.reading() as session:
        return await _talk(desk, session, conversation_id)


async def moments(desk: Desk, conversation_id: int, start: datetime, end: datetime) -> Sequence[tuple[int, datetime]]:
    """The message ids and times between two moments, in order. Raises NotFound."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        await conversation_for(desk, session, conversation_id)
        return await messages.moments(session, conversation_id, start, end)


async def _talk(desk: Desk, session: AsyncSession, conversation_id: int) -> Talk:
    thread = await conversation_for(desk, session, conversation_id)
    contact = await session.get_one(Contact, thread.contact_id)
    account = await session.get_one(Account, thread.account_id)
    carried = await tags.on_conversations(session, [conversation_id])
    read = await messages.read_until(session, [conversation_id])
    return Talk(thread, contact, account, carried.get(conversation_id, []), read[conversation_id])


async def _lines(session: AsyncSession, conversation_id: int, rows: Sequence[Message]) -> Sequence[Line]:
    """Three queries for all of them, however many; four in a group."""
    ids = [row.id or 0 for row in rows]
    files = await media.of_messages(session, ids)
    counts = await messages.count_versions(session, ids)
    here = {row.message_id: row for row in rows}
    asked = {row.reply_to_id for row in rows if row.reply_to_id is not None} - here.keys()
    answered = here | (await messages.numbered(session, conversation_id, asked) if asked else {})
    writers = {one.sender_id for one in (*rows, *answered.values()) if one.peer_id < 0}
    names = await senders.names(session, writers) if writers else {}
    return [
        Line(row, files.get(row.id or 0), counts.get(row.id or 0, 0), answered.get(row.reply_to_id or 0), names)
        for row in rows
    ]


async def from_the_beginning(
    desk: Desk, conversation_id: int
) -> AsyncIterator[Sequence[tuple[Line, Sequence[Version]]]]:
    """All of a conversation with its earlier texts, each handful in a short read of its own. Raises NotFound."""
    number = messages.BEFORE
    while True:
        async with desk.reading() as session:
            await conversation_for(desk, session, conversation_id)
            rows = await messages.since(session, conversation_id, number, HANDFUL)
            lines = await _lines(session, conversation_id, rows)
            found = [
                (one, await messages.versions(session, one.message.id or 0) if one.versions else ()) for one in lines
            ]
        if not found:
            return
        yield found
        number = rows[-1].message_id + 1
