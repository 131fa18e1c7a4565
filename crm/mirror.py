"""The one way in for mirrored messages, whichever source saw them.

Everything here is an upsert on the natural key (account, box, message id), so any order and any repetition of what the
two sources saw ends in the same vault. The caller owns the transaction: what brought the messages (an inbox row, the
progress of a backfill) is committed with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from crm import conversations, keeping, moved, reactions, versions
from crm.keeping import Choice
from crm.seen import VANISHES, AnotherAccount, File, Gone, Peer, Seen, Source
from storage import bulk, groups, messages, search, senders, settings
from storage.media import Media
from storage.messages import EarlyDeletion, Message, Version

LONG_AGO = datetime.min.replace(tzinfo=UTC)
KEEP_DELETED = "keep_deleted"  # setting: is the text of a deleted message kept, marked, or erased?


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a batch came to."""

    new: int = 0
    edited: int = 0
    known: int = 0

    def __add__(self, other: Recorded) -> Recorded:
        return Recorded(self.new + other.new, self.edited + other.edited, self.known + other.known)


async def record(session: AsyncSession, batch: Sequence[Seen], *, heard_at: datetime) -> Recorded:
    """Take messages of one account into the vault.

    An unknown message is inserted; a later text of a known one takes its place and the earlier becomes a version; an
    earlier text that comes late becomes a version; all else only notes which source has seen it.
    Raises AnotherAccount where an import has a number that stands in another chat of this account.
    """
    boxes: dict[int, list[Seen]] = {}
    batch = await _admitted(session, batch, await moved.filed(session, batch))
    for seen in batch:
        boxes.setdefault(messages.box_of(seen.peer.id), []).append(seen)
    come = Recorded()
    for box, part in boxes.items():
        come += await _record(session, part, box, heard_at=heard_at)
    await senders.keep(session, {seen.sender.id: seen.sender.name for seen in batch if seen.sender is not None})
    return come


async def _admitted(session: AsyncSession, batch: Sequence[Seen], filed: Sequence[Seen]) -> Sequence[Seen]:
    """What may be kept, as it is to be filed: of groups, only those that are picked, whoever has seen what in others.

    One that has moved is, where it was picked under either id: another account may have moved it before this one heard.
    """
    if all(seen.peer.id > 0 for seen in batch):
        return batch
    picked = {row.peer_id for row in await groups.picked(session, batch[0].account_id)}
    pairs = zip(batch, filed, strict=True)
    return [home for seen, home in pairs if seen.peer.id > 0 or not picked.isdisjoint((seen.peer.id, home.peer.id))]


async def _record(session: AsyncSession, batch: Sequence[Seen], box: int, *, heard_at: datetime) -> Recorded:
    """The same for messages of one box, where an id means one message."""
    account_id = batch[0].account_id
    threads = await conversations.open_for(session, account_id, _peers(batch), heard_at=heard_at)
    stored = await messages.of_account(session, account_id, (seen.message_id for seen in batch), box)
    fresh: dict[int, Seen] = {}
    again: list[Seen] = []
    for seen in batch:
        if seen.message_id in stored or seen.message_id in fresh:
            again.append(seen)
        else:
            fresh[seen.message_id] = seen
    await _insert(session, list(fresh.values()), threads, heard_at)
    if again:
        if fresh:
            stored |= await messages.of_account(session, account_id, fresh, box)
        edited = [await _meet(session, stored[seen.message_id], seen) for seen in again].count(True)
    else:
        edited = 0
    added = Counter(threads[seen.peer.id] for seen in fresh.values())
    added.update({threads[seen.peer.id]: 0 for seen in again if seen.protected})
    await conversations.settle(session, added)
    return Recorded(new=len(fresh), edited=edited, known=len(again) - edited)


