"""Duty: a member is on duty or away; whoever goes away lets go of those who wait for him, and may have them back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, members, queues
from crm.access import Desk, Power, Room
from crm.errors import Invalid
from crm.notices import tell
from storage import duty
from storage.duty import Away
from storage.memberships import Membership

AWAY, BACK = "member_away", "member_back"  # what the outbox calls these notices
RETURNED = timedelta(days=1)  # how long those whom he let go of are his again when he comes back


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a member is away, and whether whoever looks may change it."""

    person_id: int
    name: str
    away: Away | None
    may_change: bool


async def standing(desk: Desk, person_id: int) -> Standing:
    """How it stands with a member who answers clients. Raises NotFound."""
    name = await queues.answerer_name(desk, person_id)
    async with desk.reading() as session:
        return Standing(person_id, name, await duty.of(session, person_id), await _may_change(desk, person_id))


async def away(desk: Desk) -> set[int]:
    """Who of the team is away."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        return {one.person_id for one in await duty.everybody(session)}


async def _may_change(desk: Desk, person_id: int) -> bool:
    if person_id == desk.person.id:
        return desk.may(Power.READ)
    seat = await desk.installation.registry.recall(Membership, (desk.workspace.id or 0, person_id))
    return desk.may(Power.MANAGE) and seat is not None and (seat.role == "agent" or desk.may(Power.OWN))


async def _need(desk: Desk, person_id: int) -> None:
    await queues.answerer_name(desk, person_id)
    if person_id != desk.person.id:
        desk.need(Power.MANAGE)
        async with desk.installation.registry.reading() as session:
            await members.other_seat(desk, session, person_id)


async def go(desk: Desk, person_id: int, back_at: datetime | None) -> int:
    """Be away, or let another be, until a moment or until somebody says so. Returns how many conversations are free.

    Raises NotFound, NotAllowed, Invalid("time", "past"). Who was away already only comes back at another moment.
    """
    await _need(desk, person_id)
    now = desk.installation.clock.now()
    if back_at is not None and back_at <= now:
        raise Invalid("time", "past")
    async with desk.transaction() as session:
        row = await duty.of(session, person_id) or Away(person_id=person_id, since=now)
        freed = await duty.free(session, person_id)
        row.back_at, row.freed = back_at, [*row.freed, *freed]
        session.add(row)
        audit.record(desk, session, "duty.left", f"person:{person_id}", count=len(freed))
        if person_id != desk.person.id:
            await _tell(desk, session, person_id, AWAY, by=desk.person.name, count=len(freed))
    return len(freed)


async def come_back(desk: Desk, person_id: int) -> int:
    """Be on duty again, or let another be. Returns how many conversations are his again. Raises as `go`."""
    await _need(desk, person_id)
    async with desk.transaction() as session:
        row = await duty.of(session, person_id)
        if row is None:
            return 0
        count = await _return(desk, session, row)
        audit.record(desk, session, "duty.taken", f"person:{person_id}", count=count)
        if person_id != desk.person.id:
            await _tell(desk, session, person_id, BACK, by=desk.person.name, count=count)
    return count


async def return_all(room: Room) -> int:
    """Put those on duty whose absence is over, and tell them. Returns how many."""
    now = room.installation.clock.now()
    async with room.reading() as session:
        if not await duty.over(session, now):
            return 0
    told = 0
    async with room.transaction() as session:
        for row in await duty.over(session, now):
            seat = await room.installation.registry.recall(Membership, (room.workspace.id or 0, row.person_id))
            if seat is None:
                await session.delete(row)
                continue
            count = await _return(room, session, row)
            await _tell(room, session, row.person_id, BACK, by="", count=count)
            told += 1
    return told


async def _return(room: Room, session: AsyncSession, row: Away) -> int:
    """Whom he let go of is his again, where he was not away for long."""
    await session.delete(row)
    if room.installation.clock.now() - row.since > RETURNED:
        return 0
    return await duty.give_back(session, row.person_id, row.freed)


async def _tell(room: Room, session: AsyncSession, person_id: int, what: str, **facts: Any) -> None:
    key = f"{person_id}:{room.installation.clock.now().isoformat()}"
    await tell(room, session, person_id, what, key=key, name=room.workspace.name, **facts)
