"""How far each vault had come when it was last sealed, so that an older whole copy put in its place is noticed.

A vault counts its seals in its own header (`user_version`); the registry keeps the last count. Sealing happens at
closing and now and then in between, never with each message, so it costs no write of its own there. The vault is
written first: after a crash the registry may lag behind, which is no alarm; a vault behind the registry is.
"""

from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Field, col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import RegistryTable


class Seal(RegistryTable, table=True):
    """The last seal of one vault."""

    __tablename__ = "vault_seals"

    workspace_id: int = Field(primary_key=True)
    count: int


async def known(session: AsyncSession, workspace_id: int) -> int:
    """The last seal that the registry heard of; 0 for a vault that was never sealed."""
    seal = await session.get(Seal, workspace_id)
    return seal.count if seal else 0


async def keep(session: AsyncSession, counts: dict[int, int | None]) -> None:
    """Write down new seals by workspace; None forgets one."""
    gone = [workspace_id for workspace_id, count in counts.items() if count is None]
    kept = [
        {"workspace_id": workspace_id, "count": count} for workspace_id, count in counts.items() if count is not None
    ]
    if gone:
        await session.exec(delete(Seal).where(col(Seal.workspace_id).in_(gone)))
    if kept:
        statement = insert(Seal)
        update = statement.on_conflict_do_update(
            index_elements=["workspace_id"], set_={"count": statement.excluded.count}
        )
        await session.exec(update, params=kept)
