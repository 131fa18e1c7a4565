"""Every word that occurs in a vault, each once: what a question is widened with to other forms, spellings and parts.

To look a word up costs more than to index it, so the hot path only notes what it has heard, one row for a batch, and
`digest` takes that in later. The index of parts holds the three letters in a row of each word, not of each message: so
parts and misspelt words cost little space, and can be switched off all the same.
"""
# ruff: noqa: S608  every word of the statements is ours

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from anyascii import anyascii
from sqlalchemy import delete
from sqlalchemy import text as _text
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import bulk, settings
from storage.columns import VaultTable

PARTS = "search_parts"  # setting: are parts of words and misspelt words looked for?
SHORTEST, LONGEST = 3, 40  # characters of a word that is taken in; of a longer one these are
AT_ONCE = 2000  # words that one transaction takes in
GRAM = 3  # letters
EDGE = "·"  # stands before and behind a word; to the index it is a letter
NEXT = f"""SELECT id, words FROM (
    SELECT id, words, sum(octet_length(words)) OVER (ORDER BY id) - octet_length(words) AS before
    FROM (SELECT * FROM heard ORDER BY id LIMIT {AT_ONCE})
) WHERE before < 20 * {AT_ONCE}"""  # about so many words; a batch of a history's is a row of its own
HEARD_AT_MOST = 50  # rows of words that were not looked up yet and that a search reads
COMMON = 5000  # words that occurred first; those that occur often are nearly all among them
BEGUN = f"""SELECT * FROM
    (SELECT id, word FROM vocabulary WHERE word >= :start AND word < :start || char(0x10ffff) LIMIT :most + 1)
    UNION ALL SELECT * FROM (SELECT NULL, words FROM heard LIMIT {HEARD_AT_MOST + 1})"""
BEGINNING = """SELECT {at}, word, '' FROM (
    SELECT word FROM json_each(:starts{at}) JOIN vocabulary ON word >= value AND word < value || char(0x10ffff)
    WHERE length(word) <= :longest{at} LIMIT :most{at})"""  # side by side in the index of words: this reads few pages
SPELT = "SELECT {at}, word, latin FROM vocabulary WHERE latin IN (SELECT value FROM json_each(:keys{at}))"
HOLDING = """SELECT {at}, word, latin FROM (
    SELECT rowid AS number FROM parts_words WHERE parts_words MATCH :grams{at} ORDER BY rowid LIMIT :held{at})
    JOIN vocabulary ON id = number"""  # those that occurred first, mostly the commoner ones
RARE = """SELECT value FROM json_each(?) WHERE ? > (SELECT count(*) FROM (
    SELECT 1 FROM messages_words WHERE messages_words MATCH '{body} : "' || value || '"' LIMIT ?))"""
INDEXES = ("messages", "notes", "contacts")

_SOUNDS = """shch:sh sch:sh tch:ch kh:h ph:f ck:k ts:c tz:c zh:j x:ks w:v q:k y:i j:i iy:i yi:i ij:i ': `: ":
    yu:u ju:u iu:u ya:a ja:a ia:a yo:e jo:e io:e ye:e je:e ie:e"""  # ways to write one sound in Latin letters
_ALIKE = {written: sound for written, _, sound in (pair.partition(":") for pair in _SOUNDS.split())}
_SPELLING = re.compile("|".join(sorted(_ALIKE, key=len, reverse=True)))
_DOUBLED = re.compile(r"([a-z])\1+")


class Word(VaultTable, table=True):
    """A word as `storage.search_text` folds it."""

    __tablename__ = "vocabulary"

    id: int | None = Field(default=None, primary_key=True)
    word: str = Field(unique=True)
    latin: str = Field(index=True)  # as `latin` writes it


class Heard(VaultTable, table=True):
    """Words of one batch that were not looked up yet."""

    __tablename__ = "heard"

    id: int | None = Field(default=None, primary_key=True)
    words: str


Pair = tuple[str, str]  # a word, and how `latin` writes it


class Look(NamedTuple):
    """Which words are looked for: all that begin so, are spelt so in Latin letters, or have such grams."""

    keys: Sequence[str]
    grams: str = ""  # an FTS5 expression
    held: int = 0  # with such grams, at most
    starts: Sequence[str] = ()
    longest: int = 0  # characters of one that begins so
    most: int = 0  # that begin so


def latin(word: str) -> str:
    """A word in Latin letters, alike for the ways in which people write one sound: privet, щетка as schetka."""
    plain = anyascii(word).lower()
    return _DOUBLED.sub(r"\1", _SPELLING.sub(lambda found: _ALIKE[found[0]], plain))


def grams(key: str) -> list[str]:
    """The three letters in a row of a word, its edges among them, and each edge with one letter alone."""
    edged = f"{EDGE}{key}{EDGE}"
    return [edged[:2], *(edged[at : at + GRAM] for at in range(len(edged) - GRAM + 1)), edged[-2:]]


async def hear(session: AsyncSession, words: Iterable[str]) -> None:
    """Note words of normalised texts; the shortest are found as they are."""
    words = {word[:LONGEST] for word in words if len(word) >= SHORTEST}
    if words:
        connection = await session.connection()
        await connection.exec_driver_sql("INSERT INTO heard (words) VALUES (?)", (" ".join(words),))


