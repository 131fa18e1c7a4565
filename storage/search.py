"""Finding: which messages, notes and contacts hold the asked words, newest first; `search_index` is where it looks."""
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

from storage import masks
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.messages import Message
from storage.search_alike import spelt_out
from storage.search_index import (
    CONTACT,
    DAY,
    ID_BITS,
    KINDS,
    LINK,
    MESSAGE,
    NOTE,
    OURS,
    PLAIN,
    WRITTEN,
    drop,
    index,
    wipe,
)
from storage.search_question import Question, read
from storage.search_within import EVERYWHERE, Within, among_contacts, conversations

__all__ = ["CONTACT", "KINDS", "LINK", "MESSAGE", "NOTE", "Hit", "contact_at", "drop", "find", "index", "place", "wipe"]

ID_MASK = 2**ID_BITS - 1
PLACE_BITS = ID_BITS + 1  # below the seconds of a place: its id and its kind
FOREVER = 2**62
NOTHING = Question()
SCOPES_AT_LEAST, SCOPES_AT_MOST = 4, 200  # conversations that are asked for as words however much was said in them
SLACK = 24  # hits beyond the asked ones: mostly they reach into the next day, and no more of the last one need be asked
WALKED = 20  # of so many messages one must be of them, if hits are looked up

PLACE = {
    MESSAGE: f"(unixepoch(sent_at) << {PLACE_BITS} | (id << 1))",
    NOTE: f"(unixepoch(written_at) << {PLACE_BITS} | (id << 1) | 1)",
    CONTACT: f"(unixepoch(coalesce(last_message_at, first_seen_at)) << {PLACE_BITS} | (id << 1))",  # this changes
}
FIND = {
    kind: f"SELECT '{kind}' AS kind, id, {PLACE[kind]} AS place, {kind}s_words.rowid AS slot "
    f"FROM {kind}s_words CROSS JOIN {kind}s ON id = {kind}s_words.rowid & {ID_MASK} "
    f"WHERE {{asked}} AND slot BETWEEN :{kind}_first AND :{kind}_last"
    + (" AND deleted_at IS NULL" if kind == NOTE else "")
    for kind in WRITTEN
} | {
    CONTACT: f"SELECT 'contact' AS kind, id, {PLACE[CONTACT]} AS place, 0 AS slot FROM contacts "
    "WHERE id IN (SELECT rowid FROM contacts_words WHERE {asked})"
}
AMONG = {
    MESSAGE: " AND conversation_id IN (SELECT value FROM json_each(:threads))",
    NOTE: " AND contact_id IN (SELECT value FROM json_each(:among))",
    CONTACT: " AND +id IN (SELECT value FROM json_each(:among))",  # without the sign: a search for each of them
}
OCCURS = "SELECT '{kind}' WHERE EXISTS (SELECT 1 FROM {kind}s_words WHERE {asked})"
NEAREST = "SELECT * FROM ({part} AND place >= :since AND place < :before ORDER BY {by} {order} LIMIT :limit)"


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
    question = await spelt_out(session, read(asked)) if isinstance(asked, str) else asked or NOTHING
    if asked is not None and not (question.terms or question.without):
        return []
    connection = await session.connection()
    since = max(after + 1 if after is not None else 0, _place_of(within.since) if within.since else 0)
    until = min(before or FOREVER, _place_of(within.until) if within.until else FOREVER)
    facts: dict[str, Any] = {"limit": limit + SLACK, "since": since, "before": until}
    parts: dict[str, str] = {}
    if MESSAGE in kinds:
        threads = await _threads(connection, within) if within.narrow else None
        facts |= {"threads": threads, "kinds": json.dumps([*within.message_kinds]), "writer": within.writer}
        scopes = [*_scopes(within, threads if isinstance(threads, list) else None)]
        if within.writer:
            scopes.append(_scoped([f"s{within.writer}", *await _private(connection, within.writer)]))
        facts[MESSAGE], condition = _matching(MESSAGE, scopes, question, beyond)
        parts[MESSAGE] = FIND[MESSAGE].format(asked=condition) + "".join(_looked_up(within, threads))
    others = [kind for kind in (NOTE, CONTACT) if kind in kinds and not within.messages_alone]
    conditions: dict[str, str] = {}
    for kind in others:
        column = "scope" if kind == CONTACT and masks.worn(session) is not None else "body"
        facts[kind], conditions[kind] = _matching(kind, [], question, beyond, column)
    if others and within.narrow:
        there = " UNION ALL ".join(OCCURS.format(kind=kind, asked=asked) for kind, asked in conditions.items())
        others = list((await connection.exec_driver_sql(there, facts)).scalars())
    if others and within.narrow:  # whom it is about costs more than to see that no word is there
        contacts = select(col(Contact.id)).where(*among_contacts(col(Contact.id), within))
        facts["among"] = await _numbers(connection, contacts)
    for kind in others:
        parts[kind] = FIND[kind].format(asked=conditions[kind]) + (AMONG[kind] if within.narrow else "")
    return await _nearest(connection, parts, facts, limit, newest=after is None)


