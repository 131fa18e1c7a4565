"""A basic group that has become a supergroup: what was said before and after is one conversation.

The supergroup is another chat at Telegram, with another id, and numbers its messages from 1. So what was said before is
filed under the new id too, its numbers counted down from the largest that Telegram can give: it keeps its order, stands
before all that came after, and meets no new number. See docs/decisions/0009-groups-are-conversations.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm.seen import Seen
from storage import messages
from storage.contacts import Contact
from storage.messages import BEFORE, CHANNELS, Message


async def move(session: AsyncSession, old: int, new: int) -> None:
    """Let a group go on under its new id, on whichever account; a group that is not known, or has moved, is left."""
    query = select(Contact).where(col(Contact.telegram_id).in_([old, new]))
    known = {contact.telegram_id: contact for contact in await session.exec(query)}
    if old in known and new not in known:
        contact = known[old]
        contact.telegram_id, contact.migrated_from = new, old
        session.add(contact)
        await messages.move(session, old, new)


async def filed(session: AsyncSession, batch: Sequence[Seen]) -> Sequence[Seen]:
    """Messages as they are to be filed: those of a group that has moved under its new id."""
    basic = {seen.peer.id for seen in batch if CHANNELS < seen.peer.id < 0}
    if not basic:
        return batch
    query = select(Contact.migrated_from, Contact.telegram_id).where(col(Contact.migrated_from).in_(basic))
    homes = dict((await session.exec(query)).all())
    return [_filed(seen, homes[seen.peer.id]) if seen.peer.id in homes else seen for seen in batch]


def _filed(seen: Seen, home: int) -> Seen:
    answered = None if seen.reply_to_id is None else seen.reply_to_id + BEFORE
    peer = replace(seen.peer, id=home)
    return replace(seen, peer=peer, message_id=seen.message_id + BEFORE, reply_to_id=answered)


async def of_old(session: AsyncSession, account_id: int, numbers: Iterable[int]) -> dict[int, Message]:
    """Messages of an account's groups that have moved, by the numbers that they had before."""
    found = await messages.by_number(session, account_id, [number + BEFORE for number in numbers])
    return {message.message_id - BEFORE: message for message in found}
