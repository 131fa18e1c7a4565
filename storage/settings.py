"""A workspace's own choices, by name."""

from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import VaultTable


class Setting(VaultTable, table=True):
    __tablename__ = "settings"

    name: str = Field(primary_key=True)
    value: Any = Field(default=None, sa_type=JSON)


async def read(session: AsyncSession, name: str, default: Any) -> Any:
    """The workspace's choice, or the default where it has made none."""
    row = await session.get(Setting, name)
    return default if row is None else row.value


async def write(session: AsyncSession, name: str, value: Any) -> None:
    """Keep a choice."""
    await session.merge(Setting(name=name, value=value))
