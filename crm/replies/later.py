"""Answers that leave later, and answers that did not leave: what is to go when, who is told first, and what is left.

An answer and its delivery are written in one commit, so that no crash lets it go twice or never. Where the client has
written since the answer was put off, its author is told, and has a while to hold it back before it goes all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, pages
from crm.access import Desk, Power, Room, reply_for
from crm.errors import Invalid, NotNow
from crm.notices import tell
from crm.pages import Page
from crm.replies import leaving
from storage import outbox, replies
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.replies import Reply

OVERTAKEN = "reply_overtaken"  # what the outbox calls this notice
GRACE = timedelta(minutes=5)  # from the word that the client has written to the answer's leaving


class Which(StrEnum):
    """What can be listed; short, since buttons carry it."""

    LATER = "later"  # that leave by themselves, the next first
    STUCK = "stuck"  # that did not leave, or of which nobody knows
    BEGUN = "begun"  # that were written, and wait for Send


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of answers with whom they are for, and how many there are of each."""

    page: Page[tuple[Reply, Contact]]
    counts: dict[str, int]


async def listing(desk: Desk, which: Which, *, conversation_id: int | None = None, page: int = 0) -> Listed:
    """The answers of the whole desk, or of one conversation."""
    desk.need(Power.WRITE)
    async with desk.reading() as session:
        counts = await replies.counted(session, conversation_id)
        here: Page[tuple[Reply, Contact]] = pages.place(page, counts[which])
        rows = await replies.page(session, which, conversation_id, offset=here.offset, limit=pages.SIZE)
        return Listed(here.with_items(rows), counts)


async def put_off(desk: Desk, reply_id: int, until: datetime) -> None:
    """Let it leave by itself at this moment. Raises NotFound, Invalid("time", "past")."""
    desk.need(Power.WRITE)
    now = desk.installation.clock.now()
    if until <= now:
        raise Invalid("time", "past")
    async with desk.transaction() as session:
        reply = await reply_for(desk, session, reply_id)
        delivery = await replies.state(session, reply)
        if delivery is not None and delivery.state != outbox.REFUSED:
            return  # it is on its way, or nobody knows
        reply.leaves_at, reply.put_off_at, reply.overtaken_at = until, now, None
        reply.author_id, reply.delivery, reply.refusals = desk.person.id, None, {}
        session.add(reply)
        audit.record(desk, session, "reply.put_off", f"reply:{reply_id}")


async def let_go(room: Room) -> int:
    """Let go whose time has come, and tell the authors of those that the client has overtaken. Returns how many."""
    now = room.installation.clock.now()
    async with room.reading() as session:
        if not await replies.stirring(session, now):
            return 0
    async with room.transaction() as session:
        stirring = await replies.stirring(session, now)
        for reply, conversation in stirring:
            if reply.overtaken_at is None and _overtaken(reply, conversation):
                await _tell(room, session, reply, conversation, now)
            elif reply.leaves_at is not None and reply.leaves_at <= now:
                await _ask(room, session, reply, now)
        return len(stirring)


async def _ask(room: Room, session: AsyncSession, reply: Reply, now: datetime) -> None:
    try:
        await leaving.ask(room, session, reply, now)
    except NotNow:  # its author has begun to write to too many people within this hour
        reply.leaves_at = now + leaving.HOUR
        session.add(reply)


def _overtaken(reply: Reply, conversation: Conversation) -> bool:
    wrote, since = conversation.last_inbound_at, reply.put_off_at
    return wrote is not None and since is not None and wrote > since


async def _tell(room: Room, session: AsyncSession, reply: Reply, conversation: Conversation, now: datetime) -> None:
    reply.overtaken_at = now
    reply.leaves_at = max(reply.leaves_at or now, now + GRACE)
    session.add(reply)
    contact = await session.get_one(Contact, conversation.contact_id)
    facts = {"reply": reply.id, "conversation": conversation.id, "leaves_at": reply.leaves_at.isoformat()}
    key = f"{reply.id}:{now.isoformat()}"
    await tell(room, session, reply.author_id, OVERTAKEN, key=key, about=contact, **facts)
