"""Tags: their words, and what they are put on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, names, pages
from crm.access import Desk, Power, contact_for, conversation_for, tag_for
from crm.errors import Invalid
from crm.pages import Page
from storage import searches, tags
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.tags import COLOURS, ContactTag, ConversationTag, Tag


class On(StrEnum):
    """What a tag can be put on."""

    CONTACT = "contact"
    CONVERSATION = "conversation"


CARRIED: dict[On, tags.Carried] = {On.CONTACT: ContactTag, On.CONVERSATION: ConversationTag}


@dataclass(frozen=True, slots=True)
class Used:
    """A tag and how often it is used."""

    tag: Tag
    contacts: int
    conversations: int


@dataclass(frozen=True, slots=True)
class Choice:
    """The tags, the last used first, as they can be put on and taken off one contact or conversation."""

    contact: Contact
    tags: Page[Tag]
    put: Sequence[Tag]

    def holds(self, tag: Tag) -> bool:
        """Whether this tag is put on."""
        return any(tag.id == one.id for one in self.put)


async def listing(desk: Desk, *, page: int = 0) -> Page[tuple[Tag, int]]:
    """Tags with their uses, the most used first."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        here: Page[tuple[Tag, int]] = pages.place(page, await tags.count(session))
        return here.with_items(await tags.page(session, offset=here.offset, limit=pages.SIZE))


async def one(desk: Desk, tag_id: int) -> Used:
    """A tag and where it is. Raises NotFound."""
    async with desk.reading() as session:
        tag = await tag_for(desk, session, tag_id)
        return Used(tag, *await tags.uses(session, tag_id))


async def choice(desk: Desk, on: On, carrier_id: int, *, page: int = 0) -> Choice:
    """What can be put on one contact or conversation. Raises NotFound."""
    async with desk.reading() as session:
        carrier = await _carrier(desk, session, on, carrier_id)
        carrier_id = carrier.id or 0
        put = await (tags.on_contacts if on is On.CONTACT else tags.on_conversations)(session, [carrier_id])
        contact_id = carrier.contact_id if isinstance(carrier, Conversation) else carrier_id
        here: Page[Tag] = pages.place(page, await tags.count(session))
        own = await tags.suggested(session, CARRIED[on], carrier_id, offset=here.offset, limit=pages.SIZE)
        return Choice(await session.get_one(Contact, contact_id), here.with_items(own), put.get(carrier_id, []))


async def make(desk: Desk, name: str) -> Tag:
    """A new tag. Raises Invalid: empty, too_long, signs, taken."""
    desk.need(Power.WRITE)
    async with desk.transaction() as session:
        return await _make(desk, session, names.proper(name, "tag"))


async def make_and_put(desk: Desk, name: str, on: On, carrier_id: int) -> Tag:
    """Put a tag of this name on something, made where there is none yet. Raises Invalid, NotFound."""
    desk.need(Power.WRITE)
    proper = names.proper(name, "tag")
    async with desk.transaction() as session:
        carrier_id = (await _carrier(desk, session, on, carrier_id)).id or 0
        tag = await tags.by_key(session, names.key(proper)) or await _make(desk, session, proper)
        await _put(desk, session, on, carrier_id, tag.id or 0)
        return tag


async def put(desk: Desk, on: On, carrier_id: int, tag_id: int) -> None:
    """Put a tag on; twice is once. Raises NotFound."""
    desk.need(Power.WRITE)
    async with desk.transaction() as session:
        carrier_id = (await _carrier(desk, session, on, carrier_id)).id or 0
        await tag_for(desk, session, tag_id)
        await _put(desk, session, on, carrier_id, tag_id)


