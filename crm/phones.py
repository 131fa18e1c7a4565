"""Phone numbers that clients write, recognised in all that they wrote and kept on their cards."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, delete
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, conversations, pages
from crm.access import Desk, Power, contact_for, message_for
from crm.errors import NotFound
from crm.pages import Page
from storage import conversations as stored
from storage import phones
from storage.accounts import Account
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.messages import Message
from storage.phones import ContactPhone

Threads = Sequence[tuple[Conversation, Account]]
GLANCE, LOOK = 20, 500  # messages with numbers that are read of a conversation, for the card and for the list
LONGEST = 1000  # characters of a message that are read
_PERHAPS = re.compile(r"(?:\d[\s().\-/]*){7}")  # enough digits for a number that one could call


@dataclass(frozen=True, slots=True)
class Seen:
    """A phone that a client has written, and the newest message in which it stands."""

    phone: str
    message: int  # the row of the message
    place: int  # among the phones in it
    at: datetime


def recognise(text: str, account_phone: str | None) -> str | None:
    """The first phone number in a text, as +15551234567; one without a country is of the account's own."""
    return next(every(text, account_phone), None)


def every(text: str, account_phone: str | None) -> Iterator[str]:
    """All of them."""
    if not _PERHAPS.search(text[:LONGEST]):
        return
    import phonenumbers  # noqa: PLC0415  its tables take a moment and 2 MB, and few messages need them

    region = None
    if account_phone:
        own = f"+{account_phone.lstrip('+')}"
        try:
            region = phonenumbers.region_code_for_number(phonenumbers.parse(own))
        except phonenumbers.NumberParseException:
            region = None
    for found in phonenumbers.PhoneNumberMatcher(text[:LONGEST], region):
        yield phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)


async def glance(session: AsyncSession, threads: Threads, known: Sequence[str]) -> Sequence[Seen]:
    """What the newest messages with numbers hold that is not known, the newest first."""
    return await _seen(session, threads, known, GLANCE)


async def listing(desk: Desk, contact_id: int, *, page: int = 0) -> tuple[Contact, Page[Seen]]:
    """All that a contact has written and that is not on the card, the newest first. Raises NotFound."""
    desk.need(Power.WRITE)
    desk.need_identities()
    async with desk.reading() as session:
        contact = await contact_for(desk, session, contact_id)
        threads = [] if contact.is_group else await stored.of_contact(session, contact.id or 0)
        found = await _seen(session, threads, await on_card(session, contact), LOOK)
    here: Page[Seen] = pages.place(page, len(found))
    return contact, here.with_items(found[here.offset : here.offset + pages.SIZE])


async def on_card(session: AsyncSession, contact: Contact) -> list[str]:
    """The contact's phones, the main one first."""
    number = contact.id or 0
    return together(contact, (await phones.kept(session, [number])).get(number, []))


def together(contact: Contact, kept: Sequence[str]) -> list[str]:
    """The main phone and those that are kept, each once."""
    found: dict[str, str] = {}
    for phone in (*([contact.phone] if contact.phone else []), *kept):
        found.setdefault(_digits(phone), phone)
    return list(found.values())


async def _seen(session: AsyncSession, threads: Threads, known: Sequence[str], look: int) -> Sequence[Seen]:
    written = await phones.numbered(session, [thread.id or 0 for thread, _account in threads], look)
    if not written:
        return []
    own = {account.id: account.phone for _thread, account in threads}
    return await asyncio.to_thread(_read, written, own, {_digits(phone) for phone in known})


def _read(written: Sequence[Message], own: dict[int, str | None], known: set[str]) -> list[Seen]:
    """Reading takes a while, so nobody else is to wait for it."""
    found: dict[str, Seen] = {}
    for message in written:
        for place, phone in enumerate(every(message.text, own.get(message.account_id))):
            if _digits(phone) not in known:
                found.setdefault(phone, Seen(phone, message.id or 0, place, message.sent_at))
    return list(found.values())


async def put(desk: Desk, contact_id: int, message_row: int, place: int = 0, *, main: bool = False) -> tuple[str, bool]:
    """Keep a phone that stands in a message of the contact; as the main one where there is no other, too.

    Returns it, and whether it is the main one now. Raises NotFound.
    """
    desk.need(Power.WRITE)
    desk.need_identities()
    async with desk.transaction() as session:
        contact = await contact_for(desk, session, contact_id)
        phone = await _written(desk, session, contact, message_row, place)
        others = [one for one in await on_card(session, contact) if _digits(one) != _digits(phone)]
        now, by = desk.installation.clock.now(), desk.person.id
        for one in (*([contact.phone] if main and contact.phone else []), phone):
            await session.merge(
                ContactPhone(contact_id=contact.id or 0, phone=f"+{_digits(one)}", kept_at=now, kept_by=by)
            )
        await _write(desk, session, contact, phone if main or not others else others[0])
        return phone, contact.phone == phone


async def drop(desk: Desk, contact_id: int, message_row: int, place: int = 0) -> str:
    """Take off the card what `put` has put there; the main one is then the last that was kept.

    Returns it. Raises NotFound.
    """
    desk.need(Power.WRITE)
    desk.need_identities()
    async with desk.transaction() as session:
        contact = await contact_for(desk, session, contact_id)
        phone = await _written(desk, session, contact, message_row, place)
        others = [one for one in await on_card(session, contact) if _digits(one) != _digits(phone)]
        mine = col(ContactPhone.contact_id).in_(stored.whose(contact.id or 0))
        await session.exec(delete(ContactPhone).where(mine, col(ContactPhone.phone) == phone))
        await _write(desk, session, contact, others[0] if others else None)
        return phone


async def _written(desk: Desk, session: AsyncSession, contact: Contact, message_row: int, place: int) -> str:
    """The phone at its place in a message of this contact."""
    message = await message_for(desk, session, message_row)
    conversation = await session.get_one(Conversation, message.conversation_id)
    whose = await session.get_one(Contact, conversation.contact_id)
    account = await session.get_one(Account, message.account_id)
    found = list(every(message.text, account.phone))
    if contact.id not in {whose.id, whose.merged_into} or not 0 <= place < len(found):
        raise NotFound("phone")
    return found[place]


async def _write(desk: Desk, session: AsyncSession, contact: Contact, phone: str | None) -> None:
    contact.phone = phone
    session.add(contact)
    await conversations.index(session, [contact])
    audit.record(desk, session, "contact.phone", f"contact:{contact.id}")


def _digits(phone: str) -> str:
    return phone.lstrip("+")
