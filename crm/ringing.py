"""Promises whose time has come: who is told, once, whatever crashes."""

from __future__ import annotations

from dataclasses import dataclass

from crm import quiet
from crm.access import Room
from crm.reminders import Promise, promise
from crm.repeating import Repetition
from storage import masks, outbox, reminders
from storage.memberships import Membership
from storage.outbox import Delivery
from storage.reminders import Reminder

KIND = "reminder"  # what the outbox calls it


async def ring(room: Room) -> int:
    """Let all be told that has fallen due; the outbox does it. Returns how many.

    A reminder and the notice of it are written together, so that no crash tells it twice or never. What has come again
    several times while nothing ran is told once, as due since the first time.
    """
    now, zone = room.installation.clock.now(), room.workspace.zone
    async with room.reading() as session:
        if not await reminders.ringing(session, now):
            return 0
    async with room.transaction() as session:
        due = await reminders.ringing(session, now)
        for row in due:
            repetition = Repetition.read(row.repeats)
            row.due_at, row.rung = row.rings_at, row.rung + 1
            row.rings_at = repetition.after(now, zone) if repetition else None
            session.add(row)
            key, facts = f"{KIND}:{row.id}:{row.rung}", {"workspace": room.workspace.id, "reminder": row.id}
            await outbox.ask(session, Delivery, key, row.person_id, KIND, facts=facts, due_at=now)
    return len(due)


@dataclass(frozen=True, slots=True)
class Told:
    """What is told, and to whom: somebody else than it was for, where he has left."""

    promise: Promise
    person_id: int
    silent: bool  # as these are his quiet hours

    @property
    def in_place(self) -> bool:
        """Whether it was for somebody else."""
        return self.person_id != self.promise.reminder.person_id


async def told(room: Room, reminder_id: int) -> Told | None:
    """What a notice says; None where it was done, moved or erased meanwhile, or nobody is left to be told."""
    async with room.reading() as session:
        row = await session.get(Reminder, reminder_id)
        now = room.installation.clock.now()
        if row is None or row.done_at or row.deleted_at or row.due_at is None or row.due_at > now:
            return None
        seat = await room.installation.registry.recall(Membership, (room.workspace.id or 0, row.person_id))
        person_id = row.person_id if seat is not None else room.workspace.owner_id
        if person_id is None:
            return None
        silent = await quiet.are_now(room, session, person_id)
        masks.wear(session, await room.mask_of(person_id))
        return Told(await promise(room, session, row), person_id, silent)
