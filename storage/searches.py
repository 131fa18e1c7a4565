"""What members look for, kept so that a result's buttons fit into 64 bytes and outlive a restart."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import TelegramId, VaultTable

KEPT = 30  # of one member; the screens of older ones say kindly that they are too old


class Search(VaultTable, table=True):
    """One search with its filters."""

    __tablename__ = "searches"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_type=TelegramId, index=True)
    words: str = ""  # empty: everything that the filters leave
    kind: str = ""  # one of crm.search.Kind
    contact_id: int | None = Field(default=None, foreign_key="contacts.id", ondelete="CASCADE")
    tag_id: int | None = Field(default=None, foreign_key="tags.id", ondelete="SET NULL")
    span: str = ""  # one of crm.spans.Span
    since: datetime | None = None  # of a typed span
    until: datetime | None = None  # not included
    made_at: datetime


async def add(session: AsyncSession, search: Search) -> None:
    """Keep a search, and drop the oldest of the same member."""
    session.add(search)
    await session.flush()
    newest = select(Search.id).where(col(Search.person_id) == search.person_id).order_by(col(Search.id).desc())
    older = (col(Search.person_id) == search.person_id, col(Search.id).not_in(newest.limit(KEPT)))
    await session.exec(delete(Search).where(*older))
