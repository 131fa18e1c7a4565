"""What every table is made of: the two bases, one for vaults and one for the registry, and the column types."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, MetaData
from sqlmodel import SQLModel

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class VaultTable(SQLModel):
    """A table that stands in every workspace's vault. SQLModel keeps each `datetime` aware and in UTC."""

    metadata = MetaData(naming_convention=NAMES)


class RegistryTable(SQLModel):
    """A table of the registry, which holds no client's message."""

    metadata = MetaData(naming_convention=NAMES)


TelegramId = BigInteger().with_variant(Integer, "sqlite")  # past 32 bits
Json = dict[str, Any]


def as_stored(moment: datetime) -> str:
    """A time as SQLAlchemy writes it into SQLite, for statements of our own."""
    moment = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return moment.isoformat(" ", "microseconds")[:-6]  # without its +00:00
