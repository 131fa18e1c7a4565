"""What is to be sent to Telegram, and what became of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, func, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import Json, RegistryTable, TelegramId, VaultTable

DUE, SENDING, SENT, UNCERTAIN, REFUSED = "due", "sending", "sent", "uncertain", "refused"


class OutboxRow(SQLModel):
    """One delivery. `key` makes it one, however often the same cause asks for it."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    chat_id: int = Field(sa_type=TelegramId)
    what: str  # the kind of delivery: the sender knows how to make the call from it and the facts
    facts: Json = Field(default_factory=dict, sa_type=JSON)
    state: str = DUE
    due_at: datetime
    attempts: int = 0
    reason: str | None = None  # why it was refused or is uncertain
    sent_at: datetime | None = None
    sent_as: int | None = None  # the message id that Telegram gave
    repeatable: bool = False  # Telegram knows it again: what was cut off in the middle may be sent once more


class Delivery(OutboxRow, VaultTable, table=True):
    """A delivery of this workspace."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state", "state", "due_at"),)


class Notice(OutboxRow, RegistryTable, table=True):
    """A delivery that must reach a person even when his workspace's vault is gone."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state", "state", "due_at"),)


Table = type[Delivery] | type[Notice]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a delivery. `with_it` is written down in the same transaction."""

    state: str
    reason: str | None = None
    due_at: datetime | None = None  # of one that is due again
    sent_as: int | None = None
    with_it: Callable[[AsyncSession], Awaitable[None]] | None = None


async def ask(
    session: AsyncSession, table: Table, key: str, chat_id: int, what: str, *, facts: Json, due_at: datetime
) -> None:
    """Let something be said in a chat; once, however often it is asked for under the same key."""
    row = {"key": key, "chat_id": chat_id, "what": what, "facts": facts, "due_at": due_at}
    await session.exec(upsert(table).values(**row, state=DUE, attempts=0, repeatable=False).on_conflict_do_nothing())


async def due(session: AsyncSession, table: Table) -> list[OutboxRow]:
    """What is to be sent, now or later, in the order in which it was asked for."""
    return list(await session.exec(select(table).where(col(table.state) == DUE).order_by(col(table.id))))


async def take(session: AsyncSession, table: Table, row: OutboxRow, *, attempts: int) -> bool:
    """Begin to send it; False where it is not due any more, as it was taken back."""
    mine = update(table).where(col(table.id) == row.id, col(table.state) == DUE)
    taken = await session.exec(mine.values(state=SENDING, attempts=attempts).returning(col(table.id)))
    return taken.first() is not None


async def mark(session: AsyncSession, table: Table, row: OutboxRow, **facts: Any) -> None:
    """Write down what became of a delivery."""
    await session.exec(update(table).where(col(table.id) == row.id).values(facts))


async def recover(session: AsyncSession, table: Table, reason: str) -> list[OutboxRow]:
    """After a crash nobody knows whether what was being sent has arrived: it is shown, and never sent blindly again.

    What Telegram knows again is due once more. Returns what is uncertain from now on.
    """
    caught = col(table.state) == SENDING
    await session.exec(update(table).where(caught, col(table.repeatable)).values(state=DUE))
    lost: list[OutboxRow] = list(await session.exec(select(table).where(caught)))
    await session.exec(update(table).where(caught).values(state=UNCERTAIN, reason=reason))
    return lost


async def counted(session: AsyncSession, table: Table) -> dict[str, int]:
    """How many deliveries are in each state."""
    query = select(table.state, func.count()).group_by(col(table.state))
    return dict((await session.exec(query)).all())
