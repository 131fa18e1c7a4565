"""Updates from Telegram that were acknowledged and wait for their turn, or were worked off."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Index, delete, func, update
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import RegistryTable, VaultTable, as_stored
from storage.dialect import LAST

DUE, DONE, DEAD = "due", "done", "dead"


class InboxRow(SQLModel):
    """One update. A done row keeps only its id, so that a repeated delivery is recognised."""

    update_id: int = Field(primary_key=True)
    lane: str  # updates of one lane are worked off in order
    payload: str | None = Field(default=None, repr=False)  # JSON as Telegram sent it
    received_at: datetime
    state: str = DUE
    attempts: int = 0
    error: str | None = None  # the kind of error alone, never a text from the update


class InboxUpdate(InboxRow, VaultTable, table=True):
    """An update that belongs to this workspace."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_state", "state", "update_id"),)


class UnroutedUpdate(InboxRow, RegistryTable, table=True):
    """An update of somebody who has no workspace yet."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_state", "state", "update_id"),)


Table = type[InboxUpdate] | type[UnroutedUpdate]
PUT = f"""
    INSERT INTO inbox (update_id, lane, payload, received_at, state, attempts)
    SELECT value ->> 'update_id', value ->> 'lane', value ->> 'payload', :now, '{DUE}', 0 FROM json_each(:rows)
    WHERE true ON CONFLICT DO NOTHING RETURNING update_id
"""  # noqa: S608  every word is ours


async def put(session: AsyncSession, rows: Sequence[Mapping[str, object]], *, now: datetime) -> set[int]:
    """Take updates in; one that was taken in before stays as it is. Returns the ids of the others.

    The transaction ends here: every answer waits for this commit, so it comes in the same trip to the file.
    """
    facts = {"rows": json.dumps(rows), "now": as_stored(now)}
    connection = await session.connection()
    return set((await connection.exec_driver_sql(PUT, facts, execution_options={LAST: True})).scalars())


async def known(session: AsyncSession, table: Table) -> list[int]:
    """Every update that was ever taken in here and is not forgotten."""
    return list(await session.exec(select(table.update_id)))


async def unfinished(session: AsyncSession, table: Table, update_ids: Sequence[int]) -> list[int]:
    """Those of these updates that have not had their effect."""
    query = select(table.update_id).where(col(table.update_id).in_(update_ids), col(table.state) != DONE)
    return list(await session.exec(query))


async def due(session: AsyncSession, table: Table) -> list[InboxRow]:
    """What waits, oldest first."""
    query = select(table).where(col(table.state) == DUE).order_by(col(table.update_id))
    return list(await session.exec(query))


async def finish(session: AsyncSession, table: Table, update_ids: Sequence[int]) -> None:
    """These updates have had their effect: what they said is not kept twice, and who said it not at all."""
    done = {"state": DONE, "lane": "", "payload": None, "error": None}
    await session.exec(update(table).where(col(table.update_id).in_(update_ids)).values(done))


async def fail(session: AsyncSession, table: Table, update_id: int, *, error: str, dead: bool) -> bool:
    """An attempt failed: the update waits for another, or, when dead, for the operator.

    False where it had its effect before it failed: then it stays done.
    """
    failed = await session.exec(
        update(table)
        .where(col(table.update_id) == update_id, col(table.state) != DONE)
        .values(state=DEAD if dead else DUE, attempts=col(table.attempts) + 1, error=error)
    )
    return bool(failed.rowcount)


async def forget(session: AsyncSession, table: Table, *, done_before: datetime, dead_before: datetime) -> None:
    """Drop the ids of updates that Telegram will not send again (it keeps them for 24 hours), and what was given up."""
    for state, before in ((DONE, done_before), (DEAD, dead_before)):
        await session.exec(delete(table).where(col(table.state) == state, col(table.received_at) < before))


async def withdraw(session: AsyncSession, workspace_id: int) -> None:
    """Drop what waits in the registry for a workspace whose vault takes nothing in: it is being erased."""
    await session.exec(delete(UnroutedUpdate).where(col(UnroutedUpdate.lane) == mirror_lane(workspace_id)))


def mirror_lane(workspace_id: int) -> str:
    """One lane for all that a workspace mirrors: its messages wait for their connection."""
    return f"mirror:{workspace_id}"


async def counted(session: AsyncSession, table: Table) -> dict[str, int]:
    """How many updates are in each state."""
    query = select(table.state, func.count()).group_by(col(table.state))
    return dict((await session.exec(query)).all())


async def dead(session: AsyncSession, table: Table) -> list[InboxRow]:
    """What was given up, oldest first."""
    query = select(table).where(col(table.state) == DEAD).order_by(col(table.update_id))
    return list(await session.exec(query))
