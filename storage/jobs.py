"""Long work: what was asked, how far it is, and how it ended."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import Json, TelegramId, VaultTable

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"


class Job(VaultTable, table=True):
    """One piece of long work; it survives a restart and is then taken up again."""

    __tablename__ = "jobs"

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    params: Json = Field(default_factory=dict, sa_type=JSON)
    state: str = Field(default=QUEUED, index=True)
    asked_by: int = Field(sa_type=TelegramId)
    asked_at: datetime
    ended_at: datetime | None = None
    steps_done: int = 0
    steps_total: int | None = None
    chat_id: int | None = Field(default=None, sa_type=TelegramId)  # where the progress is shown
    message_id: int | None = None
    result: Json = Field(default_factory=dict, sa_type=JSON)
    error: str | None = None


async def unfinished(session: AsyncSession) -> list[Job]:
    """What waits or was being done, in the order in which it was asked for."""
    query = select(Job).where(col(Job.state).in_([QUEUED, RUNNING])).order_by(col(Job.id))
    return list(await session.exec(query))
