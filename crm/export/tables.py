"""How a table of the vault becomes rows, a JSON Schema and a page of documentation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm.access import Desk
from storage import masks
from storage.columns import VaultTable

PAGE = 250  # rows that are in memory at once
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its JSON type (`time` is a string, RFC 3339 in UTC), what it says, and whether it may be null."""

    name: str
    type: str
    says: str
    optional: bool = False

    def schema(self) -> Row:
        """The column in JSON Schema."""
        if self.type == "any":
            return {"description": self.says}
        kind = "string" if self.type == "time" else self.type
        described: Row = {"type": [kind, "null"] if self.optional else kind, "description": self.says}
        return {**described, "format": "date-time"} if self.type == "time" else described


ID = Column("id", "integer", "number of the row; other tables point here")


@dataclass(frozen=True, slots=True)
class Listing:
    """One kind of rows in an export."""

    name: str
    says: str
    columns: Sequence[Column]

    def schema(self) -> Row:
        """The JSON Schema of a file that holds such rows."""
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": self.name,
            "description": self.says,
            "type": "array",
            "items": {
                "type": "object",
                "properties": {column.name: column.schema() for column in self.columns},
                "required": [column.name for column in self.columns],
                "additionalProperties": False,
            },
        }

    def row(self, values: Row) -> Row:
        """These values as a row: only what is documented, times as text."""
        return {column.name: _plain(values[column.name]) for column in self.columns}


@dataclass(frozen=True, slots=True)
class Table(Listing):
    """A table of the vault as it is exported, in the order of its key."""

    model: type[VaultTable]
    key: Any  # a column that grows, or the row number
    only: Sequence[ColumnElement[bool]] = ()
    withheld: Mapping[str, Any] = field(default_factory=dict)  # what stands in these columns of a protected row
    identifies: bool = False  # its rows tell who somebody is, and nothing else that could be told without

    async def extent(self, session: AsyncSession) -> tuple[Any, int]:
        """The key of the last row there is now (what comes later is left for another export), and how many."""
        query = select(func.max(self.key), func.count()).select_from(self.model)
        last, count = (await session.exec(query, execution_options=masks.BARE)).one()
        return last, count

    async def pages(self, desk: Desk, last: Any) -> AsyncIterator[list[Row]]:
        """The rows up to `last`, each page in a short read of its own, so that nobody waits for a long export."""
        if last is None or (self.identifies and not desk.sees_identities):
            return
        columns = [getattr(self.model, column.name) for column in self.columns]
        query = select(self.key.label("_key"), *columns).where(self.key <= last, *self.only)
        query = query.order_by(self.key).limit(PAGE).execution_options(**masks.BARE)
        after: Any = None
        while True:
            async with desk.reading() as session:
                found = (await session.exec(query if after is None else query.where(self.key > after))).mappings().all()
            if not found:
                return
            rows = [masks.masked(desk.mask, self.model, dict(row)) for row in found]
            yield [self.row({**row, **(self.withheld if row.get("protected") else {})}) for row in rows]
            after = found[-1]["_key"]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
