"""Telegram and vault side by side: what differs although no update told of it is taken in and written down."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import gaps, mirror
from crm.access import enter_room
from crm.gaps import CHECK, Why
from crm.seen import Gone, Seen, Source
from crm.userbots import Book, Met
from storage import messages
from storage.contacts import Contact
from storage.conversations import Conversation
from storage.messages import Message, Stretch

ABOVE = 50  # messages: half a page


async def differing(book: Book, tops: Sequence[Seen]) -> list[int]:
    """The peers whose newest message, as Telegram shows it, is not the newest that stands in the vault."""
    newest = (
        select(Message.message_id)
        .where(col(Message.conversation_id) == col(Conversation.id), col(Message.deleted_at).is_(None))
        .order_by(col(Message.message_id).desc())
        .limit(1)
        .scalar_subquery()
    )
    peers = [top.peer.id for top in tops]
    standing = (
        select(Contact.telegram_id, newest)
        .join(Conversation, col(Conversation.contact_id) == col(Contact.id))
        .where(col(Conversation.account_id) == book.account_id, col(Contact.telegram_id).in_(peers))
    )
    async with enter_room(book.installation, book.workspace_id) as room, room.reading() as session:
        here = dict((await session.exec(standing)).all())
        stored = await _stored(session, book.account_id, tops)
    return [
        top.peer.id
        for top in tops
        if here.get(top.peer.id) != top.message_id or not _same(stored[top.peer.id, top.message_id], top)
    ]


async def _stored(session: AsyncSession, account_id: int, tops: Sequence[Seen]) -> dict[tuple[int, int], Message]:
    """These messages as the vault holds them, by peer and message id."""
    boxes: dict[int, list[int]] = {}
    for top in tops:
        boxes.setdefault(messages.box_of(top.peer.id), []).append(top.message_id)
    found = [await messages.of_account(session, account_id, numbers, box) for box, numbers in boxes.items()]
    return {(message.peer_id, number): message for part in found for number, message in part.items()}


async def sample(book: Book, count: int) -> list[tuple[int, int]]:
    """Places of the account taken at random: a peer, and the message id below which a page is to begin, or 0.

    A page begins some messages above the one that was drawn: so the newest of a chat are as likely in it as the oldest.
    """
    found: list[tuple[int, int]] = []
    async with enter_room(book.installation, book.workspace_id) as room, room.reading() as session:
        last = (await session.exec(select(func.max(Message.id)))).one() or 0
        for _ in range(count):
            start = random.randint(0, last)  # noqa: S311  a sample, no secret
            mine = (col(Message.account_id) == book.account_id, col(Message.message_id) > 0)  # not from before a move
            query = select(Message).where(*mine, col(Message.id) >= start).order_by(col(Message.id)).limit(1)
            found += [(drawn.peer_id, await _above(session, drawn)) for drawn in await session.exec(query)]
    return found


async def _above(session: AsyncSession, drawn: Message) -> int:
    """The id of the message so many above this one in its chat; 0 where there are not so many."""
    above = (col(Message.conversation_id) == drawn.conversation_id, col(Message.message_id) > drawn.message_id)
    query = select(Message.message_id).where(*above).order_by(col(Message.message_id))
    return (await session.exec(query.offset(ABOVE - 1).limit(1))).first() or 0


async def compare(book: Book, shown: Iterable[tuple[Sequence[Seen], Stretch]], met: Sequence[Met]) -> None:
    """Bring the vault in line with stretches that Telegram has just shown, and write down what no update had told."""
    now = book.installation.clock.now()
    async with book.writing(met) as session:
        for seen, stretch in shown:
            found = await mirror.record(session, seen, heard_at=now)
            gone = await messages.not_shown(session, book.account_id, [stretch])
            if gone:
                whose = (Source.USERBOT, book.account_id)
                await mirror.record_gone(session, Gone(*whose, tuple(gone), now, messages.box_of(stretch.peer_id)))
            if found.new or found.edited or gone:
                counts = {"new": found.new, "edited": found.edited, "deleted": len(gone)}
                gap = gaps.missed(
                    *(session, book.account_id, Source.USERBOT, Why.UNTOLD),
                    since=None,
                    until=now,
                    peer_id=stretch.peer_id,
                    facts=counts,
                )
                gap.closed_at, gap.closed_by = now, CHECK


def _same(stored: Message, top: Seen) -> bool:
    return (stored.text, stored.edited_at) == (top.text, top.edited_at)