async def _nearest(
    connection: AsyncConnection, parts: dict[str, str], facts: dict[str, Any], limit: int, *, newest: bool
) -> list[Hit]:
    """The first hits in the order of slots, then whatever else the days hold that these end in."""
    if not parts:
        return []
    span = {"first": _slots(facts["since"])[0], "last": _slots(facts["before"])[1]}
    order = "DESC" if newest else "ASC"

    async def rows(by: dict[str, str]) -> list[Any]:
        some = (NEAREST.format(part=parts[kind], by=by[kind], order=order) for kind in by)
        return list((await connection.exec_driver_sql(" UNION ALL ".join(some), facts)).all())

    facts |= {f"{kind}_{end}": slot for kind in parts for end, slot in span.items()}
    found = await rows({kind: "slot" if kind in WRITTEN else "place" for kind in parts})
    cut: list[str] = []
    for kind in WRITTEN:
        slots = [row.slot for row in found if row.kind == kind]
        if len(slots) == facts["limit"] and slots[limit - 1] >> ID_BITS == slots[-1] >> ID_BITS:
            cut.append(kind)
            last = slots[-1]
            day = last & ~ID_MASK
            facts |= {
                f"{kind}_first": day if newest else last + 1,
                f"{kind}_last": last - 1 if newest else day | ID_MASK,
            }
    found += await rows(dict.fromkeys(cut, "place")) if cut else []
    found.sort(key=lambda row: row.place, reverse=newest)
    return [Hit(row.kind, row.id, row.place) for row in found[:limit]]


async def contact_at(session: AsyncSession, contact_id: int) -> Hit | None:
    """A contact as a hit; of one that was merged into another, that other. None where there is no such one."""
    query = f"""SELECT id, {PLACE[CONTACT]} FROM contacts
        WHERE id = (SELECT coalesce(merged_into, id) FROM contacts WHERE id = ?)"""
    row: Any = (await (await session.connection()).exec_driver_sql(query, (contact_id,))).first()
    return Hit(CONTACT, row[0], row[1]) if row is not None else None


def _slots(place: int) -> tuple[int, int]:
    """The first and the last slot of the day of a place."""
    day = (place >> PLACE_BITS) // DAY << ID_BITS
    return day, day | ID_MASK


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


def _matching(
    kind: str, scopes: Sequence[str], question: Question, beyond: Question, column: str = "body"
) -> tuple[str, str]:
    """What the index is asked for, and the condition that asks it.

    In the few notes and contacts a beginning costs less than the many words that begin so.
    """
    wanted, known = (one.spelt_out if kind == MESSAGE else str(one) for one in (question, beyond))
    terms = [f"{{{column}}} : ({wanted})"] if wanted else []
    absent = [f"({one})" for one in (question.absent, known) if one]
    asked = " AND ".join(f"({one})" for one in (*terms, *scopes))
    unwanted = f"{{{column}}} : ({' OR '.join(absent)})" if absent else ""
    if asked:
        return f"({asked}) NOT ({unwanted})" if unwanted else asked, f"{kind}s_words MATCH :{kind}"
    if unwanted:
        return (
            unwanted,
            f"{kind}s_words.rowid NOT IN (SELECT rowid FROM {kind}s_words WHERE {kind}s_words MATCH :{kind})",
        )
    return "", "TRUE"


def _scopes(within: Within, threads: list[int] | None) -> Iterator[str]:
    """The words that stand for kinds, for what we wrote, and for conversations."""
    if within.message_kinds and PLAIN not in within.message_kinds:
        yield _scoped(f"k{kind}" for kind in sorted(within.message_kinds))
    if within.ours:
        yield _scoped([OURS])
    if threads is not None:
        yield _scoped([f"c{thread}" for thread in threads] or ["nowhere"])


def _looked_up(within: Within, threads: str | list[int] | None) -> Iterator[str]:
    """Conditions on a message itself: what is true of most hits, and what no word says."""
    if isinstance(threads, str):
        yield AMONG[MESSAGE]
    if PLAIN in within.message_kinds:
        yield " AND kind IN (SELECT value FROM json_each(:kinds))"
    if within.writer:
        yield " AND sender_id = :writer"


async def _private(connection: AsyncConnection, writer: int) -> list[str]:
    """The words of the conversations with somebody alone, where his messages do not carry who wrote them."""
    theirs = select(col(Conversation.id)).join(Contact).where(col(Contact.telegram_id) == writer)
    return [f"c{thread}" for thread in await connection.scalars(theirs)]


def _scoped(words: Iterable[str]) -> str:
    return "{scope} : (" + " OR ".join(f'"{word}"' for word in words) + ")"


def place(moment: datetime, message: int) -> int:
    """Where a message stands in the order of hits."""
    return _place_of(moment) | (message << 1)


def _place_of(moment: datetime) -> int:
    return int(moment.timestamp()) << PLACE_BITS
