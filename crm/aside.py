"""Whom the desk need not see: archived, blocked, and those who are no clients; all can be found again.

Their messages are mirrored as ever. Of an archived one, a new message still waits for an answer; the others never wait,
and nobody is told of them.
"""

from __future__ import annotations

from sqlmodel import col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, pages
from crm.access import Desk, Power, contact_for
from crm.errors import NotNow
from crm.pages import Page
from storage import contacts, conversations
from storage.contacts import Aside, Contact
from storage.conversations import Conversation


async def put(desk: Desk, contact_id: int, how: Aside | None) -> Aside | None:
    """Set a contact aside, or bring it back (None). Returns how it was before. Raises NotFound, NotNow("group")."""
    desk.need(Power.WRITE)
    async with desk.transaction() as session:
        contact = await contact_for(desk, session, contact_id)
        if contact.is_group:
            raise NotNow("group")
        before = Aside(contact.aside) if contact.aside else None
        if before is not how:
            await _put(desk, session, contact.id or 0, how)
            audit.record(desk, session, "contact.aside", f"contact:{contact_id}", how=how)
        return before


async def listing(desk: Desk, how: Aside, *, page: int = 0) -> Page[Contact]:
    """Who is aside in this way, the last to be set aside first."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        here: Page[Contact] = pages.place(page, (await contacts.aside_counts(session)).get(how, 0))
        return here.with_items(await contacts.aside_page(session, how, offset=here.offset, limit=pages.SIZE))


async def counts(desk: Desk) -> dict[str, int]:
    """How many are aside, in each way."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        return await contacts.aside_counts(session)


async def _put(desk: Desk, session: AsyncSession, contact_id: int, how: Aside | None) -> None:
    now = desk.installation.clock.now()
    family = contacts.family(contact_id)
    await session.exec(update(Contact).where(family).values(aside=how, aside_at=now if how else None))
    theirs = col(Conversation.contact_id).in_(select(Contact.id).where(family))
    if how in contacts.MUTE:
        await session.exec(update(Conversation).where(theirs).values(asleep_until=None, put_off_by=None))
    ids = (await session.exec(select(Conversation.id).where(theirs))).all()
    await session.flush()
    await conversations.settle(session, [(one or 0, 0) for one in ids])