async def digest(session: AsyncSession) -> int:
    """Take in some of what was heard, and then of what the index of parts lacks. Returns how many; 0: all is in."""
    connection = await session.connection()
    rows: Sequence[Any] = (await connection.exec_driver_sql(NEXT)).all()
    if rows:
        words = {word for _, words in rows for word in words.split()}
        await _take_in(session, words)
        await session.exec(delete(Heard).where(col(Heard.id) <= rows[-1][0]))
        return max(1, len(words))
    return await _index_parts(session) if await keeps_parts(session) else 0


async def lags(session: AsyncSession) -> bool:
    """Whether there is something to digest."""
    connection = await session.connection()
    behind = "(SELECT max(id) FROM vocabulary) > (SELECT coalesce(max(id), 0) FROM parts_words_docsize)"
    if await connection.scalar(_text("SELECT EXISTS (SELECT 1 FROM heard)")):
        return True
    return await keeps_parts(session) and bool(await connection.scalar(_text(f"SELECT {behind}")))


async def _take_in(session: AsyncSession, words: Collection[str]) -> None:
    unknown = "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT word FROM vocabulary)"
    connection = await session.connection()
    fresh = (await connection.exec_driver_sql(unknown, (json.dumps([*words]),))).scalars()
    await bulk.insert(session, Word, [{"word": word, "latin": latin(word)} for word in sorted(fresh)])


async def _index_parts(session: AsyncSession) -> int:
    """The next words; FTS5 keeps what it holds in the order of the vocabulary's numbers."""
    connection = await session.connection()
    last = await connection.scalar(_text("SELECT coalesce(max(id), 0) FROM parts_words_docsize"))
    query = select(Word).where(col(Word.id) > last).order_by(col(Word.id)).limit(AT_ONCE)
    rows = [(one.id, " ".join({*grams(one.word), *grams(one.latin)})) for one in await session.exec(query)]
    into = "INSERT INTO parts_words (rowid, grams) SELECT value ->> 0, value ->> 1 FROM json_each(?)"
    await bulk.run(session, into, rows)
    return len(rows)


async def keeps_parts(session: AsyncSession) -> bool:
    """Whether parts of words and misspelt words are looked for."""
    return bool(await settings.read(session, PARTS, default=True))


async def drop_parts(session: AsyncSession) -> None:
    """Give back the space of the index of parts."""
    connection = await session.connection()
    await connection.exec_driver_sql("INSERT INTO parts_words (parts_words) VALUES ('delete-all')")


async def parts_size(session: AsyncSession) -> int:
    """How many bytes the index of parts takes."""
    connection = await session.connection()
    return await connection.scalar(_text("SELECT coalesce(sum(length(block)), 0) FROM parts_words_data")) or 0


async def standing(session: AsyncSession) -> tuple[int, int]:
    """How many words there are, and how many of them the index of parts holds."""
    connection = await session.connection()
    counts = "SELECT (SELECT count(*) FROM vocabulary), (SELECT count(*) FROM parts_words_docsize)"
    row: Sequence[int] = (await connection.exec_driver_sql(counts)).one()
    return row[0], row[1]


async def forget(session: AsyncSession) -> None:
    """After an erasure: leave only the words that still occur somewhere. A look at the whole index."""
    while await digest(session):
        pass
    connection = await session.connection()
    for kind in INDEXES:
        await connection.exec_driver_sql(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.{kind}_terms USING fts5vocab(main, {kind}_words, col)"
        )
    there = " UNION ALL ".join(
        f"SELECT substr(term, 1, {LONGEST}) FROM temp.{kind}_terms WHERE col = 'body'" for kind in INDEXES
    )
    await connection.exec_driver_sql(f"DELETE FROM vocabulary WHERE word NOT IN ({there})")
    await connection.exec_driver_sql("INSERT INTO parts_words (parts_words) VALUES ('optimize')")


async def looked_up(session: AsyncSession, looks: Sequence[Look]) -> list[list[Pair]]:
    """What words occur, for each look, in one trip; without the Latin spelling of those that only begin so."""
    parts: list[str] = []
    facts: dict[str, str | int] = {}
    for at, look in enumerate(looks):
        asked = ((BEGINNING, look.starts), (SPELT, look.keys), (HOLDING, look.grams))
        parts += [part.format(at=at) for part, wanted in asked if wanted]
        told = look._asdict() | {"starts": json.dumps([*look.starts]), "keys": json.dumps([*look.keys])}
        facts |= {f"{name}{at}": fact for name, fact in told.items()}
    found: list[list[Pair]] = [[] for _ in looks]
    if parts:
        connection = await session.connection()
        rows: Sequence[Any] = (await connection.exec_driver_sql(" UNION ALL ".join(parts), facts)).all()
        for at, word, key in rows:
            found[at].append((word, key))
    return found


async def rare(session: AsyncSession, words: Iterable[str], few: int) -> set[str]:
    """Which of these words stand in fewer messages."""
    connection = await session.connection()
    return {*(await connection.exec_driver_sql(RARE, (json.dumps([*words]), few, few))).scalars()}


async def begun(session: AsyncSession, start: str, most: int) -> set[str] | None:
    """All words that begin so, those of a moment ago as well, where one of them may be common.

    None where they are more, or where too much was just heard.
    """
    connection = await session.connection()
    rows: Sequence[Any] = (await connection.exec_driver_sql(BEGUN, {"start": start, "most": most})).all()
    known = {word: number for number, word in rows if number is not None}
    heard = [words for number, words in rows if number is None]
    if len(known) > most or len(heard) > HEARD_AT_MOST or min(known.values(), default=COMMON) >= COMMON:
        return None
    return {*known, *(word for words in heard for word in words.split() if word.startswith(start))}
