"""Comparing, now and then, what an account shows with what the vault holds, for what no update told.

A few requests each time: one page of the list of chats, which goes on where the last run stopped; the newest page of
the chats that differ; and pages taken at random. What was told in the meantime is taken in before anything is compared.
"""

from __future__ import annotations

from typing import Any

from crm import comparison
from crm.seen import Seen
from crm.userbots import Book
from storage.messages import Stretch
from userbot.backfill import stretch
from userbot.client import Line, Refused
from userbot.mirror import Mirror
from userbot.people import People
from userbot.tl import PAGE, functions, types
from userbot.translate import seen

SUSPECTS, SAMPLES = 5, 2  # pages of history in one run, at most


class Check:
    """One account, over one connection."""

    def __init__(self, line: Line, book: Book, people: People, mirror: Mirror) -> None:
        self._line = line
        self._book = book
        self._people = people
        self._mirror = mirror
        self._place: tuple[Any, int, Any] | None = None  # in the list of chats

    async def run(self) -> None:
        """Compare once. Raises what the line raises, and TooLong."""
        tops = await self._next_tops()
        await self._mirror.catch_up()
        known = await self._book.newest_known()
        places = [(peer_id, 0) for peer_id in (await comparison.differing(self._book, tops))[:SUSPECTS]]
        places += [(peer_id, number + 1) for peer_id, number in await comparison.sample(self._book, SAMPLES)]
        shown = [page for place in dict.fromkeys(places) if (page := await self._page(*place, known=known))]
        await self._mirror.catch_up()
        await comparison.compare(self._book, shown, self._people.take_fresh())

    async def _next_tops(self) -> list[Seen]:
        """The newest messages of the next chats in the list."""
        date, number, peer = self._place or (None, 0, types.InputPeerEmpty())
        answer = await self._line.ask(functions.messages.GetDialogsRequest(date, number, peer, PAGE, 0))
        newest = {(bytes(message.peer_id), message.id): message for message in answer.messages}
        tops = [top for one in answer.dialogs if (top := newest.get((bytes(one.peer), one.top_message)))]
        last = tops[-1] if tops and isinstance(answer, types.messages.DialogsSlice) else None
        self._place = (last.date, last.id, self._people.place(last.peer_id)) if last is not None else None
        return self._seen(tops)

    async def _page(self, peer_id: int, below: int, *, known: int) -> tuple[list[Seen], Stretch] | None:
        """A page of one chat from just below a message id on, or from its newest (0); None where Telegram gives none.

        What is newer than all that was `known` may be just coming in: it is no sign of a deletion.
        """
        peer = self._people.input(peer_id)
        if peer is None:
            return None
        request = functions.messages.GetHistoryRequest(
            peer, below, offset_date=None, add_offset=0, limit=PAGE, max_id=0, min_id=0, hash=0
        )
        try:
            answer = await self._line.ask(request)
        except Refused:
            return None
        messages = answer.messages
        return self._seen(messages), stretch(peer_id, messages, below=below or known + 1, last=not messages)

    def _seen(self, messages: list[Any]) -> list[Seen]:
        found = (seen(message, self._book.account_id, self._people) for message in messages)
        return [one for one in found if one is not None]
