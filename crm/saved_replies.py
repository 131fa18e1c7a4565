"""Saved replies: a member's own, and the workspace's, which those who may manage write."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, pages
from crm.access import Desk, Power, Room, conversation_for
from crm.errors import Invalid, NotFound
from crm.pages import Page
from crm.replies.variables import Facts, Filled, fill
from crm.replies.words import Words, proper
from storage import fields, saved_replies
from storage.accounts import Account
from storage.contacts import Contact
from storage.fields import CustomField, FieldValue
from storage.saved_replies import SavedReply

LONGEST_NAME = 32
OFFERED = 200  # among which a name is looked for while it is typed: the most used
Say = Callable[[CustomField, FieldValue], str]
_NAME = re.compile(r"[\w-]+")


async def listing(desk: Desk, *, page: int = 0) -> Page[SavedReply]:
    """Those that this member has at hand, the most used first."""
    desk.need(Power.WRITE)
    async with desk.reading() as session:
        here: Page[SavedReply] = pages.place(page, await saved_replies.count(session, desk.person.id))
        rows = await saved_replies.page(session, desk.person.id, offset=here.offset, limit=pages.SIZE)
        return here.with_items(rows)


async def one(desk: Desk, saved_id: int) -> SavedReply:
    """One of them, a deleted one too. Raises NotFound for another member's own."""
    async with desk.reading() as session:
        return await _found(desk, session, saved_id)


async def named(desk: Desk, typed: str) -> SavedReply | None:
    """The one that a member means by its short name, with or without a slash; his own first. None: no such name."""
    name = typed.strip().removeprefix("/").casefold()
    if not _NAME.fullmatch(name):
        return None
    desk.need(Power.WRITE)
    async with desk.reading() as session:
        return next(iter(await saved_replies.named(session, desk.person.id, name)), None)


async def beginning(desk: Desk, typed: str) -> list[tuple[SavedReply, Words]]:
    """Those whose short names begin so, for a chat of which nothing is known; what cannot do without is left out."""
    if not desk.may(Power.WRITE):
        return []
    async with desk.reading() as session:
        rows = await saved_replies.page(session, desk.person.id, offset=0, limit=OFFERED)
    begin = typed.strip().removeprefix("/").casefold()
    filled = [(row, fill(Words(row.text, list(row.entities)), None)) for row in rows if row.name.startswith(begin)]
    return [(row, one.words) for row, one in filled if not one.lacking][: pages.SIZE]


def proper_name(name: str) -> str:
    """A short name as it is kept. Raises Invalid (empty, too_long, one_word)."""
    short = name.strip().removeprefix("/").casefold()
    if not short:
        raise Invalid("saved_reply", "empty")
    if len(short) > LONGEST_NAME:
        raise Invalid("saved_reply", "too_long", LONGEST_NAME)
    if not _NAME.fullmatch(short):
        raise Invalid("saved_reply", "one_word")
    return short


async def make(desk: Desk, name: str, words: Words) -> SavedReply:
    """Keep words as this member's own. Raises Invalid (empty, too_long, one_word, taken)."""
    desk.need(Power.WRITE)
    short, said = proper_name(name), proper(words)
    async with desk.transaction() as session:
        row = SavedReply(
            person_id=desk.person.id,
            name=short,
            text=said.text,
            entities=said.entities,
            made_at=desk.installation.clock.now(),
        )
        await _free(session, row, short)
        session.add(row)
        await session.flush()
        audit.record(desk, session, "saved_reply.made", f"saved_reply:{row.id}")
        return row


async def rewrite(desk: Desk, saved_id: int, words: Words) -> None:
    """Give it other words. Raises Invalid (empty, too_long), NotFound."""
    said = proper(words)
    async with _changing(desk, saved_id, "saved_reply.rewritten") as (_session, row):
        row.text, row.entities = said.text, said.entities


async def rename(desk: Desk, saved_id: int, name: str) -> None:
    """Give it another short name. Raises as `make`, NotFound."""
    short = proper_name(name)
    async with _changing(desk, saved_id, "saved_reply.renamed") as (session, row):
        await _free(session, row, short)
        row.name = short


async def share(desk: Desk, saved_id: int, *, on: bool) -> None:
    """Make it the workspace's, or one's own again. Raises NotFound, Invalid (taken)."""
    desk.need(Power.MANAGE)
    async with _changing(desk, saved_id, "saved_reply.shared" if on else "saved_reply.unshared") as (session, row):
        row.shared = on
        if not on:
            row.person_id = desk.person.id
        await _free(session, row, row.name)


async def delete(desk: Desk, saved_id: int) -> None:
    """Take it away; it can be brought back until the purge comes for it. Raises NotFound."""
    async with _changing(desk, saved_id, "saved_reply.deleted") as (_session, row):
        row.deleted_at = row.deleted_at or desk.installation.clock.now()


async def bring_back(desk: Desk, saved_id: int) -> None:
    """Undo a deletion. Raises NotFound once the purge has been, Invalid (taken)."""
    async with _changing(desk, saved_id, "saved_reply.restored") as (session, row):
        await _free(session, row, row.name)
        row.deleted_at = None


async def filled(desk: Desk, saved_id: int, conversation_id: int, today: str, say: Say) -> Filled:
    """Its words for one contact; `say` puts what stands in a field into words. Raises NotFound."""
    async with desk.reading() as session:
        row = await _found(desk, session, saved_id)
        if row.deleted_at is not None:
            raise NotFound("saved_reply")
        conversation = await conversation_for(desk, session, conversation_id)
        contact = await session.get_one(Contact, conversation.contact_id)
        account = await session.get_one(Account, conversation.account_id)
        sheet = await fields.of_contact(session, conversation.contact_id)
        own = {field.name.casefold(): say(field, value) for field, value in sheet if value is not None}
        return fill(Words(row.text, list(row.entities)), Facts(contact, account, today, own))


async def purge(room: Room, before: datetime) -> int:
    """Drop for good what was deleted before this moment. Returns how many."""
    async with room.transaction() as session:
        return await saved_replies.purge(session, before)


async def _found(desk: Desk, session: AsyncSession, saved_id: int) -> SavedReply:
    desk.need(Power.WRITE)
    row = await session.get(SavedReply, saved_id)
    if row is None or not (row.shared or row.person_id == desk.person.id):
        raise NotFound("saved_reply")
    return row


async def _free(session: AsyncSession, row: SavedReply, name: str) -> None:
    """A name stands once among the workspace's, and once among each member's own."""
    for other in await saved_replies.named(session, row.person_id, name):
        if other.id != row.id and other.shared == row.shared:
            raise Invalid("saved_reply", "taken")


@asynccontextmanager
async def _changing(desk: Desk, saved_id: int, act: str) -> AsyncIterator[tuple[AsyncSession, SavedReply]]:
    """One act on what is this member's to change, with its audit entry."""
    async with desk.transaction() as session:
        row = await _found(desk, session, saved_id)
        desk.need(Power.MANAGE if row.shared else Power.WRITE)
        with session.no_autoflush:
            yield session, row
        session.add(row)
        audit.record(desk, session, act, f"saved_reply:{saved_id}")
