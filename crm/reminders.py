"""Promises: what is to be done for a contact at a time, and who is told when it comes.

What somebody writes counts once he has agreed to the moment that was understood. It stays until it is done, however
often it was told.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, pages, people
from crm.access import POWERS, Desk, Power, Room, contact_for, conversation_for, message_for, note_for, reminder_for
from crm.errors import Invalid, NotFound
from crm.moments import local
from crm.notices import tell
from crm.pages import Page
from crm.repeating import Repetition
from storage import reminders
from storage.contacts import Contact
from storage.memberships import Membership
from storage.messages import Message
from storage.notes import Note
from storage.reminders import Reminder, Scope, Which

GIVEN = "reminder_given"  # what the outbox calls the notice
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class About:
    """Whom a promise is about, and what it came from."""

    contact: Contact
    message: Message | None = None
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """A reminder with all that its screen shows."""

    reminder: Reminder
    about: About
    author: str
    person: str  # who is told

    @property
    def repetition(self) -> Repetition | None:
        """How it comes again."""
        return Repetition.read(self.reminder.repeats)


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list, and how many stand in each."""

    which: Which
    page: Page[tuple[Reminder, Contact]]
    counts: dict[Which, int]


def scope(desk: Desk, *, mine: bool = True, contact_id: int | None = None) -> Scope:
    """Whose reminders, or about whom, as of now in the workspace's zone."""
    now, zone = desk.installation.clock.now(), desk.workspace.zone
    tomorrow = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return Scope(now, local(tomorrow, time(), zone), desk.person.id if mine else None, contact_id)


async def listing(
    desk: Desk, which: Which | None = None, *, mine: bool = True, contact_id: int | None = None, page: int = 0
) -> Listed:
    """A list of reminders, or the first that is not empty: the overdue ones, today's, what comes. Raises NotFound."""
    desk.need(Power.READ)
    within = scope(desk, mine=mine and contact_id is None, contact_id=contact_id)
    async with desk.reading() as session:
        if contact_id is not None:
            await contact_for(desk, session, contact_id)
        counts = await reminders.counted(session, within)
        shown = which or next((one for one in (Which.OVERDUE, Which.TODAY) if counts[one]), Which.COMING)
        here: Page[tuple[Reminder, Contact]] = pages.place(page, counts[shown])
        rows = await reminders.page(session, within, shown, offset=here.offset, limit=pages.SIZE)
    return Listed(shown, here.with_items(rows), counts)


async def about(desk: Desk, *, contact_id: int = 0, message: int = 0, note_id: int = 0) -> About:
    """Where a promise may begin: at a message, a note, or else a contact's card. Raises NotFound."""
    async with desk.reading() as session:
        written = await message_for(desk, session, message) if message else None
        note = await note_for(desk, session, note_id) if note_id else None
        if written is not None:
            contact_id = (await conversation_for(desk, session, written.conversation_id)).contact_id
        elif note is not None:
            contact_id = note.contact_id
        return About(await contact_for(desk, session, contact_id), written, note)


async def one(desk: Desk, reminder_id: int) -> Promise:
    """One reminder, a deleted one too. Raises NotFound."""
    async with desk.reading() as session:
        row = await reminder_for(desk, session, reminder_id)
        return await promise(desk, session, row)


async def promise(room: Room, session: AsyncSession, row: Reminder) -> Promise:
    """A reminder with all that its screen shows."""
    origin = About(
        await session.get_one(Contact, row.contact_id),
        await session.get(Message, row.message) if row.message is not None else None,
        await session.get(Note, row.note_id) if row.note_id is not None else None,
    )
    names = await people.names(room.installation, {row.author_id, row.person_id})
    return Promise(row, origin, names[row.author_id], names[row.person_id])


async def begin(
    desk: Desk, origin: About, text: str, due_at: datetime | None = None, repetition: Repetition | None = None
) -> int:
    """Keep what was written, so far without effect; gives its number. Raises Invalid (too_long)."""
    desk.need(Power.WRITE)
    async with desk.transaction() as session:
        row = Reminder(
            contact_id=origin.contact.id or 0,
            message=origin.message.id if origin.message is not None else None,
            note_id=origin.note.id if origin.note is not None else None,
            text=_proper(text),
            author_id=desk.person.id,
            person_id=desk.person.id,
            made_at=desk.installation.clock.now(),
            due_at=due_at,
            repeats=str(repetition) if repetition else None,
        )
        session.add(row)
        await session.flush()
        return row.id or 0


async def agree(desk: Desk, reminder_id: int, due_at: datetime, repetition: Repetition | None = None) -> None:
    """Let it count, from now on at this time. Raises NotFound, Invalid("time", "past") for one that is not ahead."""
    now = desk.installation.clock.now()
    if due_at <= now and repetition is not None:
        due_at = repetition.after(now, desk.workspace.zone)
    if due_at <= now:
        raise Invalid("time", "past")
    async with _writing(desk, reminder_id, "reminder.set") as (session, row):
        if row.agreed_at is None:
            await _tell_given(desk, session, row, due_at)
        row.agreed_at = row.agreed_at or now
        row.due_at = row.rings_at = due_at
        row.repeats = str(repetition) if repetition else None
        row.done_at = None


