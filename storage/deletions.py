"""Workspaces that are to be deleted, and the receipts of those that were."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import Json, RegistryTable, TelegramId

ASKED, TAKEN_BACK, DONE = "asked", "taken back", "done"


class Deletion(RegistryTable, table=True):
    """An owner's wish to leave: due after the grace period, to be taken back until then (policy, clause 5)."""

    __tablename__ = "deletions"

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: int = Field(index=True)
    asked_by: int | None = Field(default=None, sa_type=TelegramId)  # emptied when it is done
    asked_at: datetime
    due_at: datetime = Field(index=True)
    state: str = Field(default=ASKED, index=True)
    ended_at: datetime | None = None
    receipt: str | None = None  # the code of its receipt, from the moment the purge has begun


class Receipt(RegistryTable, table=True):
    """Proof that something was erased: what kind and how much, and nothing about whom."""

    __tablename__ = "receipts"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)  # what the person was given to refer to it
    what: str  # workspace
    erased_at: datetime
    counts: Json = Field(default_factory=dict, sa_type=JSON)


async def pending(session: AsyncSession) -> list[Deletion]:
    """Every deletion that was asked for and has not ended, the first due first."""
    query = select(Deletion).where(col(Deletion.state) == ASKED)
    return list(await session.exec(query.order_by(col(Deletion.due_at))))


async def pending_for(session: AsyncSession, workspace_id: int) -> Deletion | None:
    """The deletion that this workspace is waiting for."""
    here = (col(Deletion.workspace_id) == workspace_id, col(Deletion.state) == ASKED)
    return (await session.exec(select(Deletion).where(*here))).first()
