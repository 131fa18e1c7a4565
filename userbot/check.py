"""Comparing, now and then, what an account shows with what the vault holds, for what no update told.

A few requests each time: one page of the list of chats, which goes on where the last run stopped; the newest page of
the chats that differ; and pages taken at random. What was told in the meantime is taken in before anything is compared.
"""

from __future__ import annotations

from crm import comparison
from crm.seen import Seen
from crm.userbots import Book
from storage.messages import Stretch
from userbot.client import Line, Refused
from userbot.mirror import Mirror
from userbot.people import People
from userbot.reading import Offset, Pages, stretch

SUSPECTS, SAMPLES = 5, 2  # pages of history in one run, at most


class Check:
    """One account, over one connection."""

    def __init__(self, line: Line, book: Book, people: People, mirror: Mirror) -> None:
        self._pages = Pages(line, book, people)
        self._book = book
        self._people = people
        self._mirror = mirror
        self._offset = Offset()  # in the list of chats

    async def run(self) -> None:
        """Compare once. Raises what the line raises, and TooLong."""
        tops = await self._next_tops()
        await self._mirror.catch_up()
        places = [(peer_id, 0) for peer_id in (await comparison.differing(self._book, tops))[:SUSPECTS]]
        places += await comparison.sample(self._book, SAMPLES)
        shown = [page for place in dict.fromkeys(places) if (page := await self._page(*place))]
        await self._mirror.catch_up()
        await comparison.compare(self._book, shown, self._people.take_fresh())

    async def _next_tops(self) -> list[Seen]:
        """The newest messages of the next chats in the list."""
        page = await self._pages.chats(self._offset)
        self._offset = page.following or Offset()
        return self._pages.seen(page.tops, page.asked_at)

    async def _page(self, peer_id: int, below: int) -> tuple[list[Seen], Stretch] | None:
        """A page of one chat from just below a message id on, or from its newest (0); None where Telegram gives none.

        What is newer than all that is known may be just coming in: it is no sign of a deletion.
        """
        peer = self._people.input(peer_id)
        if peer is None:
            return None
        asked_at = self._pages.now()
        known = await self._book.newest_known(peer_id)
        try:
            answer = await self._pages.history(peer, below)
        except Refused:
            return None
        messages = answer.messages
        seen = self._pages.seen(messages, asked_at)
        return seen, stretch(peer_id, messages, below=below or known + 1, last=not messages)
