"""Conversations: opened by the first message that is seen, and kept true to their messages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm.seen import Peer, Read
from storage import bulk, fields, phones, search
from storage import conversations as stored
from storage.contacts import Contact, name_key
from storage.conversations import Conversation


async def open_for(
    session: AsyncSession, account_id: int, peers: Mapping[int, tuple[Peer, datetime]], *, heard_at: datetime
) -> dict[int, int]:
    """The conversation of each peer with this account, made where there is none. Returns peer id → conversation id.

    A contact's names follow what the newest message shows (the time beside each peer).
    """
    query = select(Contact).where(col(Contact.telegram_id).in_(list(peers)))
    known = {contact.telegram_id: contact for contact in await session.exec(query)}
    renamed = [
        _bring_up_to_date(session, known[peer.id], peer)
        for peer, seen_at in peers.values()
        if peer.id in known and _is_news(known[peer.id], peer, seen_at)
    ]
    if renamed:
        await index(session, renamed)
    contacts = {contact.id or 0: number for number, contact in known.items()}
    contacts |= await _greet(session, [peer for peer, _ in peers.values() if peer.id not in known], heard_at=heard_at)
    return await _threads(session, account_id, contacts)


async def settle(session: AsyncSession, added: Mapping[int, int]) -> None:
    """Bring counts and times in line after messages were added (conversation id → how many) or marked."""
    await stored.settle(session, list(added.items()))


async def read(session: AsyncSession, account_id: int, marks: Iterable[Read]) -> None:
    """Take in how far chats were read; of a chat that is not mirrored nothing is kept."""
    await stored.read(session, [(account_id, mark.peer_id, mark.inbox, mark.outbox) for mark in marks])


async def index(session: AsyncSession, contacts: Collection[Contact]) -> None:
    """Let contacts be found by their names, their phones, and what stands in their fields now."""
    await session.flush()
    ids = [contact.id or 0 for contact in contacts]
    filled, kept = await fields.words(session, ids), await phones.kept(session, ids)
    told = {number: "\n".join(filled.get(number, [])) for number in ids}
    texts = {
        number: [searchable(one), *(phone.lstrip("+") for phone in kept.get(number, [])), told[number]]
        for number, one in zip(ids, contacts, strict=True)
    }
    rows = [(number, "\n".join(text)) for number, text in texts.items()]
    await search.index(session, search.CONTACT, rows, told)


def searchable(person: Contact | Peer) -> str:
    """What finds a contact by name: every name it has, and its phone without the plus."""
    phone = person.phone.lstrip("+") if person.phone else None
    words = (person.first_name, person.last_name, person.username, phone)
    return " ".join(word for word in words if word)


def _is_news(contact: Contact, peer: Peer, seen_at: datetime) -> bool:
    """Whether this sight of a person is the newest and shows something else than the card."""
    if contact.last_message_at is not None and seen_at < contact.last_message_at:
        return False
    shown = (peer.first_name, peer.last_name, peer.username, peer.phone or contact.phone)
    return shown != (contact.first_name, contact.last_name, contact.username, contact.phone)


def _bring_up_to_date(session: AsyncSession, contact: Contact, peer: Peer) -> Contact:
    contact.first_name, contact.last_name, contact.username = peer.first_name, peer.last_name, peer.username
    contact.name_key = name_key(peer.name)
    contact.phone = peer.phone or contact.phone
    contact.language = peer.language or contact.language
    session.add(contact)
    return contact


async def _greet(session: AsyncSession, newcomers: Sequence[Peer], *, heard_at: datetime) -> dict[int, int]:
    """Cards for new people, in bulk: the writer is alone, so row numbers can be given here. Contact id → peer id."""
    if not newcomers:
        return {}
    last = (await session.exec(select(func.max(Contact.id)))).one() or 0
    numbered = dict(enumerate(newcomers, last + 1))
    rows = [
        {
            "id": number,
            "telegram_id": peer.id,
            "first_name": peer.first_name,
            "last_name": peer.last_name,
            "name_key": name_key(peer.name),
            "username": peer.username,
            "phone": peer.phone,
            "language": peer.language,
            "is_bot": peer.is_bot,
            "first_seen_at": heard_at,
        }
        for number, peer in numbered.items()
    ]
    await bulk.insert(session, Contact, rows)
    await search.index(session, search.CONTACT, [(number, searchable(peer)) for number, peer in numbered.items()])
    return {number: peer.id for number, peer in numbered.items()}


async def _threads(session: AsyncSession, account_id: int, contacts: Mapping[int, int]) -> dict[int, int]:
    """The conversations with these contacts (contact id → peer id), opened where there are none. Peer id → its id."""
    query = select(Conversation.contact_id, Conversation.id).where(
        col(Conversation.account_id) == account_id, col(Conversation.contact_id).in_(list(contacts))
    )
    threads = {contact_id: number or 0 for contact_id, number in await session.exec(query)}
    fresh = [contact_id for contact_id in contacts if contact_id not in threads]
    if fresh:
        last = (await session.exec(select(func.max(Conversation.id)))).one() or 0
        opened = {contact_id: number for number, contact_id in enumerate(fresh, last + 1)}
        rows = [
            {"id": number, "contact_id": contact_id, "account_id": account_id, "message_count": 0, "protected": False}
            for contact_id, number in opened.items()
        ]
        await bulk.insert(session, Conversation, rows)
        threads |= opened
    return {contacts[contact_id]: number for contact_id, number in threads.items()}