async def record_gone(session: AsyncSession, gone: Gone) -> int:
    """Mark messages as deleted at Telegram; one not seen yet is marked when it comes. Returns how many were known."""
    stored = await messages.of_account(session, gone.account_id, gone.message_ids, gone.box)
    unknown = [number for number in gone.message_ids if number not in stored]
    if unknown and gone.box == messages.COMMON:
        stored |= await moved.of_old(session, gone.account_id, unknown)
    keep = await settings.read(session, KEEP_DELETED, default=True)
    touched: Counter[int] = Counter()
    for message in stored.values():
        message.deleted_at = min(message.deleted_at or gone.at, gone.at)
        touched[message.conversation_id] += 0
        if not keep:
            await erase_content(session, message)
        session.add(message)
    unknown = [number for number in gone.message_ids if number not in stored]
    if unknown:
        place = {"account_id": gone.account_id, "box": gone.box, "deleted_at": gone.at}
        rows = [{**place, "message_id": number} for number in unknown]
        statement = upsert(EarlyDeletion)
        earlier = func.min(col(EarlyDeletion.deleted_at), statement.excluded.deleted_at)
        await session.exec(
            statement.on_conflict_do_update(
                index_elements=["account_id", "box", "message_id"], set_={"deleted_at": earlier}
            ),
            params=rows,
        )
    await session.flush()
    await conversations.settle(session, touched)
    return len(stored)


async def erase_content(session: AsyncSession, message: Message) -> None:
    """Leave only that there was a message: its text, versions, media and index entry go."""
    message.text, message.entities, message.extra, message.reactions = "", [], {}, []
    await session.exec(delete(Version).where(col(Version.message) == message.id))
    await session.exec(delete(Media).where(col(Media.message) == message.id))
    await search.drop(session, search.MESSAGE, [message.id or 0])


def _peers(batch: Iterable[Seen]) -> dict[int, tuple[Peer, datetime]]:
    """Each peer of the batch as its newest message shows it; an import knows the name of a day long gone."""
    peers: dict[int, tuple[Peer, datetime]] = {}
    for seen in batch:
        shown_at = LONG_AGO if seen.source is Source.IMPORT else seen.sent_at
        if seen.peer.id not in peers or shown_at >= peers[seen.peer.id][1]:
            peers[seen.peer.id] = (seen.peer, shown_at)
    return peers


async def _insert(session: AsyncSession, fresh: Sequence[Seen], threads: dict[int, int], heard_at: datetime) -> None:
    """Bulk insert: the writer is alone in its transaction, so row numbers can be given here."""
    if not fresh:
        return
    gone = await _early_deletions(session, fresh)
    keep = not gone or await settings.read(session, KEEP_DELETED, default=True)
    choice = await keeping.chosen(session) if any(seen.file for seen in fresh) else Choice()
    last = (await session.exec(select(func.max(Message.id)))).one() or 0
    numbered = list(enumerate(sorted(fresh, key=lambda seen: seen.sent_at), last + 1))  # as the index is ordered
    whole = [(number, seen) for number, seen in numbered if keep or seen.message_id not in gone]
    media = [
        {**_media(number, seen), "due_at": heard_at if choice.takes_at_once(seen) else None, "tries": 0}
        for number, seen in whole
        if seen.file is not None
    ]
    await bulk.insert(session, Message, (_row(*one, threads, gone, keep=keep) for one in numbered))
    await bulk.insert(session, Media, media)
    await search.index(session, search.MESSAGE, ((number, _searchable(seen)) for number, seen in whole))


def _row(number: int, seen: Seen, threads: dict[int, int], gone: dict[int, datetime], *, keep: bool) -> dict[str, Any]:
    deleted_at = gone.get(seen.message_id)
    whole = keep or deleted_at is None
    return {
        "id": number,
        "conversation_id": threads[seen.peer.id],
        "account_id": seen.account_id,
        "peer_id": seen.peer.id,
        "message_id": seen.message_id,
        "sender_id": seen.sender_id,
        "outgoing": seen.outgoing,
        "kind": seen.kind,
        "text": seen.text if whole else "",
        "entities": seen.entities if whole else [],
        "sent_at": seen.sent_at,
        "edited_at": None if seen.vanishes else seen.edited_at,
        "deleted_at": deleted_at,
        "reply_to_id": seen.reply_to_id,
        "album_id": seen.album_id,
        "by_bot": seen.by_bot,
        "extra": seen.extra if whole else {},
        "protected": seen.protected,
        "reactions": seen.reactions.signs if whole and seen.reactions else [],
        "reactions_seen_at": seen.reactions.as_of if seen.reactions else None,
        "business": seen.source is Source.BUSINESS,
        "userbot": seen.source is Source.USERBOT,
    }


def _media(number: int, seen: Seen) -> dict[str, Any]:
    file = seen.file
    assert file is not None  # noqa: S101  the caller has looked
    return {
        "message": number,
        "kind": file.kind,
        "mime": file.mime,
        "name": file.name,
        "size": file.size,
        "width": file.width,
        "height": file.height,
        "duration": file.duration,
        "file_id": None if seen.protected else file.file_id,
        "userbot": None if seen.protected else file.userbot,
    }


