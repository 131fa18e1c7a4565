"""Duty: who of the team is away, until when, and which waiting conversations were taken from him for it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON, update
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import TelegramId, VaultTable
from storage.conversations import Conversation


class Away(VaultTable, table=True):
    """A member who is away; whoever has no row is on duty."""

    __tablename__ = "away"

    person_id: int = Field(sa_type=TelegramId, primary_key=True)
    since: datetime
    back_at: datetime | None = Field(default=None, index=True)
    freed: list[int] = Field(default_factory=list, sa_type=JSON)  # conversations


async def of(session: AsyncSession, person_id: int) -> Away | None:
    """A member's absence; None where he is on duty."""
    return await session.get(Away, person_id)


async def everybody(session: AsyncSession) -> Sequence[Away]:
    """Everybody who is away."""
    return (await session.exec(select(Away))).all()


async def over(session: AsyncSession, now: datetime) -> Sequence[Away]:
    """Whose absence has ended by now."""
    return (await session.exec(select(Away).where(col(Away.back_at) <= now))).all()


async def free(session: AsyncSession, person_id: int) -> list[int]:
    """Let go of the conversations that wait for this member. Returns which."""
    his = (col(Conversation.assignee_id) == person_id, col(Conversation.waiting_since).is_not(None))
    freed = update(Conversation).where(*his).values(assignee_id=None).returning(col(Conversation.id))
    return sorted(number for (number,) in await session.exec(freed) if number is not None)


async def give_back(session: AsyncSession, person_id: int, ids: Sequence[int]) -> int:
    """Let him answer those of them that nobody has taken since and that still wait. Returns how many."""
    idle = (col(Conversation.assignee_id).is_(None), col(Conversation.waiting_since).is_not(None))
    taken = update(Conversation).where(col(Conversation.id).in_(ids), *idle).values(assignee_id=person_id)
    return len((await session.exec(taken.returning(col(Conversation.id)))).all())


async def forget(session: AsyncSession, person_id: int) -> None:
    """He is not away any more, or not of the team."""
    row = await of(session, person_id)
    if row is not None:
        await session.delete(row)
