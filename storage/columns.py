"""What every table is made of: the two bases, one for vaults and one for the registry, and the column types."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
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

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTES = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(60)]
_SECONDS = [f"{second:02}" for second in range(60)]


def as_stored(moment: datetime) -> str:
    """A time as SQLAlchemy writes it into SQLite, for statements of our own.

    As `isoformat` would, in less than half of its time: a history has two hundred thousand of them.
    """
    since = moment - _EPOCH
    minute, second = divmod(since.seconds, 60)
    fraction = f"{since.microseconds:06}" if since.microseconds else "000000"
    return f"{_day(since.days)} {_MINUTES[minute]}:{_SECONDS[second]}.{fraction}"


@lru_cache(maxsize=4096)
def _day(number: int) -> str:
    return (_EPOCH + timedelta(days=number)).date().isoformat()