async def reword(desk: Desk, reminder_id: int, text: str) -> None:
    """Give it other words. Raises NotFound, Invalid (too_long)."""
    proper = _proper(text)
    async with _writing(desk, reminder_id, "reminder.reworded") as (_session, row):
        row.text = proper


async def redraft(
    desk: Desk, reminder_id: int, text: str, due_at: datetime, repetition: Repetition | None = None
) -> None:
    """Of one that does not count yet: take this time, and these words where there are any. Raises as `reword`."""
    proper = _proper(text)
    async with desk.transaction() as session:
        row = await reminder_for(desk, session, reminder_id)
        desk.need(Power.WRITE)
        if row.agreed_at is None:
            row.text, row.due_at = proper or row.text, due_at
            row.repeats = str(repetition) if repetition else None
            session.add(row)


async def give(desk: Desk, reminder_id: int, person_id: int) -> None:
    """Say who is to be told; another than oneself hears of it at once.

    Raises NotFound, NotFound("member") for who may not do anything about it.
    """
    seat = await desk.installation.registry.recall(Membership, (desk.workspace.id or 0, person_id))
    if seat is None or Power.WRITE not in POWERS[seat.role]:
        raise NotFound("member")
    async with _writing(desk, reminder_id, "reminder.given", to=person_id) as (session, row):
        changed, row.person_id = row.person_id != person_id, person_id
        if changed and row.agreed_at is not None and row.due_at is not None:
            await _tell_given(desk, session, row, row.due_at)


async def _tell_given(desk: Desk, session: AsyncSession, row: Reminder, due_at: datetime) -> None:
    """What only begins to be written is told of once it counts; what is done or deleted is not told of."""
    if row.person_id == desk.person.id or row.done_at is not None or row.deleted_at is not None:
        return
    contact = await session.get_one(Contact, row.contact_id)
    facts = {"by": desk.person.name, "words": row.text, "due_at": due_at.isoformat()}
    key = f"{row.id}:{desk.installation.clock.now().isoformat()}"
    await tell(desk, session, row.person_id, GIVEN, key=key, about=contact, reminder=row.id, **facts)


async def snooze(desk: Desk, reminder_id: int, until: datetime) -> None:
    """Let it rest until then; how it comes again stays. Raises as `agree`."""
    if until <= desk.installation.clock.now():
        raise Invalid("time", "past")
    async with _writing(desk, reminder_id, "reminder.snoozed") as (_session, row):
        row.due_at = row.rings_at = until
        row.done_at = None


async def finish(desk: Desk, reminder_id: int) -> None:
    """It is done, or where it comes again, done for this time. Raises NotFound."""
    now = desk.installation.clock.now()
    async with _writing(desk, reminder_id, "reminder.done") as (_session, row):
        repetition = Repetition.read(row.repeats)
        if repetition is None:
            row.done_at, row.rings_at = row.done_at or now, None
        else:
            row.due_at = row.rings_at = repetition.after(max(now, row.due_at or now), desk.workspace.zone)


async def reopen(desk: Desk, reminder_id: int, due_at: datetime) -> None:
    """It is not done, and is or was due at this time. Raises NotFound."""
    now = desk.installation.clock.now()
    async with _writing(desk, reminder_id, "reminder.reopened") as (_session, row):
        repetition = Repetition.read(row.repeats)
        row.due_at = row.rings_at = due_at
        if due_at <= now:  # that has been told
            row.rings_at = repetition.after(now, desk.workspace.zone) if repetition else None
        row.done_at = None


async def delete(desk: Desk, reminder_id: int) -> None:
    """Take it away; it can be brought back until the purge comes for it. Raises NotFound."""
    async with _writing(desk, reminder_id, "reminder.deleted") as (_session, row):
        row.deleted_at = row.deleted_at or desk.installation.clock.now()


async def bring_back(desk: Desk, reminder_id: int) -> None:
    """Undo a deletion: what was to be told meanwhile is told now. Raises NotFound once the purge has been."""
    async with _writing(desk, reminder_id, "reminder.restored") as (_session, row):
        row.deleted_at = None


@asynccontextmanager
async def _writing(
    desk: Desk, reminder_id: int, act: str, **facts: int
) -> AsyncIterator[tuple[AsyncSession, Reminder]]:
    """One act on a reminder, with its audit entry."""
    desk.need(Power.WRITE)
    async with desk.transaction() as session:
        row = await reminder_for(desk, session, reminder_id)
        yield session, row
        session.add(row)
        audit.record(desk, session, act, f"reminder:{reminder_id}", **facts)


async def purge(room: Room, before: datetime) -> int:
    """Drop for good what was deleted, or begun and left, before this moment. Returns how many."""
    async with room.transaction() as session:
        return await reminders.purge(session, before)


def _proper(text: str) -> str:
    proper = text.replace("\r\n", "\n").strip()
    if len(proper) > LONGEST:
        raise Invalid("reminder", "too_long", LONGEST)
    return proper
