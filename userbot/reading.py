"""What is read of an account from the server's pages: its list of chats, and the history of each."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crm import past
from crm.seen import Read, Seen
from crm.userbots import Book
from storage.messages import Stretch
from userbot.answers import read, unread
from userbot.client import Cut, Line, Refused
from userbot.people import People
from userbot.reactions import uncounted
from userbot.tl import PAGE, functions, types
from userbot.translate import all_seen

STEPS = 3  # of the loop, until Telethon has sent a request that was handed to it


@dataclass(frozen=True, slots=True)
class Offset:
    """The place in the list of chats behind which the next page begins: the newest message of a chat."""

    date: Any = None
    number: int = 0
    peer: Any = field(default_factory=types.InputPeerEmpty)


@dataclass(frozen=True, slots=True)
class Chats:
    """A page of the list of chats by the newest message of each; `following` is None where the list ends."""

    tops: list[Any]
    following: Offset | None
    read: list[Read]
    asked_at: datetime


class Pages:
    """Asks for pages over one connection and puts them into our words. Whatever it asks can wait: see `Line.ask`."""

    def __init__(self, line: Line, book: Book, people: People, takeout_id: int | None = None) -> None:
        self._takeout_id = takeout_id
        self._line = line
        self._book = book
        self._people = people
        self._turn = asyncio.Lock()

    async def chats(self, offset: Offset) -> Chats:
        """The next chats. Raises what the line raises."""
        request = functions.messages.GetDialogsRequest(offset.date, offset.number, offset.peer, PAGE, 0)
        asked_at = self.now()
        answer = self._read(await self._line.ask(unread(request)))
        newest = {_place(message.peer_id, message.id): message for message in answer.messages}
        tops = [top for dialog in answer.dialogs if (top := newest.get(_place(dialog.peer, dialog.top_message)))]
        read = [_read(dialog) for dialog in answer.dialogs if isinstance(dialog.peer, types.PeerUser)]
        if not tops or not isinstance(answer, types.messages.DialogsSlice):
            return Chats(tops, None, read, asked_at)
        last = tops[-1]
        return Chats(tops, Offset(last.date, last.id, self._people.place(last.peer_id)), read, asked_at)

    async def history(self, peer: Any, below: int) -> Any:
        """The messages of a chat from just below a message id on, the newest first; from its newest on (0).

        Raises what the line raises.
        """
        request = functions.messages.GetHistoryRequest(
            peer, below, offset_date=None, add_offset=0, limit=PAGE, max_id=0, min_id=0, hash=0
        )
        async with self._turn:  # never two at a time: the server counts requests
            answer = await self._ask(request)
        for _ in range(STEPS):
            await asyncio.sleep(0)  # whoever waits for a turn asks first
        return self._read(answer)

    async def _ask(self, request: Any) -> bytes:
        if self._takeout_id is not None:
            request = functions.InvokeWithTakeoutRequest(self._takeout_id, request)
        try:
            answer: bytes = await self._line.ask(unread(request))
        except Refused as refusal:
            if not refusal.reason.startswith("TAKEOUT_"):
                raise
            await past.takeout_lost(self._book)
            raise Cut from refusal  # the next connection begins another export
        return answer

    def _read(self, answer: bytes) -> Any:
        told = read(answer)
        self._people.meet(told.users, told.chats)
        return told

    def now(self) -> datetime:
        """The moment as of which a page tells that is asked for now, by the server's time: our clock may be wrong."""
        return uncounted(self.pushed_at())

    def pushed_at(self) -> datetime:
        """The moment as of which the server's newest word tells."""
        return self._line.told_at or self._book.installation.clock.now()

    def seen(self, messages: list[Any], asked_at: datetime) -> list[Seen]:
        """Those among them that are mirrored."""
        return all_seen(messages, self._book.account_id, self._people, asked_at)


def stretch(peer_id: int, messages: list[Any], *, below: int, last: bool) -> Stretch:
    """What a page of a chat's history shows of it, from just below a message id on; to its beginning in the last."""
    lowest = 0 if last else messages[-1].id
    return Stretch(peer_id, lowest, below - 1, tuple(message.id for message in messages))


def _read(dialog: Any) -> Read:
    return Read(dialog.peer.user_id, dialog.read_inbox_max_id, dialog.read_outbox_max_id)


def _place(peer: Any, number: int) -> tuple[bytes, int]:
    """A message's place among all chats: each channel counts for itself."""
    return bytes(peer), number
