"""What every table is made of: the two bases, one for vaults and one for the registry, and the column types."""

from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import BigInteger, Dialect, Integer, MetaData, TypeDecorator
from sqlmodel import Field, SQLModel

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class VaultTable(SQLModel):
    """A table that stands in every workspace's vault."""

    metadata = MetaData(naming_convention=NAMES)


class RegistryTable(SQLModel):
    """A table of the registry, which holds no client's message."""

    metadata = MetaData(naming_convention=NAMES)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, stored as whole microseconds since 1970: sorts and compares as the integer that it is."""

    impl = BigInteger().with_variant(Integer, "sqlite")
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ARG002  SQLAlchemy's signature
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        delta = value - EPOCH
        return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002  SQLAlchemy's signature
        if value is None:
            return None
        seconds, micros = divmod(value, 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TelegramId = BigInteger().with_variant(Integer, "sqlite")
Json = dict[str, Any]

# Annotated column kinds, so that a table reads as its nouns.
Time = Annotated[datetime, Field(sa_type=UtcDateTime)]
MaybeTime = Annotated[datetime | None, Field(default=None, sa_type=UtcDateTime)]
