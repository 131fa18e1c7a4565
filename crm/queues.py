"""What waits, and what members say about it: close it, put it off, give it to somebody.

Whether a conversation waits follows from what was said in it: a client's message waits for us until we answer. What a
member says about it holds until the client writes again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, pages, people
from crm.access import POWERS, Desk, Power, Room, account_for, contact_for, conversation_for
from crm.errors import Invalid, NotFound, NotNow
from crm.notices import tell
from crm.pages import Page
from storage import conversations as stored
from storage import memberships, queues
from storage.accounts import Account
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.people import Person
from storage.queues import Queue

ASSIGNED, WOKEN = "conversation_assigned", "conversation_woken"  # what the outbox calls these notices
AT_REST = {"closed_at": None, "asleep_until": None, "put_off_by": None, "raised_at": None}


@dataclass(frozen=True, slots=True)
class Queued:
    """One page of a queue, and how many stand in each."""

    page: Page[tuple[Contact, Conversation]]
    counts: dict[Queue, int]


async def listing(desk: Desk, queue: Queue, *, page: int = 0) -> Queued:
    """A queue as this member sees it: his own, where it is his."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        counts = await queues.counted(session, desk.person.id)
        here: Page[tuple[Contact, Conversation]] = pages.place(page, counts[queue])
        rows = await queues.page(session, queue, desk.person.id, offset=here.offset, limit=pages.SIZE)
        return Queued(here.with_items(rows), counts)


class Status(StrEnum):
    """Where a conversation stands."""

    WAITING = "waiting"  # for us
    ANSWERED = "answered"  # it waits for them
    OPEN = "open"  # nothing is to be said
    ASLEEP = "asleep"  # until its time, or until they write
    CLOSED = "closed"  # until they write


def status(conversation: Conversation) -> Status:
    """By what was said in it, and by what a member said about it."""
    if conversation.closed_at is not None:
        return Status.CLOSED
    if conversation.asleep_until is not None:
        return Status.ASLEEP
    if conversation.waiting_since is not None:
        return Status.WAITING
    last, theirs = conversation.last_message_at, conversation.last_inbound_at
    return Status.ANSWERED if last is not None and (theirs is None or last > theirs) else Status.OPEN


@dataclass(frozen=True, slots=True)
class Standing:
    """A conversation, with whom, on which account, and who is to answer."""

    conversation: Conversation
    contact: Contact
    account: Account
    assignee: str | None

    @property
    def status(self) -> Status:
        """Where it stands."""
        return status(self.conversation)


async def standing(desk: Desk, conversation_id: int) -> Standing:
    """How it stands with a conversation. Raises NotFound."""
    async with desk.reading() as session:
        row = await conversation_for(desk, session, conversation_id)
        contact = await contact_for(desk, session, row.contact_id)
        account = await account_for(desk, session, row.account_id)
    who = row.assignee_id
    return Standing(row, contact, account, (await people.names(desk.installation, [who]))[who] if who else None)


async def close(desk: Desk, conversation_id: int) -> None:
    """Nothing is to be done any more, until the client writes again. Raises NotFound, NotNow("group")."""
    await _put_aside(desk, conversation_id, "conversation.closed", closed_at=desk.installation.clock.now())


async def dismiss(desk: Desk, conversation_id: int) -> None:
    """What was said needs no answer; the conversation stays open. Raises NotFound, NotNow("group")."""
    await _put_aside(desk, conversation_id, "conversation.dismissed")


async def put_off(desk: Desk, conversation_id: int, until: datetime) -> None:
    """Let it rest until a time, or until the client writes.

    Raises NotFound, NotNow("group"), Invalid("time", "past") for a time that is not ahead.
    """
    if until <= desk.installation.clock.now():
        raise Invalid("time", "past")
    await _put_aside(desk, conversation_id, "conversation.put_off", asleep_until=until, put_off_by=desk.person.id)


