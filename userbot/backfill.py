"""Reading the past of an account: the newest chats first, the newest messages first, at the server's pace.

How far each chat was read is committed with the messages, so reading goes on at the message after a restart. While a
page is being read and stored the next is already asked for; never two at a time, for the server counts requests.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

from crm.seen import Seen
from crm.userbots import Book, Chat, Place
from storage.accounts import Backfill
from storage.messages import Stretch
from userbot.client import Line, Refused
from userbot.people import People
from userbot.reading import Chats, Offset, Pages, stretch
from userbot.tl import PAGE

logger = logging.getLogger(__name__)
TOGETHER = 2000  # messages in one commit, at most: with 500 each would take a third longer
AHEAD = 128  # pages that may wait to be stored; most chats are one short page
LINGER = 1.0  # seconds that a page may wait for others


@dataclass(frozen=True, slots=True)
class Page:
    """A piece of one chat's history in our words, and the place that it leads to."""

    seen: list[Seen]
    place: Place
    stretch: Stretch | None = None  # where messages are looked for that are gone


class History:
    """The past of one account, read over one connection."""

    def __init__(
        self, line: Line, book: Book, people: People, *, chats_listed: bool, takeout_id: int | None = None
    ) -> None:
        self._pages = Pages(line, book, people, takeout_id)
        self._book = book
        self._people = people
        self._chats_listed = chats_listed
        self._begun_at: float | None = None
        self._read = 0  # messages, since then

    @property
    def pace(self) -> float | None:
        """Messages a second since the first page was asked for; None before it has come."""
        if self._begun_at is None or not self._read:
            return None
        return self._read / max(monotonic() - self._begun_at, 1.0)

    async def read(self) -> None:
        """Read all that is still to be read. Raises what the line raises."""
        if not self._chats_listed:
            await self._list_chats()
        pages: asyncio.Queue[Page | None] = asyncio.Queue(AHEAD)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._fetch(pages))
            group.create_task(self._store(pages))

    # The chats

    async def _list_chats(self) -> None:
        """Take every chat in, with its newest message: so the desk is of use at once."""
        listed: asyncio.Queue[Chats | None] = asyncio.Queue(AHEAD)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._ask_for_chats(listed))
            group.create_task(self._take_chats(listed))

    async def _ask_for_chats(self, listed: asyncio.Queue[Chats | None]) -> None:
        offset: Offset | None = Offset()
        while offset is not None:
            page = await self._pages.chats(offset)
            await listed.put(page)
            offset = page.following
        await listed.put(None)

    async def _take_chats(self, listed: asyncio.Queue[Chats | None]) -> None:
        complete = False
        while not complete:
            come = [await listed.get()]
            while not listed.empty():
                come.append(listed.get_nowait())
            complete = come[-1] is None
            pages = [page for page in come if page is not None]
            newest = [top for page in pages for top in self._pages.seen(page.tops, page.asked_at)]
            read = [mark for page in pages for mark in page.read]
            chats = [Chat(one.peer.id, one.sent_at, one.message_id) for one in newest]
            await self._book.list_chats(chats, newest, read, self._people.take_fresh(), complete=complete)

    # Their messages

    async def _fetch(self, pages: asyncio.Queue[Page | None]) -> None:
        """Two chats in turns: while the server looks for a page of one, the page of the other is read."""
        self._begun_at = monotonic()
        chats = iter(await self._book.unread_chats())
        async with asyncio.TaskGroup() as group:
            group.create_task(self._fetch_chats(chats, pages))
            group.create_task(self._fetch_chats(chats, pages))
        await pages.put(None)

    async def _fetch_chats(self, chats: Iterator[Backfill], pages: asyncio.Queue[Page | None]) -> None:
        for chat in chats:
            await self._fetch_chat(chat, pages)

    async def _fetch_chat(self, chat: Backfill, pages: asyncio.Queue[Page | None]) -> None:
        peer = self._people.input(chat.peer_id)
        if peer is None:
            if chat.peer_id > 0:  # a group that was picked a moment ago is read in the next round
                place = Place(chat.peer_id, chat.oldest_id, chat.total, done=True, refused={})
                await pages.put(Page([], place))
            return
        offset, read = chat.oldest_id or 0, chat.read or (1 if chat.oldest_id else 0)
        # what is newer than all that is known may be just coming in: it is no sign of a deletion
        known = await self._book.newest_known(chat.peer_id) if chat.until else 0
        done = False
        while not done:
            asked_at = self._pages.now()
            try:
                answer = await self._pages.history(peer, offset)
            except Refused as refusal:
                logger.warning("the history of a chat was refused: %s", refusal.reason)
                await pages.put(Page([], self._refused(chat, offset, refusal)))
                return
            messages = answer.messages
            await asyncio.sleep(0)  # a page takes long to read and to translate: what waits for its turn is between
            read += len(messages)
            self._read += len(messages)
            total = getattr(answer, "count", read)
            last = _is_last(messages, read, total)
            again = stretch(chat.peer_id, messages, below=offset or known + 1, last=last) if chat.until else None
            offset = messages[-1].id if messages else offset
            done = last or _reaches(chat, messages)
            place = Place(chat.peer_id, offset, total, done=done, read=read)
            await pages.put(Page(self._pages.seen(messages, asked_at), place, again))

    @staticmethod
    def _refused(chat: Backfill, offset: int, refusal: Refused) -> Place:
        return Place(chat.peer_id, offset, chat.total, done=True, read=chat.read, refused={"reason": refusal.reason})

    async def _store(self, pages: asyncio.Queue[Page | None]) -> None:
        """Commit what has come, as much of it together as has come by then."""
        while batch := await self._gather(pages):
            await self._book.record(
                [one for page in batch for one in page.seen],
                met=self._people.take_fresh(),
                places=list({page.place.peer_id: page.place for page in batch}.values()),
                shown=[page.stretch for page in batch if page.stretch is not None],
            )

    async def _gather(self, pages: asyncio.Queue[Page | None]) -> list[Page]:
        """The pages that wait to be stored, at least one; none when all are stored."""
        batch: list[Page] = []
        size, page = 0, await pages.get()
        with suppress(TimeoutError):
            async with asyncio.timeout(LINGER):
                while page is not None:
                    batch.append(page)
                    size += len(page.seen)
                    if size >= TOGETHER:
                        return batch
                    page = await pages.get()
        if page is None and batch:
            pages.put_nowait(None)  # the end, for the next time
        return batch


def _is_last(messages: list[Any], read: int, total: int) -> bool:
    """Whether a page is the end of a history. A short page may not be, nor may a count: messages come and go."""
    return not messages or (len(messages) < PAGE and read >= total)


def _reaches(chat: Backfill, messages: list[Any]) -> bool:
    """Whether a page leads back to the time until which the chat is to be read again."""
    return chat.until is not None and bool(messages) and messages[-1].date < chat.until
