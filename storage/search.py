"""The search index: which messages, notes and contacts hold the asked words, newest first.

One contentless FTS5 table for each kind, so a text stands in its own table alone. A row's number in the index is its
*place*: the second it was written, then its id, then its kind. FTS5 keeps its lists in the order of these numbers, so
the newest hits come first without sorting, a page goes on from a place, and a span of dates is a span of numbers.
Messages also carry their conversation, their kind, whether they hold a link and who wrote them as words of a second
column: a common word within one small conversation, or one of few photos, is found by meeting lists, not by looking at
every message.
What is deleted from its table leaves the index by trigger.
"""
# ruff: noqa: S608  every word of the statements is ours; what people ask for goes in as a parameter

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import bulk, vocabulary
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.messages import Message
from storage.search_question import Question, read
from storage.search_text import normalise
from storage.search_within import EVERYWHERE, Within, among_contacts, conversations

MESSAGE, NOTE, CONTACT = "message", "note", "contact"
KINDS = (MESSAGE, NOTE, CONTACT)
PLACE_BITS = 28  # below the seconds: 27 for the id (134 million messages in one vault), one for the kind
ID_MASK = 2 ** (PLACE_BITS - 1) - 1
FOREVER = 2**62
NOTHING = Question()
SCOPES_AT_LEAST, SCOPES_AT_MOST = 4, 200  # conversations that are asked for as words however much was said in them
WALKED = 20  # of so many messages one must be of them, if hits are looked up

PLACE = {
    MESSAGE: f"((unixepoch(sent_at) << {PLACE_BITS}) | (id << 1))",
    NOTE: f"((unixepoch(written_at) << {PLACE_BITS}) | (id << 1) | 1)",
    CONTACT: "id",  # these are ordered by when they were last heard of, which changes
}
LINK = "link"  # asked for like a kind. Telegram marks links in a text: as a `url`, or as a `text_link` that holds one
OURS = "o"  # likewise what we wrote
SCOPE = {
    MESSAGE: f"""'c' || conversation_id || ' k' || kind || iif(entities LIKE '%"url"%', ' k{LINK}', '')
        || iif(outgoing, ' {OURS}', ' s' || sender_id)""",
    NOTE: "''",
    CONTACT: "''",
}
INDEX = {
    kind: "WITH given (number, words) AS MATERIALIZED (SELECT value ->> 0, value ->> 1 FROM jsonb_each(?)) "
    f"INSERT OR REPLACE INTO {kind}s_words (rowid, body, scope) "
    f"SELECT {PLACE[kind]} AS place, words, {SCOPE[kind]} FROM given CROSS JOIN {kind}s ON id = number "
    "ORDER BY place"  # each step back in the order would cost FTS5 a flush
    for kind in KINDS
}
DROP = {
    kind: f"DELETE FROM {kind}s_words WHERE rowid IN "
    f"(SELECT {PLACE[kind]} FROM {kind}s WHERE id IN (SELECT value FROM json_each(?)))"
    for kind in KINDS
}
NUMBER = f"(rowid >> 1 & {ID_MASK})"
HEARD = f"((unixepoch(coalesce(last_message_at, first_seen_at)) << {PLACE_BITS}) | (id << 1))"
FIND = {
    MESSAGE: f"SELECT 'message', {NUMBER}, rowid AS place FROM messages_words WHERE {{asked}}",
    NOTE: f"SELECT 'note', {NUMBER}, rowid AS place FROM notes_words WHERE {{asked}} AND EXISTS "
    f"(SELECT 1 FROM notes WHERE id = {NUMBER.replace('rowid', 'notes_words.rowid')} AND deleted_at IS NULL",
    CONTACT: f"SELECT 'contact', id, {HEARD} AS place FROM contacts WHERE id IN "
    "(SELECT rowid FROM contacts_words WHERE {asked}",
}
AMONG = {
    MESSAGE: f" AND EXISTS (SELECT 1 FROM messages WHERE id = {NUMBER.replace('rowid', 'messages_words.rowid')} "
    "AND conversation_id IN (SELECT value FROM json_each(:threads)))",
    NOTE: " AND contact_id IN (SELECT value FROM json_each(:among))",
    CONTACT: " AND +rowid IN (SELECT value FROM json_each(:among))",  # without the sign: a search for each of them
}
NEAREST = "SELECT * FROM ({part} AND place >= :since AND place < :before ORDER BY place {order} LIMIT :limit)"


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
    heard: set[str] = set()

    def words() -> Iterator[tuple[int, str]]:
        for number, text in rows:
            folded = normalise(text)
            heard.update(folded.split())
            yield number, folded

    await bulk.run(session, INDEX[kind], words())
    await vocabulary.hear(session, heard)


async def drop(session: AsyncSession, kind: str, ids: Iterable[int]) -> None:
    """Make rows that stay in their table unfindable."""
    await _run(session, DROP[kind], json.dumps(list(ids)))


async def wipe(session: AsyncSession) -> None:
    """After an erasure: write the index anew, since FTS5 only marks what was dropped. Seconds per million messages."""
    for kind in KINDS:
        await _run(session, f"INSERT INTO {kind}s_words ({kind}s_words) VALUES ('optimize')")
    await vocabulary.forget(session)


