"""Where each person stands in a dialog with the bot (a text that is being asked for)."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import JSON, delete
from sqlmodel import Field, col
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import Json, RegistryTable


class Dialog(RegistryTable, table=True):
    """The state behind one chat and person, as aiogram's storage names it."""

    __tablename__ = "dialogs"

    key: str = Field(primary_key=True)
    state: str | None = None
    data: Json = Field(default_factory=dict, sa_type=JSON)
    changed_at: datetime


async def forget(session: AsyncSession, people: Iterable[int]) -> None:
    """Remove every dialog of these people: a key holds the ids of chat and person between colons."""
    for person in people:
        await session.exec(delete(Dialog).where(col(Dialog.key).contains(f":{person}:")))


async def abandon(session: AsyncSession, *, before: datetime) -> None:
    """Drop questions that nobody has answered since this moment."""
    await session.exec(delete(Dialog).where(col(Dialog.changed_at) < before))
