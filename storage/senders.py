"""The people who wrote in a mirrored group: their names, and nothing else; none of them is a contact by that."""

from collections.abc import Iterable, Mapping

from sqlalchemy import delete
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import bulk, masks
from storage.columns import TelegramId, VaultTable
from storage.messages import Message


class Sender(VaultTable, table=True):
    """One person, channel or group in whose name something was written."""

    __tablename__ = "senders"

    id: int = Field(sa_type=TelegramId, primary_key=True)
    name: str


async def keep(session: AsyncSession, names: Mapping[int, str]) -> None:
    """Remember what senders are called; the newest name counts."""
    await bulk.insert(session, Sender, [{"id": one, "name": name} for one, name in names.items()], update=("name",))


async def names(session: AsyncSession, ids: Iterable[int]) -> dict[int, str]:
    """What these senders are called; one who is not known is not there."""
    mask = masks.worn(session)
    if mask is not None:
        return {one: mask.writer(one) for one in ids}
    rows = await session.exec(select(Sender).where(col(Sender.id).in_(list(ids))))
    return {row.id: row.name for row in rows}


async def sweep(session: AsyncSession) -> None:
    """Forget those of whom no message is left."""
    heard = select(Message.sender_id).where(col(Message.peer_id) < 0)
    await session.exec(delete(Sender).where(col(Sender.id).not_in(heard)))
