"""The groups that an account's owner has picked to be mirrored, now or once."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.accounts import Backfill
from storage.columns import TelegramId, VaultTable
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.gaps import Gap

UNPICKED, REMOVED, MIGRATED = "unpicked", "removed", "migrated"  # why one is not mirrored any more


class Group(VaultTable, table=True):
    """One picked group on one account; a group that was never picked is in no table."""

    __tablename__ = "groups"

    account_id: int = Field(sa_type=TelegramId, primary_key=True, foreign_key="accounts.id", ondelete="CASCADE")
    peer_id: int = Field(sa_type=TelegramId, primary_key=True)
    access_hash: int | None = Field(default=None, sa_type=TelegramId)  # a supergroup's: how to speak of it
    picked_at: datetime
    pts: int = 0  # a supergroup counts its events itself; 0: not begun
    heard_at: datetime | None = None  # when its count last moved
    ended_at: datetime | None = None
    reason: str | None = None  # why it ended


async def picked(session: AsyncSession, account_id: int) -> list[Group]:
    """The groups of an account that are mirrored now."""
    here = (col(Group.account_id) == account_id, col(Group.ended_at).is_(None))
    return list(await session.exec(select(Group).where(*here).order_by(col(Group.picked_at), col(Group.peer_id))))


async def followed(session: AsyncSession, account_id: int) -> list[Group]:
    """Those, and what they were before they became supergroups: something of their past may be still to be read."""
    here = (col(Group.account_id) == account_id, col(Group.ended_at).is_(None) | (col(Group.reason) == MIGRATED))
    return list(await session.exec(select(Group).where(*here)))


async def of_peer(session: AsyncSession, peer_id: int, account_ids: Iterable[int]) -> dict[int, Group]:
    """What is known of one group, by account."""
    here = (col(Group.peer_id) == peer_id, col(Group.account_id).in_(list(account_ids)))
    return {row.account_id: row for row in await session.exec(select(Group).where(*here))}


async def held(session: AsyncSession, account_id: int) -> Sequence[tuple[Group, Contact]]:
    """The groups of an account of which something is stored, picked or not, by name."""
    query = (
        select(Group, Contact)
        .join(Contact, col(Contact.telegram_id) == col(Group.peer_id))
        .where(col(Group.account_id) == account_id)
        .order_by(col(Contact.name_key))
    )
    return (await session.exec(query)).all()


async def erase(session: AsyncSession, account_id: int, peer_id: int) -> None:
    """Remove a group of an account with all that was said in it; its card too, where no other account has it."""
    whose = select(Contact.id).where(col(Contact.telegram_id) == peer_id).scalar_subquery()
    before = (await session.exec(select(Contact.migrated_from).where(col(Contact.telegram_id) == peer_id))).first()
    mine = (col(Conversation.account_id) == account_id, col(Conversation.contact_id) == whose)
    await session.exec(delete(Conversation).where(*mine))
    left = select(Conversation.contact_id)
    await session.exec(delete(Contact).where(col(Contact.telegram_id) == peer_id, col(Contact.id).not_in(left)))
    for table in (Group, Backfill, Gap):
        here = (col(table.account_id) == account_id, col(table.peer_id).in_([peer_id, before or peer_id]))
        await session.exec(delete(table).where(*here))


async def end(session: AsyncSession, account_id: int, peer_id: int, *, reason: str, at: datetime) -> bool:
    """Write down that a group is mirrored no more; False where it was not.

    A past that was not read to its end is read no further, and anew where the group is picked again.
    """
    here = (col(Group.account_id) == account_id, col(Group.peer_id) == peer_id, col(Group.ended_at).is_(None))
    ended = bool((await session.exec(update(Group).where(*here).values(ended_at=at, reason=reason))).rowcount)
    if reason != MIGRATED:  # its past is the supergroup's
        half = (
            col(Backfill.account_id) == account_id,
            col(Backfill.peer_id) == peer_id,
            col(Backfill.done_at).is_(None),
        )
        await session.exec(delete(Backfill).where(*half))
    return ended
