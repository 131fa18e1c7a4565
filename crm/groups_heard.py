"""What a linked device tells of the groups that are picked: each write is one transaction with the count that it moved.

A supergroup counts its events itself, apart from the account: https://core.telegram.org/api/updates
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import gaps, mirror, moved
from crm.access import enter_room
from crm.gaps import Why
from crm.notices import tell_owner
from crm.seen import Gone, Seen, Source
from crm.userbots import EDIT_WINDOW, Book, Met
from storage import contacts, groups, userbots
from storage.groups import MIGRATED, REMOVED, Group

LOST = "group_lost"  # what the outbox calls this notice


async def followed(book: Book) -> list[Group]:
    """The groups that are mirrored now, and what they were before they became supergroups."""
    async with enter_room(book.installation, book.workspace_id) as room, room.reading() as session:
        return await groups.followed(session, book.account_id)


async def heard(
    book: Book, peer_id: int, pts: int, seen: Sequence[Seen] = (), gone: Sequence[int] = (), *, met: Sequence[Met] = ()
) -> None:
    """Take in what came in a supergroup, together with how far its count has come by it."""
    now = book.installation.clock.now()
    async with book.writing(met) as session:
        row = await _picked(session, book, peer_id)
        if row is None:
            return
        await mirror.record(session, seen, heard_at=now)
        if gone:
            await mirror.record_gone(session, Gone(Source.USERBOT, book.account_id, tuple(gone), now, peer_id))
        row.pts, row.heard_at = pts, now


async def too_long(book: Book, peer_id: int, pts: int) -> None:
    """Go on from a later count that does not tell what happened before it; the group is to be read again."""
    now = book.installation.clock.now()
    async with book.writing(()) as session:
        row = await _picked(session, book, peer_id)
        if row is None:
            return
        since = row.heard_at or row.picked_at
        await userbots.read_chat_again(session, book.account_id, peer_id, until=since - EDIT_WINDOW)
        of = (session, book.account_id, Source.USERBOT, Why.TOO_LONG)
        gaps.missed(*of, since=since, until=now, peer_id=peer_id)
        row.pts, row.heard_at = pts, now


async def lost(book: Book, peer_id: int) -> None:
    """The account is not in the group any more: what is stored stays, and the owner is told."""
    now = book.installation.clock.now()
    async with enter_room(book.installation, book.workspace_id) as room, room.transaction() as session:
        if await groups.end(session, book.account_id, peer_id, reason=REMOVED, at=now):
            await gaps.chats_read(session, book.account_id, at=now)
            contact = await contacts.by_telegram_id(session, peer_id)
            key = f"{book.account_id}:{peer_id}:{now:%Y%m%d%H%M%S}"
            await tell_owner(room, session, LOST, key, group=contact.name if contact else "")


async def migrated(book: Book, old: int, new: int, access_hash: int) -> None:
    """A basic group has become a supergroup: what is stored goes with it, and it stays picked."""
    now = book.installation.clock.now()
    async with book.writing(()) as session:
        row = await _picked(session, book, old)
        if row is None:
            return
        await moved.move(session, old, new)
        await groups.end(session, book.account_id, old, reason=MIGRATED, at=now)
        if await session.get(Group, (book.account_id, new)) is None:
            account_id, since = book.account_id, row.picked_at
            session.add(Group(account_id=account_id, peer_id=new, access_hash=access_hash, picked_at=since))
            await userbots.add_chat(session, account_id, new, at=now)


async def _picked(session: AsyncSession, book: Book, peer_id: int) -> Group | None:
    """The group where it is mirrored still: it may have been unpicked a moment ago."""
    row = await session.get(Group, (book.account_id, peer_id))
    return row if row is not None and row.ended_at is None else None
