"""The search index: which messages, notes and contacts hold the asked words, newest first.

One contentless FTS5 table for each kind, so a text stands in its own table alone. A row's number in the index is its
*place*: the second it was written, then its id, then its kind. FTS5 keeps its lists in the order of these numbers, so
the newest hits come first without sorting, a page goes on from a place, and a span of dates is a span of numbers.
Messages also carry their conversation and kind as words of a second column: a common word within one small conversation
is found by meeting two lists, not by looking at every hit. What is deleted from its table leaves the index by trigger.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Label, Select, String, column, func, literal, select, table, union_all
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.contacts import Contact
from storage.messages import Message
from storage.notes import Note
from storage.search_text import match, normalise
from storage.search_within import EVERYWHERE, Within, among_contacts, conversations

MESSAGE, NOTE, CONTACT = "message", "note", "contact"
KINDS = (MESSAGE, NOTE, CONTACT)
PLACE_BITS = 28  # below the seconds: 27 for the id (134 million messages in one vault), one for the kind
ID_MASK = 2 ** (PLACE_BITS - 1) - 1
FOREVER = 2**62
SCOPES_AT_MOST = 200  # conversations that are asked for as words; among more of them hits are not far apart

PLACE = {
    MESSAGE: f"((unixepoch(sent_at) << {PLACE_BITS}) | (id << 1))",
    NOTE: f"((unixepoch(written_at) << {PLACE_BITS}) | (id << 1) | 1)",
    CONTACT: "id",  # these are ordered by when they were last heard of, which changes
}
SCOPE = {MESSAGE: "'c' || conversation_id || ' k' || kind", NOTE: "''", CONTACT: "''"}
INDEX = {
    kind: "WITH given (number, words) AS (SELECT value ->> 0, value ->> 1 FROM json_each(?)) "  # noqa: S608  no input
    f"INSERT OR REPLACE INTO {kind}s_words (rowid, body, scope) "
    f"SELECT {PLACE[kind]} AS place, words, {SCOPE[kind]} FROM given CROSS JOIN {kind}s ON id = number "
    "ORDER BY place"  # each step back in the order would cost FTS5 a flush
    for kind in KINDS
}
DROP = {
    kind: f"DELETE FROM {kind}s_words WHERE rowid IN "  # noqa: S608  no input
    f"(SELECT {PLACE[kind]} FROM {kind}s WHERE id IN (SELECT value FROM json_each(?)))"
    for kind in KINDS
}
WORDS = {
    kind: table(f"{kind}s_words", column("rowid", Integer), column(f"{kind}s_words", String), column("rank", String))
    for kind in KINDS
}


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that holds the asked words. The next page goes on from the `place` of the last one."""

    kind: str
    id: int
    place: int

    @property
    def at(self) -> datetime:
        """When it was written; for a contact, when it was last heard of."""
        return datetime.fromtimestamp(self.place >> PLACE_BITS, UTC)


async def index(session: AsyncSession, kind: str, rows: Iterable[tuple[int, str]]) -> None:
    """Take texts by the id of their row, which stands in its table already, in place of earlier ones."""
    await _run(session, INDEX[kind], json.dumps([(number, normalise(text)) for number, text in rows]))


async def drop(session: AsyncSession, kind: str, ids: Iterable[int]) -> None:
    """Make rows that stay in their table unfindable."""
    await _run(session, DROP[kind], json.dumps(list(ids)))


async def wipe(session: AsyncSession) -> None:
    """After an erasure: write the index anew, since FTS5 only marks what was dropped. Seconds per million messages."""
    for kind in KINDS:
        await _run(session, f"INSERT INTO {kind}s_words ({kind}s_words) VALUES ('optimize')")  # noqa: S608  the kinds


async def _run(session: AsyncSession, statement: str, *facts: str) -> None:
    await session.flush()  # the rows must stand in their table
    await (await session.connection()).exec_driver_sql(statement, facts)


