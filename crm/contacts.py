"""The people the business talks to: the list, who waits, and one person's card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import completeness, pages, phones, replies
from crm.access import Desk, Power, contact_for
from crm.completeness import Coverage
from crm.errors import NotFound
from crm.fields import Filled
from crm.pages import Page
from crm.phones import Seen
from storage import contacts, conversations, fields, messages, notes, reminders, senders, tags
from storage.accounts import Account
from storage.contacts import Contact, Listed
from storage.conversations import Conversation
from storage.messages import Message, ReadUntil
from storage.notes import Note
from storage.reminders import Reminder
from storage.replies import Reply
from storage.stages import Stage
from storage.tags import Tag

NOTES_ON_CARD = 3
MESSAGES_ON_CARD = 3


@dataclass(frozen=True, slots=True)
class Thread:
    """One conversation of a contact, with the account it is held on, its own tags and what is known of it."""

    conversation: Conversation
    account: Account
    tags: Sequence[Tag]
    coverage: Coverage
    read: ReadUntil


@dataclass(frozen=True, slots=True)
class Card:
    """All that one person's card shows; messages are the newest first."""

    contact: Contact
    threads: Sequence[Thread]
    phones: Sequence[str]  # the main one first
    seen: Sequence[Seen]  # phones in messages that are not on the card, for who may put them there
    stage: Stage | None
    tags: Sequence[Tag]
    fields: Filled
    notes: Sequence[Note]
    note_count: int
    reminders: Sequence[Reminder]  # that are not done, the first to be due first
    messages: Sequence[Message]
    replies: Sequence[tuple[Reply, str | None]]  # that have not gone, with their states
    senders: Mapping[int, str]  # in a group: what those who wrote are called

    @property
    def known_since(self) -> datetime:
        """When the first message that we know of was written."""
        firsts = [thread.conversation.first_message_at for thread in self.threads]
        return min([self.contact.first_seen_at, *(first for first in firsts if first)])


async def listing(desk: Desk, *, page: int = 0, tag_id: int = 0, by_name: bool = False) -> Page[Listed]:
    """One page of the contacts, of all or of those with a tag. A tag that is gone has none: raises NotFound."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        if tag_id and await session.get(Tag, tag_id) is None:
            raise NotFound("tag")
        asked = pages.within(page) * pages.SIZE
        order = by_name and desk.sees_identities  # else the order would tell of names
        rows = await contacts.page(session, tag_id=tag_id, by_name=order, offset=asked, limit=pages.SIZE)
        here: Page[Listed] = pages.place(page, rows[0][1] if rows else await contacts.count(session, tag_id))
        if here.number != page:
            rows = await contacts.page(session, tag_id=tag_id, by_name=order, offset=here.offset, limit=pages.SIZE)
        return here.with_items([listed for listed, _count in rows])


async def card(desk: Desk, contact_id: int) -> Card:
    """One person's card, in a constant number of queries. Raises NotFound."""
    async with desk.reading() as session:
        contact = await contact_for(desk, session, contact_id)
        contact_id = contact.id or 0
        threads = await conversations.of_contact(session, contact_id)
        on_threads = await tags.on_conversations(session, [thread.id or 0 for thread, _ in threads])
        known = await _coverage(session, contact, [thread for thread, _ in threads])
        read = await messages.read_until(session, [thread.id or 0 for thread, _ in threads])
        last = await messages.latest_of_contact(session, contact_id, MESSAGES_ON_CARD)
        own = await phones.on_card(session, contact)
        reads = desk.may(Power.WRITE) and desk.sees_identities and not contact.is_group
        return Card(
            contact=contact,
            threads=[
                Thread(thread, account, on_threads.get(thread.id or 0, []), known[thread.id or 0], read[thread.id or 0])
                for thread, account in threads
            ],
            phones=own,
            seen=await phones.glance(session, threads, own) if reads else [],
            stage=await session.get(Stage, contact.stage_id) if contact.stage_id else None,
            tags=(await tags.on_contacts(session, [contact_id])).get(contact_id, []),
            fields=[] if contact.is_group else await fields.of_contact(session, contact_id),
            notes=await notes.of_contact(session, contact_id, limit=NOTES_ON_CARD),
            note_count=await notes.count(session, contact_id),
            reminders=await reminders.open_of_contact(session, contact_id),
            messages=last,
            senders=await senders.names(session, {one.sender_id for one in last}) if contact.is_group else {},
            replies=await replies.unsettled(session, [thread.id or 0 for thread, _ in threads]),
        )


async def one(desk: Desk, contact_id: int) -> Contact:
    """The contact alone. Raises NotFound."""
    async with desk.reading() as session:
        return await contact_for(desk, session, contact_id)


async def behind_chat(desk: Desk, telegram_id: int) -> int:
    """The contact of a private chat, by the user's Telegram id. Raises NotFound where nothing is mirrored of it.

    For who does not see who clients are, nothing ever is: else he could ask one id after the other.
    """
    desk.need(Power.READ)
    if not desk.sees_identities:
        raise NotFound("contact")
    async with desk.reading() as session:
        contact = await contacts.by_telegram_id(session, telegram_id)
    if contact is None or contact.id is None:
        raise NotFound("contact")
    return contact.merged_into or contact.id


async def _coverage(session: AsyncSession, contact: Contact, threads: Sequence[Conversation]) -> dict[int, Coverage]:
    """What is known of each conversation, of those with contacts that were merged into this one, too."""
    merged = [one for one in {thread.contact_id for thread in threads} if one != contact.id]
    known: dict[int, Coverage] = {}
    for peer in (contact, *[await session.get_one(Contact, one) for one in merged]):
        known |= await completeness.of_threads(session, peer, [one for one in threads if one.contact_id == peer.id])
    return known
