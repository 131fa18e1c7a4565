"""Many rows by one statement: SQLite reads them from one JSON text.

That takes half of an `executemany`'s time, and one turn of Python's lock: an `executemany` asks for the lock at each
row, and beside a busy event loop it waits for it each time.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import JSON
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import Json, as_stored


async def insert(
    session: AsyncSession, table: type[SQLModel], rows: Sequence[Json], *, update: tuple[str, ...] = ()
) -> None:
    """Insert rows that all name the same columns; with `update`, one that is there takes these columns' new values."""
    if rows:
        names = tuple(rows[0])
        await run(session, _insertion(table, names, update), [[row[name] for name in names] for row in rows])


async def run(session: AsyncSession, statement: str, rows: Sequence[Any]) -> None:
    """Run a statement over `json_each(?)` for these rows; a time among them is written as SQLAlchemy would."""
    if rows:
        await session.flush()  # what the rows refer to must stand in its table
        await (await session.connection()).exec_driver_sql(statement, (json.dumps(rows, default=as_stored),))


@cache
def _insertion(table: type[SQLModel], names: tuple[str, ...], update: tuple[str, ...]) -> str:
    columns = table.__table__.columns  # type: ignore[attr-defined]  # SQLModel's own
    values = (f"value {'->' if isinstance(columns[name].type, JSON) else '->>'} {at}" for at, name in enumerate(names))
    statement = f"INSERT INTO {table.__tablename__} ({', '.join(names)}) SELECT {', '.join(values)} FROM json_each(?)"  # noqa: S608  every word is ours
    if update:
        statement += f" WHERE true ON CONFLICT DO UPDATE SET {', '.join(f'{one} = excluded.{one}' for one in update)}"
    return statement
