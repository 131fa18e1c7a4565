"""Phones that members keep of a contact, and the messages in which others may stand."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Field, col, func, select, text
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import masks
from storage.columns import TelegramId, VaultTable
from storage.contacts import Contact
from storage.messages import NUMBERED, Message


class ContactPhone(VaultTable, table=True):
    """One that a member has kept, beside whichever is the contact's main one."""

    __tablename__ = "contact_phones"

    contact_id: int = Field(primary_key=True, foreign_key="contacts.id", ondelete="CASCADE")
    phone: str = Field(primary_key=True)  # as +15551234567
    kept_at: datetime
    kept_by: int = Field(sa_type=TelegramId)


async def kept(session: AsyncSession, contact_ids: Iterable[int]) -> dict[int, list[str]]:
    """Those of each of these contacts and of whoever was merged into them, the last to be kept first."""
    if masks.worn(session) is not None:
        return {}
    whose = col(Contact.merged_into)
    there = select(ContactPhone, whose).join(Contact, col(Contact.id) == col(ContactPhone.contact_id))
    ids = list(contact_ids)
    query = there.where(col(Contact.id).in_(ids) | whose.in_(ids)).order_by(col(ContactPhone.kept_at).desc())
    found: dict[int, list[str]] = defaultdict(list)
    for row, merged_into in await session.exec(query):
        found[merged_into or row.contact_id].append(row.phone)
    return found


async def everyones(session: AsyncSession) -> Sequence[tuple[int, str]]:
    """Every phone that is kept beside a main one, with whose it is: of who was merged, the contact that is left."""
    if masks.worn(session) is not None:
        return []
    whose = func.coalesce(Contact.merged_into, Contact.id)
    return (await session.exec(select(whose, ContactPhone.phone).join(Contact))).all()


async def numbered(session: AsyncSession, conversation_ids: Iterable[int], limit: int) -> list[Message]:
    """The newest that a client wrote with something like a phone in it, of each conversation so many, newest first.

    An index holds these alone, so that the rest of a history, however long, costs nothing.
    """
    found: list[Message] = []
    for one in conversation_ids:
        query = select(Message).where(col(Message.conversation_id) == one, text(NUMBERED))
        found += await session.exec(query.order_by(col(Message.sent_at).desc()).limit(limit))
    return sorted(found, key=lambda message: message.sent_at, reverse=True)
