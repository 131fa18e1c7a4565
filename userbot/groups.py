"""The groups that were picked to be mirrored: supergroups, each by its own count of events, and what becomes of any.

What is said in a basic group comes in the account's own count, like all private chats: see `userbot.mirror`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from crm import groups_heard
from crm.ports import GroupFacts
from crm.userbots import Book
from storage.messages import CHANNELS
from userbot.client import Line, Refused
from userbot.people import People, marked
from userbot.reading import Offset, Pages
from userbot.tl import PAGE, functions, types

_WRITTEN = (types.UpdateNewChannelMessage, types.UpdateEditChannelMessage)
_HINTS = (types.UpdateChannelTooLong, types.UpdateChannel)  # these tell that something happened, but not what
_LOST = frozenset({
    "CHANNEL_PRIVATE", "CHANNEL_INVALID", "CHAT_FORBIDDEN", "CHAT_ID_INVALID", "USER_BANNED_IN_CHANNEL",
})  # fmt: skip
_WITHOUT_COUNT = ("PERSISTENT_TIMESTAMP_EMPTY", "PERSISTENT_TIMESTAMP_INVALID")


class Groups:
    """The picked groups of one account over one connection. Whoever calls sees to it that it is one call at a time."""

    def __init__(self, line: Line, book: Book, people: People, on_lost: Callable[[], None] = lambda: None) -> None:
        self._line = line
        self._on_lost = on_lost
        self._book = book
        self._people = people
        self._pages = Pages(line, book, people)
        self._counts: dict[int, int] = {}  # of each supergroup: how far it has been heard
        self._listed = False  # whether Telegram was asked for all of them, in this connection
        self.changed = asyncio.Event()  # there is a past to be read, or other groups were picked

    async def load(self) -> None:
        """Take up what the vault says is picked."""
        followed = await groups_heard.followed(self._book)
        self._people.pick({one.peer_id: one.access_hash for one in followed})
        self._counts = {one.peer_id: one.pts for one in followed if one.peer_id < CHANNELS}

    async def listed(self, *, anew: bool) -> Sequence[GroupFacts]:
        """Every group that the account is in, asked for once in a connection, or `anew`."""
        if anew or not self._listed:
            offset: Offset | None = Offset()
            while offset is not None:
                offset = (await self._pages.chats(offset)).following
            self._listed = True
        return self._people.groups()

    # What happens

    async def catch_up(self) -> None:
        """Ask each supergroup for all that happened since its count. Raises what the line raises."""
        for peer_id in list(self._counts):
            await self._catch_up(peer_id)
        await self.settle()

    async def take(self, pushed: Iterable[Any]) -> None:
        """Take in what the server pushed, or told in the account's difference, of supergroups."""
        coming: dict[int, list[Any]] = {}
        for update in pushed:
            peer_id = _channel(update)
            if peer_id in self._counts:
                coming.setdefault(peer_id, []).append(update)
        for peer_id, updates in coming.items():
            if not await self._take(peer_id, updates):
                await self._catch_up(peer_id)
        await self.settle()

    async def settle(self) -> None:
        """Draw the consequences where a group moved on, or the account is in it no more."""
        for old, new, access_hash in self._people.take_moved():
            await groups_heard.migrated(self._book, old, new, access_hash)
            self.changed.set()
        for peer_id in self._people.take_lost():
            await self._lose(peer_id)

    async def _take(self, peer_id: int, updates: Sequence[Any]) -> bool:
        """Apply updates in the order of the group's count; False where something is missing before one."""
        pts, complete, seen, gone = self._counts[peer_id], not any(isinstance(one, _HINTS) for one in updates), [], []
        counted = [update for update in updates if not isinstance(update, _HINTS) and hasattr(update, "pts_count")]
        for update in sorted(counted, key=lambda one: one.pts - one.pts_count):
            if update.pts <= pts:
                continue  # heard already
            if update.pts - update.pts_count != pts or self._is_from_stranger(update):
                complete = False
                break
            if isinstance(update, _WRITTEN):
                seen += self._pages.seen([update.message], self._pages.pushed_at())
            elif isinstance(update, types.UpdateDeleteChannelMessages):
                gone += update.messages
            pts = update.pts
        if pts != self._counts[peer_id]:
            await groups_heard.heard(self._book, peer_id, pts, seen, gone, met=self._people.take_fresh())
            self._counts[peer_id] = pts
        return complete

    def _is_from_stranger(self, update: Any) -> bool:
        """Whether a push brings a message and not who wrote it: a difference tells both."""
        return isinstance(update, _WRITTEN) and not self._people.knows_sender(update.message)

    async def _catch_up(self, peer_id: int) -> None:
        channel = self._people.input(peer_id)
        try:
            if not self._counts[peer_id]:
                await self._begin(peer_id, channel)
            while not await self._next_part(peer_id, channel):
                pass
        except Refused as refusal:
            if refusal.reason in _LOST:
                await self._lose(peer_id)
            elif refusal.reason in _WITHOUT_COUNT:
                await self._go_on_from(peer_id, await self._present(channel))
            else:
                raise

    async def _begin(self, peer_id: int, channel: Any) -> None:
        """Find out how far the group is, before its past is read."""
        self._counts[peer_id] = await self._present(channel)
        await groups_heard.heard(self._book, peer_id, self._counts[peer_id])

    async def _present(self, channel: Any) -> int:
        answer = await self._line.ask(functions.messages.GetPeerDialogsRequest([types.InputDialogPeer(channel)]))
        return next((dialog.pts for dialog in answer.dialogs if dialog.pts), 1)

    async def _next_part(self, peer_id: int, channel: Any) -> bool:
        """Take in the next part of the difference; True where it was the last."""
        request = functions.updates.GetChannelDifferenceRequest(
            types.InputChannel(channel.channel_id, channel.access_hash),
            types.ChannelMessagesFilterEmpty(),
            pts=self._counts[peer_id],
            limit=PAGE,
        )
        asked_at = self._pages.now()
        answer = await self._line.ask(request)
        if isinstance(answer, types.updates.ChannelDifferenceTooLong):
            await self._go_on_from(peer_id, answer.dialog.pts)
            return True
        if isinstance(answer, types.updates.ChannelDifference):
            seen = self._pages.seen(answer.new_messages, asked_at)
            changed = [one.message for one in answer.other_updates if isinstance(one, _WRITTEN)]
            seen += self._pages.seen(changed, asked_at)
            told = (one for one in answer.other_updates if isinstance(one, types.UpdateDeleteChannelMessages))
            gone = [number for one in told for number in one.messages]
            await groups_heard.heard(self._book, peer_id, answer.pts, seen, gone, met=self._people.take_fresh())
        self._counts[peer_id] = answer.pts
        return bool(answer.final)

    async def _go_on_from(self, peer_id: int, pts: int) -> None:
        await groups_heard.too_long(self._book, peer_id, pts)
        self._counts[peer_id] = pts
        self.changed.set()

    async def _lose(self, peer_id: int) -> None:
        await groups_heard.lost(self._book, peer_id)
        self._on_lost()
        await self.load()


def _channel(update: Any) -> int:
    """The supergroup that an update is about; 0 where it is about none."""
    peer = getattr(getattr(update, "message", None), "peer_id", None)
    if isinstance(peer, types.PeerChannel):
        return marked(peer)
    return CHANNELS - update.channel_id if hasattr(update, "channel_id") else 0
