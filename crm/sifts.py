"""Filters over the contacts: by tags with and without, stage, queue and fields, in any combination."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import pages
from crm.access import Desk, Power
from crm.errors import NotFound
from crm.pages import Page
from storage import contacts, fields, sifts, stages, tags
from storage.contacts import Contact, Listed
from storage.fields import CustomField
from storage.queues import Queue
from storage.sifts import Sieve, Sift
from storage.stages import Stage
from storage.tags import Tag

SHOWN = 10  # of those who pass, by name


@dataclass(frozen=True, slots=True)
class Sifted:
    """A filter with its words, how many pass, and the first of them."""

    id: int
    sieve: Sieve
    tags: dict[int, Tag]
    stages: Sequence[Stage]
    fields: Sequence[CustomField]
    count: int
    first: Sequence[Contact]


async def begin(desk: Desk, sieve: Sieve | None = None) -> int:
    """A new filter of this member. Returns its number."""
    desk.need(Power.READ)
    async with desk.transaction() as session:
        row = Sift(person_id=desk.person.id, facts=(sieve or Sieve()).facts(), made_at=desk.installation.clock.now())
        await sifts.add(session, row)
        return row.id or 0


async def look(desk: Desk, sift_id: int) -> Sifted:
    """What a filter says and whom it leaves. Raises NotFound("filter") for one that is gone, or another member's."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        sieve = await sieve_of(desk, session, sift_id)
        return Sifted(
            sift_id,
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
            await contacts.sifted(session, conditions, by_name=by_name, offset=here.offset, limit=pages.SIZE)
        )


async def by_tag(desk: Desk, sift_id: int, tag_id: int) -> None:
    """Let a tag be wanted, then unwanted, then no matter. Raises NotFound("filter")."""
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
        await _keep(desk, session, sift_id, replace(sieve, tags=wanted, without=unwanted))


async def by_stage(desk: Desk, sift_id: int, stage_id: int | None) -> None:
    """Let a stage be wanted, 0 for none; None: no matter. Raises NotFound("filter")."""
    async with desk.transaction() as session:
        await _keep(desk, session, sift_id, replace(await sieve_of(desk, session, sift_id), stage=stage_id))


async def by_queue(desk: Desk, sift_id: int, queue: Queue | None) -> None:
    """Let a queue be wanted. Raises NotFound("filter")."""
    async with desk.transaction() as session:
        await _keep(desk, session, sift_id, replace(await sieve_of(desk, session, sift_id), queue=queue or ""))


async def by_field(desk: Desk, sift_id: int, field_id: int, place: int | None) -> None:
    """Let a choice be wanted by its place, yes (1) or no (0); of other fields, that it is filled in. None: no matter.

    Raises NotFound.
    """
    async with desk.transaction() as session:
        sieve = await sieve_of(desk, session, sift_id)
        field = await session.get(CustomField, field_id)
        if field is None:
            raise NotFound("field")
        wanted = {number: value for number, value in sieve.fields.items() if number != str(field_id)}
        if place is not None:
            wanted[str(field_id)] = _value(field, place)
        await _keep(desk, session, sift_id, replace(sieve, fields=wanted))


def _value(field: CustomField, place: int) -> str | int | None:
    if field.kind == fields.Kind.YES_NO:
        return int(bool(place))
    if field.kind == fields.Kind.CHOICE:
        if not 0 <= place < len(field.choices):
            raise NotFound("field")
        return field.choices[place]
    return None


async def sieve_of(desk: Desk, session: AsyncSession, sift_id: int) -> Sieve:
    """A member's own filter. Raises NotFound("filter")."""
    row = await session.get(Sift, sift_id)
    if row is None or row.person_id != desk.person.id:
        raise NotFound("filter")
    return Sieve(**row.facts)


async def _keep(desk: Desk, session: AsyncSession, sift_id: int, sieve: Sieve) -> None:
    desk.need(Power.READ)
    row = await session.get_one(Sift, sift_id)
    row.facts = sieve.facts()
    session.add(row)