def _searchable(seen: Seen) -> str:
    """What finds a message: its words and the name of its file."""
    return f"{seen.text} {seen.file.name}" if seen.file is not None and seen.file.name else seen.text


async def _early_deletions(session: AsyncSession, fresh: Sequence[Seen]) -> dict[int, datetime]:
    """Take the deletions that came before these messages of one box."""
    account_id, box = fresh[0].account_id, messages.box_of(fresh[0].peer.id)
    gone = await messages.early_deletions(session, account_id, [seen.message_id for seen in fresh], box)
    if gone:
        mine = (col(EarlyDeletion.account_id) == account_id, col(EarlyDeletion.box) == box)
        await session.exec(delete(EarlyDeletion).where(*mine, col(EarlyDeletion.message_id).in_(list(gone))))
    return gone


async def _meet(session: AsyncSession, stored: Message, seen: Seen) -> bool:
    """Bring a known message together with another sight of it. True where its text is now another."""
    if seen.source is Source.IMPORT and stored.peer_id != seen.peer.id:
        raise AnotherAccount
    by_file = not (stored.business or stored.userbot)
    stored.business = stored.business or seen.source is Source.BUSINESS
    stored.userbot = stored.userbot or seen.source is Source.USERBOT
    stored.protected = stored.protected or seen.protected
    session.add(stored)
    if stored.deleted_at is not None and not await settings.read(session, KEEP_DELETED, default=True):
        return False
    if seen.reactions is not None:
        reactions.meet(stored, seen.reactions)
    if seen.vanishes or VANISHES in stored.extra:
        await _leave_trace(session, stored, seen, by_file=by_file)
        return False
    if seen.file is not None:
        await _meet_file(session, stored, seen.file)
    if by_file and seen.source is not Source.IMPORT:
        await _see_at_last(session, stored, seen)
    before = stored.text, stored.entities
    if not await versions.meet(session, stored, seen):
        return False
    if seen.file is not None and seen.source is not Source.IMPORT:
        await _replace_file(session, stored, seen)
    await search.index(session, search.MESSAGE, [(stored.id or 0, _searchable(seen))])
    return before != (stored.text, stored.entities)


async def _leave_trace(session: AsyncSession, stored: Message, seen: Seen, *, by_file: bool) -> None:
    """Of what destroys itself only that it was there stays, whatever another source has seen of it."""
    if not seen.vanishes or (VANISHES in stored.extra and not by_file):
        return
    put = stored.reactions
    await erase_content(session, stored)
    stored.kind, stored.extra, stored.reactions, stored.edited_at = seen.kind, seen.extra, put, None


async def _see_at_last(session: AsyncSession, stored: Message, seen: Seen) -> None:
    """What a file had told only roughly, its formatting above all, is told by who has seen it: that is no version."""
    stored.kind, stored.extra, stored.album_id, stored.by_bot = seen.kind, seen.extra, seen.album_id, seen.by_bot
    stored.reply_to_id = seen.reply_to_id
    if seen.file is not None:
        known = await session.get(Media, stored.id)
        facts = _media(stored.id or 0, seen)
        session.add(Media(**facts) if known is None else known.sqlmodel_update(facts))
    if versions.written(stored) == versions.written(seen):
        stored.text, stored.entities = seen.text, seen.entities
        await search.index(session, search.MESSAGE, [(stored.id or 0, _searchable(seen))])


async def _meet_file(session: AsyncSession, stored: Message, file: File) -> None:
    """Each source knows its own road to the file; together they know both. To what is protected there is none."""
    known = await session.get(Media, stored.id)
    if known is None:
        return
    if stored.protected:
        known.file_id = known.userbot = known.kept = known.due_at = None
    else:
        known.file_id = file.file_id or known.file_id
        known.userbot = file.userbot or known.userbot
    session.add(known)


async def _replace_file(session: AsyncSession, stored: Message, seen: Seen) -> None:
    """An edit may bring another file in the place of the first; what was kept of that one is not this."""
    known, facts = await session.get(Media, stored.id), _media(stored.id or 0, seen)
    told = ("kind", "mime", "name", "size", "width", "height", "duration")
    if known is not None and any(getattr(known, name) != facts[name] for name in told):
        session.add(known.sqlmodel_update({**facts, "kept": None, "half": None, "half_of": None}))