async def raise_again(desk: Desk, conversation_id: int) -> None:
    """Let it wait for an answer, from the client's oldest message without one or else from now. Raises as `close`."""
    async with _writing(desk, conversation_id, "conversation.raised") as (session, row):
        row.sqlmodel_update({**AT_REST, "aside_id": None})
        session.add(row)
        await session.flush()
        await stored.settle(session, [(conversation_id, 0)])
        await session.refresh(row)
        if row.waiting_since is None:
            row.raised_at = desk.installation.clock.now()
            session.add(row)
            await stored.put_aside(session, conversation_id)


async def assign(desk: Desk, conversation_id: int, person_id: int | None) -> None:
    """Say which member is to answer, who is told unless it is the one who says so; None: nobody in particular.

    Raises NotFound, NotFound("member") for who may not answer here, NotNow("group"), NotAllowed where somebody else is
    concerned and the seat does not allow that.
    """
    if person_id is not None and not await may_answer(desk, person_id):
        raise NotFound("member")
    facts = {} if person_id is None else {"to": person_id}
    async with _writing(desk, conversation_id, "conversation.assigned", **facts) as (session, row):
        if not {person_id, row.assignee_id} <= {None, desk.person.id}:
            desk.need(Power.ASSIGN)
        if row.assignee_id != person_id and person_id not in {None, desk.person.id}:
            await _tell(desk, session, row, person_id, ASSIGNED, by=desk.person.name)
        row.assignee_id = person_id
        session.add(row)


async def answerers(desk: Desk, *, page: int = 0) -> Page[Person]:
    """The members who may answer clients, the first to come first."""
    everybody = await _answerers(desk)
    here: Page[Person] = pages.place(page, len(everybody))
    return here.with_items(everybody[here.offset : here.offset + pages.SIZE])


async def may_answer(desk: Desk, person_id: int) -> bool:
    """Whether this is a member who may answer clients."""
    return person_id in {one.id for one in await _answerers(desk)}


async def answerer_name(desk: Desk, person_id: int) -> str:
    """What a member who may answer is called. Raises NotFound("member")."""
    name = next((one.name for one in await _answerers(desk) if one.id == person_id), None)
    if name is None:
        raise NotFound("member")
    return name


async def _answerers(desk: Desk) -> list[Person]:
    desk.need(Power.READ)
    async with desk.installation.registry.reading() as session:
        seats = await memberships.seats_in(session, desk.workspace.id or 0)
    return [person for seat, person in seats if Power.WRITE in POWERS[seat.role]]


async def wake(room: Room) -> int:
    """Bring back what was put off until now, and tell who is to answer, or who put it off. Returns how many."""
    now = room.installation.clock.now()
    async with room.reading() as session:
        if not await stored.resting_until(session, now):
            return 0
    async with room.transaction() as session:
        woken = await stored.wake(session, now)
        for row in woken:
            person_id = row.assignee_id or row.put_off_by or room.workspace.owner_id
            await _tell(room, session, row, person_id, WOKEN)
    return len(woken)


async def _put_aside(desk: Desk, conversation_id: int, act: str, **state: Any) -> None:
    async with _writing(desk, conversation_id, act) as (session, row):
        session.add(row.sqlmodel_update({**AT_REST, **state}))
        await stored.put_aside(session, conversation_id)


@asynccontextmanager
async def _writing(
    desk: Desk, conversation_id: int, act: str, **facts: Any
) -> AsyncIterator[tuple[AsyncSession, Conversation]]:
    """One act on a conversation, with its audit entry."""
    desk.need(Power.WRITE)
    async with desk.transaction() as session:
        row = await conversation_for(desk, session, conversation_id)
        if (await contact_for(desk, session, row.contact_id)).is_group:
            raise NotNow("group")
        yield session, row
        audit.record(desk, session, act, f"conversation:{conversation_id}", **facts)


async def _tell(
    room: Room, session: AsyncSession, row: Conversation, person_id: int | None, what: str, **facts: Any
) -> None:
    contact = await session.get(Contact, row.contact_id)
    if person_id is not None and contact is not None:
        key = f"{row.id}:{room.installation.clock.now().isoformat()}"
        card = {"contact": contact.id, "conversation": row.id}
        await tell(room, session, person_id, what, key=key, about=contact, **card, **facts)
