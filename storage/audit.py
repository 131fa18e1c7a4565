"""Who did what, and when: one row for each act that changes something of the workspace."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import Json, TelegramId, VaultTable


class AuditEntry(VaultTable, table=True):
    """One act. Facts are ids and counts, and why who a client is was asked; no text of a message or a note."""

    __tablename__ = "audit"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    actor_id: int | None = Field(default=None, sa_type=TelegramId)  # nobody: Wysper itself
    act: str  # noun.verb, such as note.added
    subject: str | None = None  # noun:id, such as contact:17
    facts: Json = Field(default_factory=dict, sa_type=JSON)
    update_id: int | None = Field(default=None, index=True)  # that asked for it; nothing asks twice


async def is_known(session: AsyncSession, update_id: int, act: str, subject: str | None) -> bool:
    """Whether this update's act stands here already."""
    query = select(AuditEntry.id).where(
        col(AuditEntry.update_id) == update_id, col(AuditEntry.act) == act, col(AuditEntry.subject) == subject
    )
    return (await session.exec(query)).first() is not None
