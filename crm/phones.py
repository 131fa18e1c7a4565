"""Phone numbers that clients write, recognised and put on their cards."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit, conversations
from crm.access import Desk, Power, contact_for, message_for
from crm.errors import NotFound
from storage.accounts import Account
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.messages import Message

_PERHAPS = re.compile(r"(?:\d[\s().\-/]*){7}")  # enough digits for a number that one could call


def recognise(text: str, account_phone: str | None) -> str | None:
    """The first phone number in a text, as +15551234567; one without a country is of the account's own."""
    if not _PERHAPS.search(text):
        return None
    import phonenumbers  # noqa: PLC0415  its tables take a moment and 2 MB, and few messages need them

    region = None
    if account_phone:
        own = f"+{account_phone.lstrip('+')}"
        try:
            region = phonenumbers.region_code_for_number(phonenumbers.parse(own))
        except phonenumbers.NumberParseException:
            region = None
    for found in phonenumbers.PhoneNumberMatcher(text, region):
        return phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)
    return None


def offered(contact: Contact, messages: Iterable[Message], accounts: Iterable[Account]) -> tuple[str, int] | None:
    """A number that the client has written and that is not on his card, with the row of the message."""
    if contact.is_group:
        return None
    own = {account.id: account.phone for account in accounts}
    for message in messages:
        if not message.outgoing and message.id is not None:
            phone = recognise(message.text, own.get(message.account_id))
            if phone is not None and phone.lstrip("+") != (contact.phone or "").lstrip("+"):
                return phone, message.id
    return None


async def put(desk: Desk, contact_id: int, message_row: int) -> str:
    """Put the number that stands in a message of the contact on his card. Returns it. Raises NotFound."""
    desk.need(Power.WRITE)
    async with desk.transaction() as session:
        contact, message = await contact_for(desk, session, contact_id), await message_for(desk, session, message_row)
        conversation = await session.get_one(Conversation, message.conversation_id)
        whose = await session.get_one(Contact, conversation.contact_id)
        account = await session.get_one(Account, message.account_id)
        phone = recognise(message.text, account.phone)
        if phone is None or contact_id not in {whose.id, whose.merged_into}:
            raise NotFound("phone")
        await _write(desk, session, contact, phone)
        return phone


async def drop(desk: Desk, contact_id: int) -> None:
    """Let no number stand on the card. Raises NotFound."""
    desk.need(Power.WRITE)
    async with desk.transaction() as session:
        await _write(desk, session, await contact_for(desk, session, contact_id), None)


async def _write(desk: Desk, session: AsyncSession, contact: Contact, phone: str | None) -> None:
    contact.phone = phone
    session.add(contact)
    await conversations.index(session, [contact])
    audit.record(desk, session, "contact.phone", f"contact:{contact.id}")
