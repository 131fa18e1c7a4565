"""What members look for and filter by, kept so that buttons fit into 64 bytes and outlive a restart; some by name."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import JSON, delete, or_
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import Json, TelegramId, VaultTable

KEPT = 50  # of one member; the screens of older ones say kindly that they are too old


FILTER = "filter"


class Search(VaultTable, table=True):
    """One search with its filters; or, of the kind FILTER, a filter over the contacts, which has a sieve instead."""

    __tablename__ = "searches"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(sa_type=TelegramId, index=True)
    words: str = ""  # empty: everything that the filters leave
    kind: str = ""  # one of crm.search.Kind, or FILTER
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
    sieve: Json = Field(default_factory=dict, sa_type=JSON)  # a storage.sifts.Sieve
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


async def saved(
    session: AsyncSession, person_id: int, *, kind: str | None = None, offset: int = 0, limit: int
) -> Sequence[Search]:
    """Those with a name that a member may use: his own and the shared ones, by name; of one kind alone, if any."""
    query = select(Search).where(*_usable(person_id)).order_by(col(Search.name), col(Search.id))
    if kind is not None:
        query = query.where(col(Search.kind) == kind)
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


async def exchange_tag(session: AsyncSession, source: int, target: int) -> None:
    """Whatever asks for one tag, or shuts it out, means the other instead."""

    def exchanged(ids: Iterable[int]) -> list[int]:
        return list(dict.fromkeys(target if one == source else one for one in ids))

    for row in await session.exec(select(Search)):
        row.tags, row.without_tags = exchanged(row.tags), exchanged(row.without_tags)
        row.sieve = row.sieve | {name: exchanged(row.sieve.get(name, ())) for name in ("tags", "without") if row.sieve}
        session.add(row)


async def purge(session: AsyncSession, before: datetime) -> None:
    """Drop what was deleted before then."""
    await session.exec(delete(Search).where(col(Search.deleted_at) < before))