async def find(
    session: AsyncSession,
    query: str,
    within: Within = EVERYWHERE,
    *,
    kinds: Collection[str] = KINDS,
    before: int | None = None,
    limit: int = 10,
) -> list[Hit]:
    """The newest hits, at most `limit` and older than the place `before`; none for a query without a word."""
    asked = match(query)
    if asked is None:
        return []
    connection = await session.connection()
    parts: list[Select[Any, Any, Any]] = []
    if MESSAGE in kinds:
        threads = (await connection.scalars(conversations(within))).all() if within.narrow else None
        parts.append(_messages(asked, within, threads))
    if NOTE in kinds and not within.message_kinds:
        parts.append(_notes(asked, within))
    if CONTACT in kinds and not within.message_kinds:
        parts.append(_contacts(asked, within))
    if not parts:
        return []
    since = _place_of(within.since) if within.since else 0
    end = min(before or FOREVER, _place_of(within.until) if within.until else FOREVER)
    newest = [
        part.where(_place(part) >= since, _place(part) < end).order_by(_place(part).desc()).limit(limit).subquery()
        for part in parts
    ]
    found = await connection.execute(union_all(*(part.select() for part in newest)))
    return sorted((Hit(*row) for row in found), key=lambda hit: hit.place, reverse=True)[:limit]


def _place_of(moment: datetime) -> int:
    return int(moment.timestamp()) << PLACE_BITS


def _place(part: Select[Any, Any, Any]) -> ColumnElement[int]:
    place: Label[int] = part.selected_columns.place  # type: ignore[assignment]  # ours, see below
    return place.element


def _asks(kind: str, asked: str) -> ColumnElement[bool]:
    return WORDS[kind].c[f"{kind}s_words"].match(asked)


def _messages(asked: str, within: Within, threads: Sequence[int] | None) -> Select[Any, Any, Any]:
    words = WORDS[MESSAGE]
    number = words.c.rowid.op(">>")(1).op("&")(ID_MASK)
    terms = [f"{{body}} : ({asked})"]
    if within.message_kinds:
        terms.append(_scoped(f"k{kind}" for kind in sorted(within.message_kinds)))
    if threads is not None and len(threads) <= SCOPES_AT_MOST:
        terms.append(_scoped([f"c{thread}" for thread in threads] or ["nowhere"]))
    query = select(literal(MESSAGE), number, words.c.rowid.label("place")).where(_asks(MESSAGE, " AND ".join(terms)))
    if threads is not None and len(threads) > SCOPES_AT_MOST:
        among = select(func.json_each(json.dumps([*threads])).table_valued("value").c.value)
        message = select(col(Message.id)).where(col(Message.id) == number, col(Message.conversation_id).in_(among))
        query = query.where(message.exists())
    return query


def _scoped(words: Iterable[str]) -> str:
    return "{scope} : (" + " OR ".join(f'"{word}"' for word in words) + ")"


def _notes(asked: str, within: Within) -> Select[Any, Any, Any]:
    words = WORDS[NOTE]
    number = words.c.rowid.op(">>")(1).op("&")(ID_MASK)
    note = select(col(Note.id)).where(col(Note.id) == number, col(Note.deleted_at).is_(None))
    if within.narrow:
        note = note.where(*among_contacts(col(Note.contact_id), within))
    return select(literal(NOTE), number, words.c.rowid.label("place")).where(_asks(NOTE, asked), note.exists())


def _contacts(asked: str, within: Within) -> Select[Any, Any, Any]:
    heard = func.unixepoch(func.coalesce(Contact.last_message_at, Contact.first_seen_at), type_=Integer)
    place = heard.op("<<")(PLACE_BITS).op("|")(col(Contact.id).op("<<")(1))
    names = select(WORDS[CONTACT].c.rowid).where(_asks(CONTACT, asked))
    query = select(literal(CONTACT), col(Contact.id), place.label("place")).where(col(Contact.id).in_(names))
    return query.where(*among_contacts(col(Contact.id), within)) if within.narrow else query
