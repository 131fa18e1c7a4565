"""Zips of a size that can be sent, filled one after another; none of them ever touches the disk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from types import TracebackType
from typing import IO, Self
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

LIMIT = 49_000_000  # bytes; a bot may send 50 MB through Telegram's own server (TELEGRAM.md)
RESERVE = 64 * 1024  # for the table at a zip's end, besides its entries
PIECE = 256 * 1024
PER_ENTRY = 400  # bytes of that table and of the entry's own heads, at the most


@dataclass(frozen=True, slots=True)
class Part:
    """One finished zip, in memory: it is gone once it is closed."""

    number: int
    file: IO[bytes]
    size: int
    last: bool = False


Deliver = Callable[[Part], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the pieces of an entry in every part: a JSON array needs its brackets in each."""

    head: bytes = b""
    between: bytes = b""
    tail: bytes = b""


class Parts:
    """A row of zips, each handed to `deliver` when it is full. What stands in `always` is repeated in each."""

    def __init__(self, always: Mapping[str, bytes], deliver: Deliver, *, limit: int = LIMIT) -> None:
        self._always = always
        self._deliver = deliver
        self._limit = limit
        self._number = 0
        self._entry: IO[bytes] = BytesIO()
        self._begin()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hand over the last part; after a failure or a cancelled job, only let it vanish."""
        try:
            if kind is None:
                await self._hand_over(last=True)
        finally:
            self._entry.close()
            self._zip.close()
            self._file.close()

    async def table(self, name: str, pieces: AsyncIterator[bytes], frame: Frame) -> None:
        """Write pieces under one name; where a part is full, the name goes on in the next."""
        await self._open(name, frame)
        first = True
        async for piece in pieces:
            if not self._fits(len(piece) + len(frame.tail)):
                await self._shut(frame)
                await self._turn()
                await self._open(name, frame)
                first = True
            await self._write(piece if first else frame.between + piece)
            first = False
        await self._shut(frame)

    async def file(self, name: str, content: IO[bytes], size: int) -> bool:
        """Put a whole file in, as it is (photos and voices do not shrink). False where no part could hold it."""
        if not self._fits(size):
            if not self._fits_an_empty_part(size):
                return False
            await self._turn()
        await asyncio.to_thread(self._copy, name, content)
        return True

    def _copy(self, name: str, content: IO[bytes]) -> None:
        with self._zip.open(ZipInfo(name), "w") as out:  # a ZipInfo made by name alone is stored, not deflated
            while piece := content.read(PIECE):
                out.write(piece)

    async def _open(self, name: str, frame: Frame) -> None:
        self._entry = self._zip.open(name, "w")
        await self._write(frame.head)

    async def _write(self, piece: bytes) -> None:
        await asyncio.to_thread(self._entry.write, piece)

    async def _shut(self, frame: Frame) -> None:
        await self._write(frame.tail)
        await asyncio.to_thread(self._entry.close)

    def _begin(self) -> None:
        self._number += 1
        self._file = BytesIO()  # what clients wrote must not lie on a disk unencrypted, not even without a name
        self._zip = ZipFile(self._file, "w", ZIP_DEFLATED)
        for name, content in self._always.items():
            self._zip.writestr(name, content)

    async def _turn(self) -> None:
        await self._hand_over(last=False)
        self._file.close()
        self._begin()

    async def _hand_over(self, *, last: bool) -> None:
        await asyncio.to_thread(self._zip.close)
        size = self._file.seek(0, 2)
        self._file.seek(0)
        await self._deliver(Part(self._number, self._file, size, last))

    def _fits(self, size: int) -> bool:
        """Whether so many bytes more, that may not shrink at all, still go into this part."""
        entries = len(self._zip.infolist()) + 1
        return self._file.tell() + size + RESERVE + PER_ENTRY * entries <= self._limit

    def _fits_an_empty_part(self, size: int) -> bool:
        repeated = sum(len(content) + PER_ENTRY for content in self._always.values())
        return repeated + size + RESERVE + PER_ENTRY <= self._limit
