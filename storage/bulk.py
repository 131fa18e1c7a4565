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

# As text a row would be read anew for each column that is asked of it; so it is kept, in SQLite's own form.
GIVEN = "WITH given AS MATERIALIZED (SELECT value FROM jsonb_each(?))"
SLICE = 500  # rows; between two slices whatever else there is to do has its turn


async def insert(
    session: AsyncSession, table: type[SQLModel], rows: Sequence[Json], *, update: tuple[str, ...] = ()
) -> None:
    """Insert rows that name the same columns in the same order.

    With `update`, a row that is there takes the new values of these columns.
    """
    if rows:
        await run(session, _insertion(table, tuple(rows[0]), update), [[*row.values()] for row in rows])


async def run(session: AsyncSession, statement: str, rows: Sequence[Any]) -> None:
    """Run a statement over `json_each(?)` for these rows; a time among them is written as SQLAlchemy would."""
    if not rows:
        return
    await session.flush()  # what the rows refer to must stand in its table
    connection = await session.connection()
    for at in range(0, len(rows), SLICE):
        facts = json.dumps(rows[at : at + SLICE], default=as_stored, check_circular=False)
        await connection.exec_driver_sql(statement, (facts,))


@cache
def _insertion(table: type[SQLModel], columns: tuple[str, ...], update: tuple[str, ...]) -> str:
    types = {column.name: column.type for column in table.__table__.columns}  # type: ignore[attr-defined]  # SQLModel's own
    values = (f"value {'->' if isinstance(types[name], JSON) else '->>'} {at}" for at, name in enumerate(columns))
    into = f"INSERT INTO {table.__tablename__} ({', '.join(columns)})"
    statement = f"{GIVEN} {into} SELECT {', '.join(values)} FROM given"  # noqa: S608  every word is ours
    if update:
        statement += f" WHERE true ON CONFLICT DO UPDATE SET {', '.join(f'{one} = excluded.{one}' for one in update)}"
    return statement
