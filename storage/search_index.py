"""The search index: which words stand in which messages, notes and contacts, and how they get there.

One contentless FTS5 table for each kind, so a text stands in its own table alone. A row's number in the index is its
*slot*: the day it was written, then its id. FTS5 keeps its lists in the order of these numbers and stores how far each
lies from the one before, so days make them half as long as seconds would. Days come newest first without sorting; of
the day that a page ends in all hits are looked at. Messages also carry their conversation, their kind unless it is
plain text, whether they hold a link and who wrote them as words of a second column: a common word within one small
conversation, or one of few photos, is found by meeting lists, not by looking at every message. Of a contact the second
column repeats what does not say who it is: who may not see that finds nobody by more.
What is deleted from its table leaves the index by trigger.
"""
# ruff: noqa: S608  every word of the statements is ours

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from storage import bulk, vocabulary
from storage.search_text import normalise

MESSAGE, NOTE, CONTACT = "message", "note", "contact"
KINDS = (MESSAGE, NOTE, CONTACT)
ID_BITS = 27  # 134 million messages in one vault
DAY = 86400  # seconds
WRITTEN = {MESSAGE: "sent_at", NOTE: "written_at"}
SLOT = {kind: f"(unixepoch({at}) / {DAY} << {ID_BITS} | id)" for kind, at in WRITTEN.items()} | {CONTACT: "id"}
PLAIN = "text"  # the kind of nearly every message
LINK = "link"  # asked for like a kind. Telegram marks links in a text: as a `url`, or as a `text_link` that holds one
OURS = "o"  # likewise what we wrote
SCOPE = {
    MESSAGE: f"""'c' || conversation_id || iif(kind = '{PLAIN}', '', ' k' || kind)
        || iif(entities LIKE '%"url"%', ' k{LINK}', '')
        || CASE WHEN outgoing THEN ' {OURS}' WHEN sender_id <> peer_id THEN ' s' || sender_id ELSE '' END""",
    NOTE: "''",
    CONTACT: "told",
}
INDEX = {
    kind: "WITH given (number, words, told) AS MATERIALIZED "
    "(SELECT value ->> 0, value ->> 1, value ->> 2 FROM jsonb_each(?)) "
    f"INSERT OR REPLACE INTO {kind}s_words (rowid, body, scope) "
    f"SELECT {SLOT[kind]} AS slot, words, {SCOPE[kind]} FROM given CROSS JOIN {kind}s ON id = number "
    "ORDER BY slot"  # each step back in the order would cost FTS5 a flush
    for kind in KINDS
}
DROP = {
    kind: f"DELETE FROM {kind}s_words WHERE rowid IN "
    f"(SELECT {SLOT[kind]} FROM {kind}s WHERE id IN (SELECT value FROM json_each(?)))"
    for kind in KINDS
}


async def index(
    session: AsyncSession, kind: str, rows: Iterable[tuple[int, str]], told: Mapping[int, str] | None = None
) -> None:
    """Take texts by the id of their row, which stands in its table already, in place of earlier ones.

    `told`: what of a contact's text may be told to anybody.
    """
    heard: set[str] = set()

    def words() -> Iterator[tuple[int, str, str]]:
        for number, text in rows:
            folded = normalise(text)
            heard.update(folded.split())
            yield number, folded, normalise(told[number]) if told else ""

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