async def _run(session: AsyncSession, statement: str, *facts: str) -> None:
    await session.flush()  # the rows must stand in their table
    await (await session.connection()).exec_driver_sql(statement, facts)


async def find(
    session: AsyncSession,
    asked: Question | str | None,
    within: Within = EVERYWHERE,
    *,
    kinds: Collection[str] = KINDS,
    beyond: Question = NOTHING,
    before: int | None = None,
    after: int | None = None,
    limit: int = 10,
) -> list[Hit]:
    """The newest hits older than the place `before`, or the oldest newer than `after`, at most `limit`.

    A question that holds no word finds nothing; None asks for none, and finds all that the filters leave. What a
    tighter question finds (`beyond`) is left out.
    """
    question = read(asked) if isinstance(asked, str) else asked or NOTHING
    if asked is not None and not (question.terms or question.without):
        return []
    connection = await session.connection()
    facts: dict[str, Any] = {
        "limit": limit,
        "since": max(after + 1 if after is not None else 0, _place_of(within.since) if within.since else 0),
        "before": min(before or FOREVER, _place_of(within.until) if within.until else FOREVER),
    }
    parts: list[str] = []
    if MESSAGE in kinds:
        threads = await _threads(connection, within) if within.narrow else None
        facts["threads"] = threads if isinstance(threads, str) else "[]"
        scopes = _scopes(within, None if isinstance(threads, str) else threads)
        facts["messages"], condition = _matching(MESSAGE, [*scopes], question, beyond)
        parts.append(FIND[MESSAGE].format(asked=condition) + (AMONG[MESSAGE] if isinstance(threads, str) else ""))
    others = [kind for kind in (NOTE, CONTACT) if kind in kinds and not within.messages_alone]
    if others and within.narrow:
        contacts = select(col(Contact.id)).where(*among_contacts(col(Contact.id), within))
        facts["among"] = await _numbers(connection, contacts)
    for kind in others:
        facts[f"{kind}s"], condition = _matching(kind, [], question, beyond)
        parts.append(FIND[kind].format(asked=condition) + (AMONG[kind] if within.narrow else "") + ")")
    if not parts:
        return []
    order = "DESC" if after is None else "ASC"
    nearest = " UNION ALL ".join(NEAREST.format(part=part, order=order) for part in parts)
    query = f"{nearest} ORDER BY place {order} LIMIT :limit"
    found: Sequence[Any] = (await connection.exec_driver_sql(query, facts)).all()
    return [Hit(*row) for row in found]


async def _threads(connection: AsyncConnection, within: Within) -> str | list[int]:
    """The conversations that are meant: to be asked for as words, or as JSON to be looked up for one hit after another.

    Each word costs the start of a list, each hit a row: where much was said in them, hits lie close together.
    """
    chosen = conversations(within).add_columns(col(Conversation.message_count).label("said")).subquery()
    everything = select(func.max(col(Message.id))).scalar_subquery()
    query = select(func.json_group_array(chosen.c[0]), func.count(), func.sum(chosen.c.said), everything)
    numbers, count, said, every = (await connection.execute(query)).one()
    walk = count > SCOPES_AT_MOST or (count > SCOPES_AT_LEAST and said * WALKED > every)
    return str(numbers) if walk else list(json.loads(numbers))


async def _numbers(connection: AsyncConnection, query: Select[Any]) -> str:
    """The numbers that a query finds as one JSON text, which thousands of rows would cost more than they are worth."""
    return str(await connection.scalar(select(func.json_group_array(query.subquery().c[0]))))


def _matching(kind: str, scopes: Sequence[str], question: Question, beyond: Question) -> tuple[str, str]:
    """What the index is asked for, and the condition that asks it."""
    terms = [f"{{body}} : ({question})"] if question.terms else []
    absent = [f"({one})" for one in (question.absent, str(beyond)) if one]
    asked = " AND ".join(f"({one})" for one in (*terms, *scopes))
    unwanted = f"{{body}} : ({' OR '.join(absent)})" if absent else ""
    if asked:
        return f"({asked}) NOT ({unwanted})" if unwanted else asked, f"{kind}s_words MATCH :{kind}s"
    if unwanted:
        return unwanted, f"rowid NOT IN (SELECT rowid FROM {kind}s_words WHERE {kind}s_words MATCH :{kind}s)"
    return "", "TRUE"


def _scopes(within: Within, threads: list[int] | None) -> Iterator[str]:
    """The words that stand for kinds, conversations and writers."""
    if within.message_kinds:
        yield _scoped(f"k{kind}" for kind in sorted(within.message_kinds))
    if within.ours:
        yield _scoped([OURS])
    if within.writer:
        yield _scoped([f"s{within.writer}"])
    if threads is not None:
        yield _scoped([f"c{thread}" for thread in threads] or ["nowhere"])


def _scoped(words: Iterable[str]) -> str:
    return "{scope} : (" + " OR ".join(f'"{word}"' for word in words) + ")"


def place(moment: datetime, message: int) -> int:
    """Where a message stands in the order of hits."""
    return _place_of(moment) | (message << 1)


def _place_of(moment: datetime) -> int:
    return int(moment.timestamp()) << PLACE_BITS
