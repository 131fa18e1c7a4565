"""The files of messages: kept beside the vault where the workspace chose so, else fetched from Telegram each time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing

from crm import keeping
from crm.access import Room, enter_room
from crm.errors import NotNow
from crm.installation import Installation
from crm.keeping import When
from crm.ports import FileRoads
from storage import media as stored
from storage.errors import MediaDamaged, StorageError
from storage.media import KeptFile, Media
from storage.media_store import Draft, MediaStore

logger = logging.getLogger(__name__)


class Files:
    """A `FileSource` that looks on the disk first, and keeps what it fetches where that was chosen.

    A file that breaks off leaves its half, and is gone on with there the next time, whoever asks for it then.
    """

    def __init__(self, installation: Installation, roads: FileRoads) -> None:
        self._installation = installation
        self._roads = roads
        self._coming: set[tuple[int, int]] = set()  # workspace and message of what is being kept: one at a time

    async def fetch(self, workspace_id: int, account_id: int, media: Media) -> AsyncIterator[bytes]:
        """The file's bytes in pieces. Raises as `FileSource` says."""
        async with enter_room(self._installation, workspace_id) as room:
            if media.kept is not None and await asyncio.to_thread(_is_whole, room.vault.media, media.kept):
                async for piece in _one_by_one(room.vault.media.read(media.kept)):
                    yield piece
                return
            if media.kept is not None:
                logger.warning("a kept file of workspace %s is not whole; it is fetched anew", workspace_id)
                async with room.vault.transaction() as session:
                    await stored.lose(session, media.kept)
            async with aclosing(self._fetched(room, account_id, media)) as pieces:
                async for piece in pieces:
                    yield piece

    async def keep(self, room: Room, account_id: int, media: Media, heard: Callable[[int], Awaitable[None]]) -> None:
        """Fetch a file so that it is kept; `heard` is told of the bytes as they come, those of a half file at once.

        Raises NotNow: as `FileSource` says, and NotNow("full") where the disk has no room for more.
        """
        store = room.vault.media
        async with aclosing(self._fetched(room, account_id, media)) as pieces:
            async for piece in pieces:
                if store.room < len(piece):
                    raise NotNow("full")
                await heard(len(piece))

    async def _fetched(self, room: Room, account_id: int, media: Media) -> AsyncGenerator[bytes]:
        """From Telegram, kept on the way through where it is to be."""
        place = (room.workspace.id or 0, media.message)
        if place in self._coming or not await self._is_wanted(room, media):
            async for piece in self._roads.fetch(place[0], account_id, media):
                yield piece
            return
        self._coming.add(place)
        incoming = _Incoming(room, media, self._roads)
        try:
            async for piece in incoming.begun():
                yield piece
            async for piece in self._roads.fetch(place[0], account_id, media, offset=incoming.size):
                await incoming.take(piece)
                yield piece
            await incoming.keep()
        finally:
            self._coming.discard(place)
            await incoming.leave()

    async def _is_wanted(self, room: Room, media: Media) -> bool:
        """Whether the file is to be kept, and the disk has room for it."""
        async with room.reading() as session:
            choice = await keeping.chosen(session)
        by_itself = media.due_at is not None or choice.when is When.ALWAYS
        return by_itself and choice.takes(media.kind, media.size) and room.vault.media.room >= (media.size or 0)


class _Incoming:
    """A file on its way to the disk. Where that takes no more, whoever asked for the file gets it all the same."""

    def __init__(self, room: Room, media: Media, roads: FileRoads) -> None:
        self._room, self._media, self._roads = room, media, roads
        self._content = roads.content(media)
        self._draft: Draft | None = None
        self._begun = False

    @property
    def size(self) -> int:
        """The bytes that are here."""
        return self._draft.size if self._draft is not None else 0

    async def begun(self) -> AsyncIterator[bytes]:
        """What came of the same content before."""
        name = self._media.half if self._media.half_of == self._content else None
        try:
            self._draft = self._room.vault.media.draft(name)  # a thread would leave it open where this is cancelled
            async for piece in _one_by_one(self._draft.begun()):
                yield piece
        except StorageError as error:
            await self._drop(error)

    async def take(self, piece: bytes) -> None:
        """Write it, and remember where it goes on once there is something to go on from."""
        if self._draft is None:
            return
        try:
            await asyncio.to_thread(self._draft.write, piece)
        except StorageError as error:
            await self._drop(error)
            return
        if self._draft.lasts and not self._begun and self._content is not None:
            self._begun = True
            async with self._room.vault.transaction() as session:
                await stored.begin(session, self._media.message, self._draft.name, self._content)

    async def keep(self) -> None:
        """All of it came."""
        if self._draft is None:
            return
        try:
            await asyncio.to_thread(self._draft.keep)
        except StorageError as error:
            await self._drop(error)
            return
        draft, self._draft = self._draft, None
        now = self._room.installation.clock.now()
        file = KeptFile(name=draft.name, digest=draft.digest, size=draft.size, kept_at=now)
        async with self._room.vault.transaction() as session:
            media = await session.get(Media, self._media.message)
            carried = media is not None and self._roads.content(media) == self._content
            name = await stored.keep(session, media, file) if media is not None and carried else None
        if name != draft.name:  # the same content lies there already; or the message was erased or changed meanwhile
            await asyncio.to_thread(self._room.vault.media.remove, draft.name)

    async def leave(self) -> None:
        """It broke off, unless it was kept: its whole pieces stay."""
        if self._draft is not None:
            await asyncio.to_thread(self._draft.leave)

    async def _drop(self, error: StorageError) -> None:
        logger.warning("a file of workspace %s is not kept: %s", self._room.workspace.id, type(error).__name__)
        if self._draft is not None:
            draft, self._draft = self._draft, None
            await asyncio.to_thread(draft.drop)


def _is_whole(store: MediaStore, name: str) -> bool:
    """Looked at before the first piece is given away, since what was sent on cannot be taken back."""
    try:
        for _piece in store.read(name):
            pass
    except MediaDamaged:
        return False
    return True


async def _one_by_one(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        if piece:
            yield piece
