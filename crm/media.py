"""The files of messages: kept beside the vault where the workspace chose so, else fetched from Telegram each time."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import timedelta

from crm import audit
from crm.access import Desk, Power, Room, enter_room
from crm.errors import NotNow
from crm.installation import Installation
from crm.notices import tell_owner
from crm.ports import FileSource
from storage import media as stored
from storage import settings, workspaces
from storage.errors import MediaDamaged, StorageError
from storage.media import KeptFile, Media
from storage.media_store import Draft, MediaStore

logger = logging.getLogger(__name__)
KEEP_FILES = "keep_files"  # setting: the most bytes of a file that is kept; 0 keeps none
SIZES = (0, 1_000_000, 5_000_000, 20_000_000)  # what may be chosen; more a bot may not fetch
WAITS = tuple(timedelta(minutes=n) for n in (1, 10, 60, 360, 1440, 2880, 4320))  # after each try that failed: a week
AT_ONCE = 20  # files in one round
ABANDONED = 86_400.0  # seconds after which a draft is nobody's any more
DISK_LOW = "disk_low"  # what the outbox calls this notice


class Files:
    """A `FileSource` that looks on the disk first, and keeps what it fetches where that was chosen."""

    def __init__(self, installation: Installation, roads: FileSource) -> None:
        self._installation = installation
        self._roads = roads

    async def fetch(self, workspace_id: int, account_id: int, media: Media) -> AsyncIterator[bytes]:
        """The file's bytes in pieces. Raises as `FileSource` says."""
        async with enter_room(self._installation, workspace_id) as room:
            if media.kept is not None and await asyncio.to_thread(_is_whole, room.vault.media, media.kept):
                async for piece in _read(room.vault.media, media.kept):
                    yield piece
                return
            if media.kept is not None:
                logger.warning("a kept file of workspace %s is not whole; it is fetched anew", workspace_id)
                async with room.vault.transaction() as session:
                    await stored.lose(session, media.kept)
            async with aclosing(self._fetched(room, account_id, media)) as pieces:
                async for piece in pieces:
                    yield piece

    async def keep_new(self, workspace_id: int) -> None:
        """Fetch and keep what is due, the newest first. What fails is tried again, less and less often, for a week."""
        async with enter_room(self._installation, workspace_id) as room:
            for account_id, media in await _to_keep(room):
                if not room.vault.media.has_room:
                    await _tell_of_disk(room)
                    return
                try:
                    async with aclosing(self._fetched(room, account_id, media)) as pieces:
                        async for _piece in pieces:
                            pass
                except NotNow as refusal:
                    await _miss(room, media, refusal.reason)

    async def _fetched(self, room: Room, account_id: int, media: Media) -> AsyncGenerator[bytes]:
        """From Telegram, kept on the way through where it is to be."""
        draft = await _draft(room, media)
        try:
            async for piece in self._roads.fetch(room.workspace.id or 0, account_id, media):
                if draft is not None:
                    draft = await _take(draft, piece)
                yield piece
            if draft is not None:
                await _keep(room, media, draft)
        finally:
            if draft is not None:
                await asyncio.to_thread(draft.drop)


async def largest_kept(desk: Desk) -> int:
    """The most bytes of a file that is kept; 0 where none is."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        return int(await settings.read(session, KEEP_FILES, default=0))


async def keep_up_to(desk: Desk, size: int) -> None:
    """Choose which files are kept from now on; what is kept already stays."""
    desk.need(Power.MANAGE)
    async with desk.transaction() as session:
        await settings.write(session, KEEP_FILES, size if size in SIZES else 0)
        audit.record(desk, session, "setting.changed", f"setting:{KEEP_FILES}", value=size)


async def held(desk: Desk) -> tuple[int, int]:
    """How many files are kept, and their bytes."""
    desk.need(Power.READ)
    async with desk.reading() as session:
        return await stored.kept(session)


async def sweep(room: Room) -> None:
    """Remove what no message carries any more, and what a crash has left."""
    store = room.vault.media
    async with room.vault.transaction() as session:
        gone, carried = await stored.sweep(session)
    oldest = time.time() - ABANDONED
    ages = await asyncio.to_thread(store.ages)
    strays = {name for name, changed in ages.items() if name not in carried and changed < oldest}
    for name in gone | strays:
        await asyncio.to_thread(store.remove, name)


async def _to_keep(room: Room) -> list[tuple[int, Media]]:
    async with room.reading() as session:
        at_most = int(await settings.read(session, KEEP_FILES, default=0))
        if not at_most or room.workspace.state != workspaces.ACTIVE:
            return []
        now = room.installation.clock.now()
        return list(await stored.to_keep(session, now, at_most=at_most, limit=AT_ONCE))


async def _miss(room: Room, media: Media, reason: str) -> None:
    """Try again later, unless it was tried often enough, or time changes nothing."""
    final = reason == "too_large" or media.tries >= len(WAITS)
    due_at = None if final else room.installation.clock.now() + WAITS[media.tries]
    async with room.vault.transaction() as session:
        await stored.miss(session, media.message, reason, due_at)


async def _draft(room: Room, media: Media) -> Draft | None:
    """Where the file is to be kept; None where it is not: by choice, or for want of room on the disk."""
    async with room.reading() as session:
        at_most = int(await settings.read(session, KEEP_FILES, default=0))
    store = room.vault.media
    if not at_most or (media.size or 0) > at_most or not store.has_room:
        return None
    try:
        return await asyncio.to_thread(store.draft)
    except StorageError as error:
        logger.warning("a file of workspace %s is not kept: %s", room.workspace.id, type(error).__name__)
        return None


async def _take(draft: Draft, piece: bytes) -> Draft | None:
    """The draft goes on; None where the disk took no more: whoever asked for the file gets it all the same."""
    try:
        await asyncio.to_thread(draft.write, piece)
    except StorageError:
        await asyncio.to_thread(draft.drop)
        return None
    return draft


async def _keep(room: Room, media: Media, draft: Draft) -> None:
    try:
        await asyncio.to_thread(draft.keep)
    except StorageError as error:
        logger.warning("a file of workspace %s is not kept: %s", room.workspace.id, type(error).__name__)
        return
    now = room.installation.clock.now()
    async with room.vault.transaction() as session:
        file = KeptFile(name=draft.name, digest=draft.digest, size=draft.size, kept_at=now)
        name = await stored.keep(session, media.message, file)
    if name != draft.name:  # the same content lies there already, or nobody carries it any more
        await asyncio.to_thread(room.vault.media.remove, draft.name)


def _is_whole(store: MediaStore, name: str) -> bool:
    """Looked at before the first piece is given away, since what was sent on cannot be taken back."""
    try:
        for _piece in store.read(name):
            pass
    except MediaDamaged:
        return False
    return True


async def _read(store: MediaStore, name: str) -> AsyncIterator[bytes]:
    pieces = store.read(name)
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        if piece:
            yield piece


async def _tell_of_disk(room: Room) -> None:
    """Say to the owner, once a day, that files wait for room; messages go on."""
    async with room.vault.transaction() as session:
        day = room.installation.clock.now().date()
        await tell_owner(room, session, DISK_LOW, day, name=room.workspace.name)
