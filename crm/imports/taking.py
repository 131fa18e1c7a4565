"""One import under way: while a batch is committed, the file is read on and the next batch put into our words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import mirror
from crm.access import Room
from crm.imports.desktop import Translator
from crm.imports.reading import Chat, Reader
from crm.imports.report import Order, Report
from crm.imports.tally import Tally
from crm.seen import SERVICES, Seen
from storage.audit import AuditEntry

PRIVATE = "personal_chat"
TURN = 32  # messages; then whatever else there is to do has its turn, the batch that is being stored above all
Pieces = AsyncIterator[bytes]
Progress = Callable[[int], Awaitable[None]]  # bytes read and taken; may raise, and nothing more is taken then
Keep = Callable[[AsyncSession, Report], Awaitable[None]]  # in the commit of the messages that are counted


@dataclass(slots=True)
class Batch:
    """What goes into one commit: messages, and what was counted on the way to them."""

    place: int = 0  # messages of the file up to here
    read: int = 0  # bytes of it
    torn: bool = False
    last: bool = False
    seen: list[Seen] = field(default_factory=list)
    elsewhere: Tally = field(default_factory=Tally)
    strange: Tally = field(default_factory=Tally)


class Import:
    """One run. What is counted is counted in the commit that it belongs to, however far the file has been read."""

    def __init__(self, room: Room, order: Order, keep: Keep, progress: Progress) -> None:
        self._room, self._order, self._keep, self._progress = room, order, keep, progress
        self._reader = Reader()
        self._translator = Translator(order.account_id, room.workspace.zone, size=order.size)
        self._not_people = {*SERVICES, order.account_id}
        self._begins_at = order.before.place
        self._ahead: asyncio.Queue[Batch] = asyncio.Queue(1)
        self.report = order.before

    async def run(self, pieces: Pieces) -> None:
        """Raises what the pieces, the progress and the vault raise, and AnotherAccount."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._read(pieces))
                group.create_task(self._store())
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None  # one side failed; the other was only told to stop

    async def _read(self, pieces: Pieces) -> None:
        batch, begun = self._following(Batch()), 0
        async for piece in closed(pieces):
            part = self._reader.feed(piece)
            batch.read += len(piece)
            batch.torn = not part.sound
            for chat, message in part.messages:
                batch.place += 1
                if batch.place > self._begins_at:
                    self._sort(chat, message, batch)
                if not batch.place % TURN:
                    await asyncio.sleep(0)
            if batch.torn:
                break
            if batch.read - begun >= self._order.at_once:
                await self._ahead.put(batch)
                batch, begun = self._following(batch), batch.read
            await asyncio.sleep(0)
        batch.last = True
        await self._ahead.put(batch)

    def _following(self, batch: Batch) -> Batch:
        following = Batch(batch.place, batch.read, batch.torn)
        self._translator.strange = following.strange
        return following

    def _sort(self, chat: Chat, message: dict[str, Any], batch: Batch) -> None:
        if chat.type != PRIVATE or chat.id in self._not_people:
            batch.elsewhere.count(chat.type or "?")
            return
        seen = self._translator.seen(chat, message)
        if seen is not None:
            batch.seen.append(seen)

    async def _store(self) -> None:
        ended = False
        while not ended:
            batch = await self._ahead.get()
            await self._commit(batch)
            await self._keep_files(batch)
            await self._progress(batch.read)
            ended = batch.last

    async def _commit(self, batch: Batch) -> None:
        now, report = self._room.installation.clock.now(), self.report
        async with self._room.vault.transaction() as session:
            recorded = await mirror.record(session, batch.seen, heard_at=now)
            report.place = max(batch.place, report.place)
            report.new += recorded.new
            report.edited += recorded.edited
            report.known += recorded.known
            report.elsewhere.add(batch.elsewhere)
            report.strange.add(batch.strange)
            report.torn = batch.torn
            if batch.last:
                session.add(self._entry(now))
            await self._keep(session, report)

    async def _keep_files(self, batch: Batch) -> None:
        if self._order.beside is not None:
            names = {seen.message_id: seen.file.beside for seen in batch.seen if seen.file and seen.file.beside}
            await self._order.beside.keep(names)

    def _entry(self, now: datetime) -> AuditEntry:
        counts = {"new": self.report.new, "edited": self.report.edited, "known": self.report.known}
        subject = f"account:{self._order.account_id}"
        return AuditEntry(at=now, actor_id=self._order.asked_by, act="import.taken", subject=subject, facts=counts)


async def closed(pieces: Pieces) -> Pieces:
    """The pieces, and an empty one as the sign of their end."""
    async for piece in pieces:
        if piece:
            yield piece
    yield b""
