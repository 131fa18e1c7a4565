"""Conversations: opened by the first message that is seen, and kept true to their messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm.seen import Peer
from storage import search
from storage.contacts import Contact
from storage.conversations import Conversation

# By message id, not by time: within one account it grows with every message, and Telegram's times are whole seconds.
SETTLE = text("""
    UPDATE conversations SET
        message_count = message_count + :added,
        first_message_at = (SELECT sent_at FROM messages WHERE conversation_id = :id ORDER BY message_id LIMIT 1),
        last_message_at = (SELECT sent_at FROM messages WHERE conversation_id = :id ORDER BY message_id DESC LIMIT 1),
        last_inbound_at = (SELECT sent_at FROM messages WHERE conversation_id = :id AND NOT outgoing
                           ORDER BY message_id DESC LIMIT 1),
        waiting_since = (SELECT sent_at FROM messages
                         WHERE conversation_id = :id AND NOT outgoing AND deleted_at IS NULL AND message_id > coalesce(
                             (SELECT message_id FROM messages WHERE conversation_id = :id AND outgoing
                              ORDER BY message_id DESC LIMIT 1), 0)
                         ORDER BY message_id LIMIT 1)
    WHERE id = :id
""")
SETTLE_CONTACT = text("""
    UPDATE contacts SET last_message_at = (
        SELECT max(last_message_at) FROM conversations WHERE contact_id = contacts.id)
    WHERE id = (SELECT contact_id FROM conversations WHERE id = :id)
""")


async def open_for(
    session: AsyncSession, account_id: int, peers: Mapping[int, tuple[Peer, datetime]], *, heard_at: datetime
) -> dict[int, int]:
    """The conversation of each peer with this account, made where there is none. Returns peer id → conversation id.

    A contact's names follow what the newest message shows (the time beside each peer).
    """
    known = {
        contact.telegram_id: contact
        for contact in await session.exec(select(Contact).where(col(Contact.telegram_id).in_(list(peers))))
    }
    renamed = [
        _greet(session, known, peer, heard_at=heard_at)
        for peer, seen_at in peers.values()
        if peer.id not in known or _is_news(known[peer.id], peer, seen_at)
    ]
    if renamed:
        await session.flush()
        await search.index(session, search.CONTACT, [(contact.id or 0, searchable(contact)) for contact in renamed])
    return await _threads(session, account_id, {contact.id or 0: peer for peer, contact in known.items()})


async def settle(session: AsyncSession, added: Mapping[int, int]) -> None:
    """Bring counts and times in line after messages were added (conversation id → how many) or marked."""
    if added:
        connection = await session.connection()
        await connection.execute(SETTLE, [{"id": thread, "added": count} for thread, count in added.items()])
        await connection.execute(SETTLE_CONTACT, [{"id": thread} for thread in added])


def searchable(contact: Contact) -> str:
    """What finds a contact by name: every name it has, and its phone with and without the plus."""
    phone = contact.phone.lstrip("+") if contact.phone else None
    words = (contact.first_name, contact.last_name, contact.username, phone)
    return " ".join(word for word in words if word)


def _is_news(contact: Contact, peer: Peer, seen_at: datetime) -> bool:
    """Whether this sight of a person is the newest and shows something else than the card."""
    if contact.last_message_at is not None and seen_at < contact.last_message_at:
        return False
    shown = (peer.first_name, peer.last_name, peer.username, peer.phone or contact.phone)
    return shown != (contact.first_name, contact.last_name, contact.username, contact.phone)


def _greet(session: AsyncSession, known: dict[int, Contact], peer: Peer, *, heard_at: datetime) -> Contact:
    """A card for a new person, or the card brought up to date."""
    contact = known.setdefault(peer.id, Contact(telegram_id=peer.id, is_bot=peer.is_bot, first_seen_at=heard_at))
    contact.first_name, contact.last_name, contact.username = peer.first_name, peer.last_name, peer.username
    contact.phone = peer.phone or contact.phone
    contact.language = peer.language or contact.language
    session.add(contact)
    return contact


async def _threads(session: AsyncSession, account_id: int, contacts: Mapping[int, int]) -> dict[int, int]:
    query = select(Conversation).where(
        col(Conversation.account_id) == account_id, col(Conversation.contact_id).in_(list(contacts))
    )
    threads = {row.contact_id: row for row in await session.exec(query)}
    for contact_id in contacts.keys() - threads.keys():
        threads[contact_id] = Conversation(contact_id=contact_id, account_id=account_id)
        session.add(threads[contact_id])
    await session.flush()
    return {contacts[contact_id]: row.id or 0 for contact_id, row in threads.items()}
