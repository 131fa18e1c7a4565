"""How often Telegram asked a linked device to wait, and for how long: one row for each day on which it did."""

from datetime import date, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import TelegramId, VaultTable

REMEMBERED = timedelta(days=30)


class FloodDay(VaultTable, table=True):
    """The flood waits of one account on one day (UTC)."""

    __tablename__ = "flood_waits"

    account_id: int = Field(sa_type=TelegramId, primary_key=True, foreign_key="accounts.id", ondelete="CASCADE")
    day: date = Field(primary_key=True)
    count: int = 0
    seconds: int = 0


async def add(session: AsyncSession, account_id: int, day: date, seconds: int) -> None:
    """Count one more wait, and forget those of long ago."""
    counted = upsert(FloodDay).values(account_id=account_id, day=day, count=1, seconds=seconds)
    more = {"count": col(FloodDay.count) + 1, "seconds": col(FloodDay.seconds) + seconds}
    await session.exec(counted.on_conflict_do_update(set_=more))
    await session.exec(delete(FloodDay).where(col(FloodDay.day) < day - REMEMBERED))


async def since(session: AsyncSession, account_id: int, day: date) -> list[FloodDay]:
    """The days on which there were waits, from this one on, the newest first."""
    query = select(FloodDay).where(col(FloodDay.account_id) == account_id, col(FloodDay.day) >= day)
    return list(await session.exec(query.order_by(col(FloodDay.day).desc())))
