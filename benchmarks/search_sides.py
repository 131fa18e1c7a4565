"""Both sides of the search figures: our vault, and the same words in plain unencrypted FTS5."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlite
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from benchmarks.measuring import MIB
from benchmarks.shop import CLIENTS
from benchmarks.texts import Written
from storage import search
from storage.contacts import Contact
from storage.dialect import READ, encrypted_engine
from storage.search_question import read
from storage.search_text import normalise
from storage.search_within import Within
from storage.vault import Vault

LIMIT = 10
PLAIN = """
    CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, client INTEGER NOT NULL, sent_at TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS messages_client ON messages (client);
    CREATE INDEX IF NOT EXISTS messages_sent_at ON messages (sent_at);
    CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
        body, content='', contentless_delete=1, prefix='3', tokenize="unicode61 categories 'L* N* S*'");
    PRAGMA journal_mode = WAL;
"""
FIND = "SELECT rowid FROM words WHERE words MATCH :asked"
WITH_CLIENT = " AND +rowid IN (SELECT id FROM messages WHERE client = :client)"
IN_SPAN = (
    " AND rowid >= (SELECT id FROM messages WHERE sent_at >= :since ORDER BY sent_at LIMIT 1)"
    " AND rowid <= (SELECT id FROM messages WHERE sent_at < :until ORDER BY sent_at DESC LIMIT 1)"
)
NO_WORDS = "SELECT id FROM messages WHERE true"
NEWEST = f" ORDER BY rowid DESC LIMIT {LIMIT}"


@dataclass(frozen=True, slots=True)
class Question:
    """What is typed, and whose messages or which days are meant."""

    words: str
    client: int | None = None
    since: datetime | None = None
    everything: bool = False  # notes and people as well, of which the baseline knows nothing

    @property
    def until(self) -> datetime | None:
        """A month later."""
        return self.since + timedelta(days=30) if self.since else None


class Ours:
    """The vault, asked as a handler asks it: a session of its own for each question."""

    def __init__(self, vault: Vault, contacts: dict[int, int]) -> None:
        self._vault = vault
        self._contacts = contacts

    async def find(self, question: Question) -> list[int]:
        """Row numbers of the newest messages."""
        within = Within(
            contact_id=self._contacts[question.client] if question.client else None,
            since=question.since,
            until=question.until,
        )
        async with self._vault.reading() as session:
            kinds = search.KINDS if question.everything else (search.MESSAGE,)
            hits = await search.find(session, question.words, within, kinds=kinds, limit=LIMIT)
            return [hit.id for hit in hits]


class Plain:
    """The baseline: one file without a key, asked over the same road as ours, and on no road at all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._bare = self._connect()
        self._bare.executescript(PLAIN)
        self._engine = encrypted_engine(path, self._connect, begin=READ)

    def add(self, batch: Iterable[Written]) -> None:
        """Messages, their words normalised as ours are."""
        self._bare.execute("BEGIN")
        for one in batch:
            self._bare.execute("INSERT INTO messages VALUES (?, ?, ?)", (one.number, one.client, str(one.sent_at)))
            self._bare.execute("INSERT INTO words (rowid, body) VALUES (?, ?)", (one.number, normalise(one.text)))
        self._bare.execute("COMMIT")

    async def find(self, question: Question) -> list[int]:
        """Row numbers of the newest messages: through SQLAlchemy, a session and the thread of the file."""
        async with AsyncSession(self._engine) as session:
            found = await (await session.connection()).exec_driver_sql(*self._statement(question))
            return list(found.scalars())

    def find_bare(self, question: Question) -> list[int]:
        """The same with the driver alone, while everything else waits."""
        return [row[0] for row in self._bare.execute(*self._statement(question))]

    @property
    def size(self) -> int:
        """Bytes of the index."""
        query = "SELECT (SELECT sum(length(block)) FROM words_data) + (SELECT sum(length(sz) + 9) FROM words_docsize)"
        return int(self._bare.execute(query).fetchone()[0])

    async def close(self) -> None:
        """Let go of the file."""
        await self._engine.dispose()
        self._bare.close()

    def _statement(self, question: Question) -> tuple[str, dict[str, Any]]:
        find = FIND if question.words else NO_WORDS
        query = find + (WITH_CLIENT if question.client else "") + (IN_SPAN if question.since else "") + NEWEST
        since, until = str(question.since), str(question.until)
        return query, {"asked": str(read(question.words)), "client": question.client, "since": since, "until": until}

    def _connect(self) -> Any:
        connection = sqlite.connect(str(self._path), isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA cache_size = -8000")  # as ours
        return connection


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of the texts, of each part of our index, and of the plain index without a key."""

    text: int
    parts: dict[str, int]
    plain: int

    @classmethod
    async def of(cls, session: AsyncSession, plain: Plain) -> Sizes:
        """As they stand."""
        connection = await session.connection()

        async def size(what: str, table: str) -> int:
            query = f"SELECT coalesce(sum({what}), 0) FROM {table}"  # noqa: S608  every word is ours
            return int((await connection.exec_driver_sql(query)).scalar_one())

        words = "octet_length(word) + octet_length(latin)"
        return cls(
            await size("octet_length(text)", "messages"),
            {
                "words of messages": await size("length(block)", "messages_words_data"),
                "sizes FTS5 keeps of them": await size("octet_length(sz) + 9", "messages_words_docsize"),
                "vocabulary": await size(f"2 * ({words}) + 16", "vocabulary"),  # the table, and an index of each
                "parts of words": await size("length(block)", "parts_words_data"),
            },
            plain.size,
        )

    @property
    def ratio(self) -> float:
        """The whole index over the texts."""
        return sum(self.parts.values()) / self.text

    def figures(self) -> list[tuple[str, list[str]]]:
        """Rows of the table."""
        rows = {"texts": self.text, **self.parts, "together": sum(self.parts.values()), "plain FTS5": self.plain}
        return [(name, [f"{size / MIB:.1f}", f"{size / self.text:.2f}"]) for name, size in rows.items()]


async def contacts(session: AsyncSession) -> dict[int, int]:
    """Each client's contact."""
    rows = await session.exec(select(col(Contact.telegram_id), col(Contact.id)))
    return {telegram_id - CLIENTS: number or 0 for telegram_id, number in rows}