async def take(desk: Desk, on: On, carrier_id: int, tag_id: int) -> None:
    """Take a tag off; twice is once. Raises NotFound."""
    desk.need(Power.WRITE)
    async with desk.transaction() as session:
        carrier_id = (await _carrier(desk, session, on, carrier_id)).id or 0
        await tag_for(desk, session, tag_id)
        if await tags.take(session, CARRIED[on], carrier_id, tag_id):
            audit.record(desk, session, "tag.taken", f"{on}:{carrier_id}", tag=tag_id)


async def rename(desk: Desk, tag_id: int, name: str) -> Tag:
    """Another name for a tag. Raises Invalid as `make` does, NotFound."""
    desk.need(Power.MANAGE)
    proper = names.proper(name, "tag")
    async with desk.transaction() as session:
        tag = await tag_for(desk, session, tag_id)
        other = await tags.by_key(session, names.key(proper))
        if other is not None and other.id != tag_id:
            raise Invalid("tag", "taken")
        tag.name, tag.name_key = proper, names.key(proper)
        session.add(tag)
        audit.record(desk, session, "tag.renamed", f"tag:{tag_id}")
        return tag


async def recolour(desk: Desk, tag_id: int, colour: str) -> None:
    """Another colour for a tag. Raises Invalid for one that is not in COLOURS, NotFound."""
    desk.need(Power.MANAGE)
    if colour not in COLOURS:
        raise Invalid("colour", "mismatch")
    async with desk.transaction() as session:
        tag = await tag_for(desk, session, tag_id)
        tag.colour = colour
        session.add(tag)
        audit.record(desk, session, "tag.coloured", f"tag:{tag_id}")


async def merge(desk: Desk, source_id: int, target_id: int) -> Tag:
    """Everything with the first tag gets the second, and the first is gone. Returns the second. Raises NotFound."""
    desk.need(Power.MANAGE)
    if source_id == target_id:
        raise Invalid("tag", "mismatch")
    async with desk.transaction() as session:
        source, target = await tag_for(desk, session, source_id), await tag_for(desk, session, target_id)
        await tags.move_all(session, source_id, target_id)
        await searches.exchange_tag(session, source_id, target_id)
        await session.delete(source)
        audit.record(desk, session, "tag.merged", f"tag:{source_id}", into=target_id)
        return target


async def delete(desk: Desk, tag_id: int) -> None:
    """Delete a tag and take it off everything. Raises NotFound."""
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        tag = await tag_for(desk, session, tag_id)
        contacts, conversations = await tags.uses(session, tag_id)
        await session.delete(tag)
        audit.record(desk, session, "tag.deleted", f"tag:{tag_id}", contacts=contacts, conversations=conversations)


async def _make(desk: Desk, session: AsyncSession, proper: str) -> Tag:
    """Colours are given in turn, so that a newcomer's tags can be told apart."""
    if await tags.by_key(session, names.key(proper)) is not None:
        raise Invalid("tag", "taken")
    colour = COLOURS[await tags.count(session) % len(COLOURS)]
    tag = Tag(name=proper, name_key=names.key(proper), colour=colour, made_at=desk.installation.clock.now())
    session.add(tag)
    await session.flush()
    audit.record(desk, session, "tag.made", f"tag:{tag.id}")
    return tag


async def _put(desk: Desk, session: AsyncSession, on: On, carrier_id: int, tag_id: int) -> None:
    now, by = desk.installation.clock.now(), desk.person.id
    row = (
        ContactTag(contact_id=carrier_id, tag_id=tag_id, put_at=now, put_by=by)
        if on is On.CONTACT
        else ConversationTag(conversation_id=carrier_id, tag_id=tag_id, put_at=now, put_by=by)
    )
    if await tags.put(session, row):
        audit.record(desk, session, "tag.put", f"{on}:{carrier_id}", tag=tag_id)


async def _carrier(desk: Desk, session: AsyncSession, on: On, carrier_id: int) -> Contact | Conversation:
    if on is On.CONTACT:
        return await contact_for(desk, session, carrier_id)
    return await conversation_for(desk, session, carrier_id)
