"""Everything of a workspace, handed to a member who may have it, in files that other programs read (policy, 6.1)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from crm.access import Desk, Power
from crm.export import spreadsheet
from crm.export.contents import CONSENTS, LEFT_OUT, LISTINGS, MEMBERS, TABLES, WORKSPACE
from crm.export.media import put_in
from crm.export.parts import LIMIT, Deliver, Frame, Parts
from crm.export.tables import Listing, Row, Table
from crm.ports import FileSource
from storage import consents, memberships, totals

FORMAT = 1
Progress = Callable[[int, int], Awaitable[None]]  # steps done, steps in all
Pages = AsyncIterator[list[Row]]


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for. `readme` is the text that stands in every part, in the language of whoever asked."""

    readme: str
    files: FileSource | None = None  # None: without the files
    limit: int = LIMIT


async def size(desk: Desk) -> dict[str, int]:
    """How much there is to export, and how many messages are `protected`. Raises NotAllowed."""
    desk.need(Power.EXPORT)
    async with desk.reading() as session:
        return {**await totals.held(session), "protected": await totals.protected(session)}


async def write(desk: Desk, order: Order, deliver: Deliver, progress: Progress) -> int:
    """Write the export, handing over each part as it is full. Returns how many files are left out. Raises NotAllowed.

    Every table is written as JSON and as CSV. In memory, and there alone, are one part and one file at a time; a
    cancelled export leaves nothing behind.
    """
    desk.need(Power.EXPORT)
    async with desk.reading() as session:
        extents = {table.name: await table.extent(session) for table in TABLES}
    steps = _Steps(progress, total=2 * sum(count for _last, count in extents.values()))
    async with Parts(_always(order), deliver, limit=order.limit) as parts:
        for listing, rows in (await _common(desk)).items():
            await _write(parts, listing, partial(_once, rows))
        for table in TABLES:
            await _write(parts, table, partial(steps.counted, table, desk, extents[table.name][0]))
        left_out = await put_in(parts, desk, order.files, steps.beat) if order.files else []
        await _write(parts, LEFT_OUT, partial(_once, left_out))
    return len(left_out)


class _Steps:
    """Counts what passes, and tells of it."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    async def counted(self, table: Table, desk: Desk, last: Any) -> Pages:
        """The pages of a table, each counted when it is taken."""
        async for page in table.pages(desk, last):
            self._done += len(page)
            await self.beat()
            yield page

    async def beat(self) -> None:
        """Tell that work goes on."""
        await self._progress(self._done, max(self._total, self._done))


def _always(order: Order) -> dict[str, bytes]:
    schemas = {f"schemas/{one.name}.schema.json": _json(one.schema(), indent=1) for one in LISTINGS}
    return {"README.txt": order.readme.encode(), **schemas}


async def _common(desk: Desk) -> dict[Listing, list[Row]]:
    """What the registry knows of this workspace and of whoever asks."""
    async with desk.installation.registry.reading() as session:
        seats = await memberships.seats_in(session, desk.workspace.id or 0)
        agreed = await consents.all_of(session, desk.person.id)
    now = desk.installation.clock.now()
    people = [{**person.model_dump(), **seat.model_dump(), "name": person.name} for seat, person in seats]
    return {
        WORKSPACE: [WORKSPACE.row({**desk.workspace.model_dump(), "exported_at": now, "format": FORMAT})],
        MEMBERS: [MEMBERS.row(one) for one in people],
        CONSENTS: [CONSENTS.row(one.model_dump()) for one in agreed],
    }


async def _write(parts: Parts, listing: Listing, pages: Callable[[], Pages]) -> None:
    names = [column.name for column in listing.columns]
    await parts.table(f"{listing.name}.json", _as_json(pages()), Frame(b"[\n", b",\n", b"\n]\n"))
    head = spreadsheet.BOM.encode() + spreadsheet.lines([names])
    await parts.table(f"{listing.name}.csv", _as_csv(pages(), names), Frame(head))


async def _as_json(pages: Pages) -> AsyncIterator[bytes]:
    async for page in pages:
        yield b",\n".join(_json(row) for row in page)


async def _as_csv(pages: Pages, names: Sequence[str]) -> AsyncIterator[bytes]:
    async for page in pages:
        yield spreadsheet.lines([row[name] for name in names] for row in page)


async def _once(rows: list[Row]) -> Pages:
    if rows:
        yield rows


def _json(value: Any, indent: int | None = None) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=indent).encode("utf-8", "backslashreplace")
