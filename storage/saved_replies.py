"""Saved replies: answers that members give again and again, their own and the workspace's."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON, ColumnElement, delete, func, or_, update
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import Json, TelegramId, VaultTable


class SavedReply(VaultTable, table=True):
    """A text with its formatting, under a short name."""

    __tablename__ = "saved_replies"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_type=TelegramId, index=True)  # the member who made it
    shared: bool = False
    name: str
    text: str
    entities: list[Json] = Field(default_factory=list, sa_type=JSON)
    made_at: datetime
    used: int = 0
    deleted_at: datetime | None = None


async def count(session: AsyncSession, person_id: int) -> int:
    """How many a member has at hand."""
    return (await session.exec(select(func.count()).select_from(SavedReply).where(_at_hand(person_id)))).one()


async def page(session: AsyncSession, person_id: int, *, offset: int, limit: int) -> Sequence[SavedReply]:
    """Those at hand, the most used first."""
    query = select(SavedReply).where(_at_hand(person_id)).order_by(col(SavedReply.used).desc(), col(SavedReply.name))
    return (await session.exec(query.offset(offset).limit(limit))).all()


async def named(session: AsyncSession, person_id: int, name: str) -> Sequence[SavedReply]:
    """Those at hand under this name, a member's own before the workspace's."""
    query = select(SavedReply).where(_at_hand(person_id), col(SavedReply.name) == name)
    return (await session.exec(query.order_by(col(SavedReply.shared)))).all()


async def note_use(session: AsyncSession, saved_id: int) -> None:
    """Count one use more."""
    await session.exec(update(SavedReply).where(col(SavedReply.id) == saved_id).values(used=col(SavedReply.used) + 1))


async def purge(session: AsyncSession, before: datetime) -> int:
    """Drop for good what was deleted before this moment. Returns how many."""
    gone = await session.exec(
        delete(SavedReply).where(col(SavedReply.deleted_at) < before).returning(col(SavedReply.id))
    )
    return len(gone.all())


def _at_hand(person_id: int) -> ColumnElement[bool]:
    mine = or_(col(SavedReply.shared), col(SavedReply.person_id) == person_id)
    return mine & col(SavedReply.deleted_at).is_(None)
