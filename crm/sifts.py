"""Filters over the contacts: by tags with and without, stage, queue and fields, in any combination."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, pages
from crm.access import Desk, Power
from crm.errors import NotFound
from crm.pages import Page
from storage import contacts, fields, searches, sifts, stages, tags
from storage.contacts import Contact, Listed
from storage.fields import CustomField
from storage.queues import Queue
from storage.searches import FILTER, Search
from storage.sifts import Sieve
from storage.stages import Stage
from storage.tags import Tag

SHOWN = 10  # of those who pass, by name


@dataclass(frozen=True, slots=True)
class Sifted:
    """A filter with its words, how many pass, and the first of them; `name` where it is kept."""

    id: int
    name: str | None
    sieve: Sieve
    tags: dict[int, Tag]
    stages: Sequence[Stage]
    fields: Sequence[CustomField]
    count: int
    first: Sequence[Contact]

    @property
    def rest(self) -> Sieve:
        """What it asks for of what there is still: whoever must have what is deleted, nobody is."""
        stages, known = {None, 0, *(one.id for one in self.stages)}, {str(one.id) for one in self.fields}
        return Sieve(
            [one for one in self.sieve.tags if one in self.tags],
            [one for one in self.sieve.without if one in self.tags],
            self.sieve.stage if self.sieve.stage in stages else None,
            self.sieve.queue,
            {number: value for number, value in self.sieve.fields.items() if number in known},
        )

    @property
    def impossible(self) -> bool:
        """Whether nobody can pass, since something that is asked for is deleted."""
        return replace(self.rest, without=self.sieve.without) != self.sieve


async def begin(desk: Desk, sieve: Sieve | None = None) -> int:
    """A new filter of this member. Returns its number."""
    desk.need(Power.READ)
    async with desk.transaction() as session:
        return await _begin(desk, session, sieve or Sieve())


async def look(desk: Desk, sift_id: int) -> Sifted:
    """What a filter says and whom it leaves.

    Raises NotFound("filter") for one that is gone, or another member's who does not share it.
    """
    async with desk.reading() as session:
        row = await _usable(desk, session, sift_id)
        sieve = Sieve(**row.sieve)
        return Sifted(
            sift_id,
            row.name,
            sieve,
            await tags.every(session),
            await stages.in_order(session),
            await fields.in_order(session),
            await sifts.count(session, sieve, desk.person.id),
            await sifts.some(session, sieve, desk.person.id, SHOWN),
        )


async def listing(desk: Desk, sift_id: int, *, page: int = 0, by_name: bool = False) -> Page[Listed]:
    """One page of those who pass. Raises NotFound("filter")."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        sieve = await sieve_of(desk, session, sift_id)
        here: Page[Listed] = pages.place(page, await sifts.count(session, sieve, desk.person.id))
        conditions = sieve.conditions(desk.person.id)
        return here.with_items(
            await contacts.sifted(
                session,
                conditions,
                by_name=by_name and desk.sees_identities,
                offset=here.offset,
                limit=pages.SIZE,
            )
        )


async def by_tag(desk: Desk, sift_id: int, tag_id: int) -> int:
    """Let a tag be wanted, then unwanted, then no matter. Returns the filter. Raises NotFound("filter")."""
    async with desk.transaction() as session:
        sieve = await sieve_of(desk, session, sift_id)
        wanted, unwanted = [*sieve.tags], [*sieve.without]
        if tag_id in wanted:
            wanted.remove(tag_id)
            unwanted.append(tag_id)
        elif tag_id in unwanted:
            unwanted.remove(tag_id)
        else:
            wanted.append(tag_id)
        return await _change(desk, session, sift_id, replace(sieve, tags=wanted, without=unwanted))


async def by_stage(desk: Desk, sift_id: int, stage_id: int | None) -> int:
    """Let a stage be wanted, 0 for none; None: no matter. Returns the filter. Raises NotFound("filter")."""
    async with desk.transaction() as session:
        sieve = await sieve_of(desk, session, sift_id)
        return await _change(desk, session, sift_id, replace(sieve, stage=stage_id))


async def by_queue(desk: Desk, sift_id: int, queue: Queue | None) -> int:
    """Let a queue be wanted. Returns the filter. Raises NotFound("filter")."""
    async with desk.transaction() as session:
        sieve = await sieve_of(desk, session, sift_id)
        return await _change(desk, session, sift_id, replace(sieve, queue=queue or ""))


async def by_field(desk: Desk, sift_id: int, field_id: int, place: int | None) -> int:
    """Let a choice be wanted by its place, yes (1) or no (0); of other fields, that it is filled in. None: no matter.

    Returns the filter. Raises NotFound.
    """
    async with desk.transaction() as session:
        sieve = await sieve_of(desk, session, sift_id)
        field = await session.get(CustomField, field_id)
        if field is None:
            raise NotFound("field")
        wanted = {number: value for number, value in sieve.fields.items() if number != str(field_id)}
        if place is not None:
            wanted[str(field_id)] = _value(field, place)
        return await _change(desk, session, sift_id, replace(sieve, fields=wanted))


async def mend(desk: Desk, sift_id: int) -> int:
    """Leave out what is deleted, for good where it is the member's to change. Returns the filter.

    Raises NotFound("filter").
    """
    rest = (await look(desk, sift_id)).rest
    async with desk.transaction() as session:
        row = await _usable(desk, session, sift_id)
        if row.name is None or not (row.person_id == desk.person.id or desk.may(Power.MANAGE)):
            return await _change(desk, session, sift_id, rest)
        row.sieve = rest.facts()
        session.add(row)
        audit.record(desk, session, "search.mended", f"search:{sift_id}")
        return sift_id


def _value(field: CustomField, place: int) -> str | int | None:
    if field.kind == fields.Kind.YES_NO:
        return int(bool(place))
    if field.kind == fields.Kind.CHOICE:
        if not 0 <= place < len(field.choices):
            raise NotFound("field")
        return field.choices[place]
    return None


async def sieve_of(desk: Desk, session: AsyncSession, sift_id: int) -> Sieve:
    """What a filter that the member may use asks for. Raises NotFound("filter")."""
    return Sieve(**(await _usable(desk, session, sift_id)).sieve)


async def _usable(desk: Desk, session: AsyncSession, sift_id: int) -> Search:
    """A member's own filter, or a shared one."""
    desk.need(Power.READ)
    row = await session.get(Search, sift_id)
    if row is None or row.kind != FILTER or row.deleted_at or not (row.shared or row.person_id == desk.person.id):
        raise NotFound("filter")
    return row


async def _begin(desk: Desk, session: AsyncSession, sieve: Sieve) -> int:
    now = desk.installation.clock.now()
    row = Search(person_id=desk.person.id, kind=FILTER, sieve=sieve.facts(), made_at=now)
    await searches.add(session, row)
    return row.id or 0


async def _change(desk: Desk, session: AsyncSession, sift_id: int, sieve: Sieve) -> int:
    """One that is kept under a name stays as it is: what is narrowed then is another."""
    row = await _usable(desk, session, sift_id)
    if row.name is not None:
        return await _begin(desk, session, sieve)
    row.sieve = sieve.facts()
    session.add(row)
    return sift_id
