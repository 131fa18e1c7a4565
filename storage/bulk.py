"""Many rows by one statement: SQLite reads them from one JSON text.

That takes half of an `executemany`'s time, and one turn of Python's lock: an `executemany` asks for the lock at each
row, and beside a busy event loop it waits for it each time.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, islice
from typing import Any

from sqlalchemy import JSON
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.columns import Json, as_stored

# As text a row would be read anew for each column that is asked of it; so it is kept, in SQLite's own form.
GIVEN = "WITH given AS MATERIALIZED (SELECT value FROM jsonb_each(?))"
SLICE = 500  # rows; between two slices whatever else there is to do has its turn


async def insert(
    session: AsyncSession, table: type[SQLModel], rows: Iterable[Json], *, update: tuple[str, ...] = ()
) -> None:
    """Insert rows that name the same columns in the same order.

    With `update`, a row that is there takes the new values of these columns.
    """
    given = iter(rows)
    first = next(given, None)
    if first is not None:
        statement = _insertion(table, tuple(first), update)
        await run(session, statement, ([*row.values()] for row in chain((first,), given)))


async def run(session: AsyncSession, statement: str, rows: Iterable[Any]) -> None:
    """Run a statement over `json_each(?)` for these rows; a time among them is written as SQLAlchemy would.

    The rows are taken one slice ahead: each is made while SQLite, on its own thread, works on those before it.
    """
    given = iter(rows)
    if (facts := _slice(given)) is None:
        return
    await session.flush()  # what the rows refer to must stand in its table
    connection = await session.connection()
    while facts is not None:
        _, facts = await asyncio.gather(connection.exec_driver_sql(statement, (facts,)), _following(given))


async def _following(rows: Iterator[Any]) -> str | None:
    return _slice(rows)


def _slice(rows: Iterator[Any]) -> str | None:
    taken = list(islice(rows, SLICE))
    return json.dumps(taken, default=as_stored, check_circular=False) if taken else None


@cache
def _insertion(table: type[SQLModel], columns: tuple[str, ...], update: tuple[str, ...]) -> str:
    types = {column.name: column.type for column in table.__table__.columns}  # type: ignore[attr-defined]  # SQLModel's own
    values = (f"value {'->' if isinstance(types[name], JSON) else '->>'} {at}" for at, name in enumerate(columns))
    into = f"INSERT INTO {table.__tablename__} ({', '.join(columns)})"
    statement = f"{GIVEN} {into} SELECT {', '.join(values)} FROM given"  # noqa: S608  every word is ours
    if update:
        statement += f" WHERE true ON CONFLICT DO UPDATE SET {', '.join(f'{one} = excluded.{one}' for one in update)}"
    return statement
