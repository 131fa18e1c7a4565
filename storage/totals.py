"""Counts over a whole vault, each by one short query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import islice

from sqlalchemy import func, true
from sqlalchemy import select as sql_select
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import inbox, reminders, replies
from storage.accounts import Account
from storage.columns import VaultTable
from storage.contacts import LISTED, Contact
from storage.conversations import Conversation
from storage.inbox import InboxUpdate
from storage.media import Media
from storage.messages import Message, Version
from storage.notes import Note, NoteFile
from storage.reminders import Due, Reminder, Scope
from storage.tags import Tag

HELD: dict[str, type[VaultTable]] = {
    "accounts": Account,
    "contacts": Contact,
    "conversations": Conversation,
    "messages": Message,
    "versions": Version,
    "media": Media,
    "note_files": NoteFile,
    "tags": Tag,
    "notes": Note,
    "reminders": Reminder,
}


@dataclass(frozen=True, slots=True)
class Totals:
    """What the first screen says."""

    contacts: int
    conversations: int
    messages: int
    waiting: int
    oldest_waiting: datetime | None


@dataclass(frozen=True, slots=True)
class Heard:
    """What came in from one account."""

    account_id: int
    messages: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Glance:
    """What the first screen says to one member, in numbers."""

    totals: Totals
    due: Due
    answers: dict[str, int]  # by kind, as `storage.replies` names them


EVERYTHING = sql_select(
    sql_select(func.count()).select_from(Contact).where(LISTED).scalar_subquery(),
    func.count(),
    func.coalesce(func.sum(Conversation.message_count), 0),
    func.count(col(Conversation.waiting_since)),
    func.min(Conversation.waiting_since),
).select_from(Conversation)


# One row of each, side by side: every statement more is one more trip to the file's thread.
_SIDES = [query.subquery() for query in (EVERYTHING, reminders.DUE, replies.COUNTED)]
GLANCE = sql_select(*_SIDES).select_from(reduce(lambda left, right: left.join(right, true()), _SIDES))


async def glance(session: AsyncSession, scope: Scope) -> Glance:
    """The whole workspace, and what this member has promised.

    Messages are summed from the conversations, which is quick at any size.
    """
    row = iter((await (await session.connection()).execute(GLANCE, reminders.asked(scope))).one())
    totals, due, answers = (tuple(islice(row, len(side.c))) for side in _SIDES)
    return Glance(Totals(*totals), Due(*due), dict(zip(replies.KINDS, answers, strict=True)))


async def by_account(session: AsyncSession) -> Sequence[Heard]:
    """Messages and the newest of them, per account."""
    query = select(
        Conversation.account_id,
        func.coalesce(func.sum(Conversation.message_count), 0),
        func.max(Conversation.last_message_at),
    ).group_by(col(Conversation.account_id))
    return [Heard(*row) for row in await session.exec(query)]


async def dead_letters(session: AsyncSession) -> int:
    """Updates that could not be worked off."""
    query = select(func.count()).select_from(InboxUpdate).where(col(InboxUpdate.state) == inbox.DEAD)
    return (await session.exec(query)).one()


async def kept_deleted(session: AsyncSession) -> int:
    """Messages that were deleted in Telegram and still say something."""
    has_file = select(Media.message).where(col(Media.message) == col(Message.id)).exists()
    query = select(func.count()).select_from(Message)
    return (
        await session.exec(query.where(col(Message.deleted_at).is_not(None), (col(Message.text) != "") | has_file))
    ).one()


async def protected(session: AsyncSession) -> int:
    """Messages that may be neither forwarded nor saved."""
    return (await session.exec(select(func.count()).select_from(Message).where(col(Message.protected)))).one()


async def held(session: AsyncSession) -> dict[str, int]:
    """How many rows of each kind the vault holds, for a receipt."""
    return {name: (await session.exec(select(func.count()).select_from(table))).one() for name, table in HELD.items()}
