"""Searches and filters under a name: a member's own, and those that he shares with the team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, names, pages
from crm.access import Desk, Power
from crm.errors import NotFound
from crm.pages import Page
from crm.search import begin, running
from storage import searches, sifts
from storage.searches import FILTER, Search
from storage.sifts import Sieve

FACTS = {"id", "person_id", "made_at", "name", "shared", "deleted_at"}  # of a row; all else is what it looks for


@dataclass(frozen=True, slots=True)
class Kept:
    """One of them; of a filter, how many contacts pass."""

    row: Search
    count: int | None


async def listing(desk: Desk, *, page: int = 0) -> Page[Kept]:
    """What the member may use, by name."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        here: Page[Kept] = pages.place(page, await searches.count_saved(session, desk.person.id))
        rows = await searches.saved(session, desk.person.id, offset=here.offset, limit=pages.SIZE)
        return here.with_items([await _counted(desk, session, row) for row in rows])


async def filters(desk: Desk, limit: int) -> Sequence[Kept]:
    """The first filters that the member may use, by name."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        rows = await searches.saved(session, desk.person.id, kind=FILTER, limit=limit)
        return [await _counted(desk, session, row) for row in rows]


async def _counted(desk: Desk, session: AsyncSession, row: Search) -> Kept:
    if row.kind != FILTER:
        return Kept(row, None)
    return Kept(row, await sifts.count(session, Sieve(**row.sieve), desk.person.id))


async def begun(desk: Desk, search_id: int) -> Search:
    """One's own search or filter, before it is kept. Raises NotFound."""
    async with desk.reading() as session:
        return await running(desk, session, search_id)


async def one(desk: Desk, saved_id: int) -> Search:
    """One that the member may use, a deleted one included. Raises NotFound."""
    async with desk.reading() as session:
        return await _usable(desk, session, saved_id)


async def keep(desk: Desk, search_id: int, name: str) -> int:
    """Keep one's own search or filter. Returns the id of what is kept. Raises NotFound, Invalid("search")."""
    proper = names.proper(name, "search")
    async with desk.transaction() as session:
        row = await running(desk, session, search_id)
        kept = Search(person_id=desk.person.id, made_at=desk.installation.clock.now(), name=proper)
        kept.sqlmodel_update(row.model_dump(exclude=FACTS))
        session.add(kept)
        await session.flush()
        audit.record(desk, session, "search.kept", f"search:{kept.id}")
        return kept.id or 0


async def look(desk: Desk, saved_id: int) -> int:
    """Begin a search as it was kept, which may then be narrowed without a change to what is kept. Raises NotFound."""
    async with desk.reading() as session:
        row = await _usable(desk, session, saved_id)
    if row.kind == FILTER:
        raise NotFound("saved_search")
    return await begin(desk, row.words, **row.model_dump(exclude={*FACTS, "words"}))


def may_change(desk: Desk, row: Search) -> bool:
    """Whether it is the member's own, or his to manage."""
    return row.person_id == desk.person.id or desk.may(Power.MANAGE)


async def rename(desk: Desk, saved_id: int, name: str) -> None:
    """Raises NotFound, also where it is not the member's to change, Invalid("search")."""
    await _change(desk, saved_id, "search.renamed", name=names.proper(name, "search"))


async def share(desk: Desk, saved_id: int, *, on: bool) -> None:
    """Let the whole team use it, or nobody else. Raises NotFound, NotAllowed."""
    desk.need(Power.WRITE)
    await _change(desk, saved_id, "search.shared", shared=on)


async def delete(desk: Desk, saved_id: int, *, on: bool = True) -> None:
    """Delete it, or bring it back within a day. Raises NotFound."""
    at = desk.installation.clock.now() if on else None
    await _change(desk, saved_id, "search.deleted" if on else "search.restored", deleted_at=at)


async def _change(desk: Desk, saved_id: int, act: str, **facts: object) -> None:
    async with desk.transaction() as session:
        row = await _usable(desk, session, saved_id)
        if not may_change(desk, row):
            raise NotFound("saved_search")
        session.add(row.sqlmodel_update(facts))
        audit.record(desk, session, act, f"search:{saved_id}")


async def _usable(desk: Desk, session: AsyncSession, saved_id: int) -> Search:
    desk.need(Power.READ)
    row = await session.get(Search, saved_id)
    if row is None or row.name is None or not (row.shared or row.person_id == desk.person.id):
        raise NotFound("saved_search")
    return row
