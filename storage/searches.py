"""What members look for, kept so that a result's buttons fit into 64 bytes and outlive a restart; some under a name."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON, delete, or_
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import Json, TelegramId, VaultTable

KEPT = 30  # of one member; the screens of older ones say kindly that they are too old


class Search(VaultTable, table=True):
    """One search with its filters."""

    __tablename__ = "searches"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_type=TelegramId, index=True)
    words: str = ""  # empty: everything that the filters leave
    kind: str = ""  # one of crm.search.Kind
    contact_id: int | None = Field(default=None, foreign_key="contacts.id", ondelete="CASCADE")
    writer: str = ""  # one of crm.search.Writer
    account_id: int | None = Field(default=None, sa_type=TelegramId, foreign_key="accounts.id", ondelete="SET NULL")
    tags: list[int] = Field(default_factory=list, sa_type=JSON)  # all of them; one that is gone meanwhile is none
    without_tags: list[int] = Field(default_factory=list, sa_type=JSON)
    stage_id: int | None = Field(default=None, foreign_key="stages.id", ondelete="SET NULL")
    queue: str = ""  # one of storage.queues.Queue
    fields: list[Json] = Field(default_factory=list, sa_type=JSON)  # each as a storage.fields.Wanted
    span: str = ""  # one of crm.spans.Span
    since: datetime | None = None  # of a typed span
    until: datetime | None = None  # not included
    made_at: datetime
    name: str | None = None  # of one that is kept until somebody deletes it
    shared: bool = False  # with the whole team
    deleted_at: datetime | None = None


async def add(session: AsyncSession, search: Search) -> None:
    """Keep a search, and drop the oldest nameless ones of the same member."""
    session.add(search)
    await session.flush()
    running = (col(Search.person_id) == search.person_id, col(Search.name).is_(None))
    newest = select(Search.id).where(*running).order_by(col(Search.id).desc()).limit(KEPT)
    await session.exec(delete(Search).where(*running, col(Search.id).not_in(newest)))


async def saved(session: AsyncSession, person_id: int, *, offset: int, limit: int) -> Sequence[Search]:
    """Those with a name that a member may use: his own and the shared ones, by name."""
    query = select(Search).where(*_usable(person_id)).order_by(col(Search.name), col(Search.id))
    return (await session.exec(query.offset(offset).limit(limit))).all()


async def count_saved(session: AsyncSession, person_id: int) -> int:
    """How many these are."""
    return len((await session.exec(select(Search.id).where(*_usable(person_id)))).all())


def _usable(person_id: int) -> tuple[bool, ...]:
    return (  # type: ignore[return-value]  # conditions are bool to SQLModel
        col(Search.name).is_not(None),
        col(Search.deleted_at).is_(None),
        or_(col(Search.person_id) == person_id, col(Search.shared)),
    )


async def purge(session: AsyncSession, before: datetime) -> None:
    """Drop what was deleted before then."""
    await session.exec(delete(Search).where(col(Search.deleted_at) < before))
