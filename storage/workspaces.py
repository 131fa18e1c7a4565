"""Workspaces: one business, one vault, one owner."""

from datetime import datetime

from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import RegistryTable, TelegramId

ACTIVE, LEAVING, GONE = "active", "leaving", "gone"


class Workspace(RegistryTable, table=True):
    """One business. Its data is in the vault of the same number; here is only what must be known without opening it."""

    __tablename__ = "workspaces"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  # a number is never used again, nor is its key

    id: int | None = Field(default=None, primary_key=True)
    name: str
    owner_id: int | None = Field(default=None, sa_type=TelegramId)
    zone: str = "UTC"  # IANA name
    state: str = ACTIVE
    hides_identities: bool = False  # from agents and viewers, unless their seat says otherwise
    made_at: datetime
    gone_at: datetime | None = None


async def owned_by(session: AsyncSession, person_id: int) -> Workspace | None:
    """The workspace that this person has opened and that is not gone."""
    here = (col(Workspace.owner_id) == person_id, col(Workspace.state) != GONE)
    return (await session.exec(select(Workspace).where(*here).order_by(col(Workspace.id)))).first()


async def present(session: AsyncSession) -> list[int]:
    """Every workspace that has a vault, those on their way out included."""
    found = await session.exec(select(Workspace.id).where(col(Workspace.state) != GONE).order_by(col(Workspace.id)))
    return [number for number in found if number is not None]
