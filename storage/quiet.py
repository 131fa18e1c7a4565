"""Quiet hours: when a member wants to hear no sound."""

from sqlmodel import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import TelegramId, VaultTable


class QuietHours(VaultTable, table=True):
    """From one time of the day until another, in minutes after midnight, on the workspace's clock."""

    __tablename__ = "quiet_hours"

    person_id: int = Field(sa_type=TelegramId, primary_key=True)
    begins: int
    ends: int


async def of(session: AsyncSession, person_id: int) -> QuietHours | None:
    """A member's own; None where he has none."""
    return await session.get(QuietHours, person_id)


async def forget(session: AsyncSession, person_id: int) -> None:
    """Let every hour be loud again."""
    row = await of(session, person_id)
    if row is not None:
        await session.delete(row)
