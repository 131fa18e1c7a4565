"""Following what happens in an account: new, edited and deleted messages, live and after a time offline.

Telethon would hand out updates too, but drops every edit and deletion that comes in a difference. So the account's
own count of events (`pts`) is kept here, and committed with the messages that moved it: what does not fit onto the
count is a gap, and a gap is closed by asking the server for the difference. https://core.telegram.org/api/updates
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from crm.seen import Reacted, Read, Seen
from crm.userbots import Book, UpdateState
from userbot.client import Line, Refused
from userbot.groups import Groups
from userbot.people import People
from userbot.reactions import reacted
from userbot.tl import functions, types
from userbot.translate import MESSAGES, all_seen

SILENCE = 15 * 60.0  # seconds without an update after which the server is asked whether there was none
_READ = (types.UpdateReadHistoryInbox, types.UpdateReadHistoryOutbox)
_WRITTEN = (types.UpdateNewMessage, types.UpdateEditMessage)
_MOVED_ON = (types.UpdatesTooLong, types.UpdateShortSentMessage)  # these tell that something happened, but not what
_WITHOUT_COUNT = ("PERSISTENT_TIMESTAMP_EMPTY", "PERSISTENT_TIMESTAMP_INVALID")


class TooLong(Exception):  # noqa: N818  a kind, named as Telegram says it
    """The server no longer tells what happened since `missed`; it can go on from `state`."""

    def __init__(self, missed: UpdateState, state: UpdateState) -> None:
        super().__init__(missed, state)
        self.missed, self.state = missed, state


@dataclass(slots=True)
class Changes:
    """What a run of updates comes to."""

    seen: list[Seen] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    reacted: list[Reacted] = field(default_factory=list)
    read: list[Read] = field(default_factory=list)


class Mirror:
    """Keeps the vault in step with one account over one connection."""

    def __init__(self, line: Line, book: Book, people: People, state: UpdateState, groups: Groups) -> None:
        self._line = line
        self._book = book
        self._people = people
        self._state = state
        self._groups = groups
        self._busy = asyncio.Lock()  # of what moves the state

    async def follow(self) -> None:
        """Listen for good, from where `catch_up` has led. Raises TooLong, and what the line raises."""
        while True:
            pushed = await self._line.pushed(within=SILENCE)
            async with self._busy:
                if pushed and await self._take(pushed):
                    continue
                await self._catch_up()
                if not pushed:  # silence: of the groups, too
                    await self._groups.catch_up()

    async def catch_up(self) -> None:
        """Ask for all that happened since the state, and take it in; the very first time only how far the server is.

        Raises TooLong, and what the line raises.
        """
        async with self._busy:
            await self._catch_up()
            await self._groups.catch_up()

    async def take_up_groups(self) -> None:
        """Other groups are picked now, or one has moved on. Raises what the line raises."""
        async with self._busy:
            await self._groups.load()
            await self._groups.catch_up()

    async def _catch_up(self) -> None:
        while self._state.pts:
            request = functions.updates.GetDifferenceRequest(self._state.pts, self._state.date, self._state.qts)
            try:
                answer = await self._line.ask(request)
            except Refused as refusal:
                if refusal.reason in _WITHOUT_COUNT:
                    raise TooLong(self._state, await self._present()) from refusal
                raise
            if isinstance(answer, types.updates.DifferenceTooLong):
                raise TooLong(self._state, replace(await self._present(), pts=answer.pts))
            if isinstance(answer, types.updates.DifferenceEmpty):
                self._state = replace(self._state, date=answer.date)
                return
            if await self._take_difference(answer):
                return
        await self._record(Changes(), await self._present())

    async def _present(self) -> UpdateState:
        return _state(await self._line.ask(functions.updates.GetStateRequest()))

    async def _take_difference(self, answer: Any) -> bool:
        """Take a difference in; True where it was the last part of it."""
        whole = isinstance(answer, types.updates.Difference)
        state = _state(answer.state if whole else answer.intermediate_state)
        changes = Changes(seen=self._seen(answer.new_messages, state.date))
        for update in answer.other_updates:
            self._apply(update, state.date, changes)
        await self._record(changes, state)
        await self._groups.take(answer.other_updates)
        return whole

    async def _take(self, pushed: Iterable[Any]) -> bool:
        """Take in what the server pushed, in the order of its counts; False where something is missing before it."""
        complete, updates, state, changes = True, [], self._state, Changes()
        pushed = list(pushed)
        for one in pushed:
            if isinstance(one, _MOVED_ON):
                complete = False
            else:
                self._people.meet(getattr(one, "users", ()), getattr(one, "chats", ()))
                updates += [(update, one.date) for update in _counted(one)]
                changes.reacted += reacted(one)
                state = replace(state, date=max(one.date, state.date or one.date))
        for update, at in sorted(updates, key=lambda told: _before(told[0])):
            if update.pts <= state.pts:
                continue  # heard already
            if _before(update) != state.pts or self._is_from_stranger(update):
                complete = False
                break
            self._apply(update, at, changes)
            state = replace(state, pts=update.pts)
        if state.pts != self._state.pts or changes.reacted:
            await self._record(changes, state)
        await self._groups.take(update for one in pushed for update in _inside(one))
        return complete

    def _apply(self, update: Any, at: datetime | None, changes: Changes) -> None:
        if isinstance(update, _WRITTEN):
            changes.seen += self._seen([update.message], at)
        elif isinstance(update, types.UpdateDeleteMessages):
            changes.gone += update.messages
        elif isinstance(update, _READ) and isinstance(update.peer, types.PeerUser):
            incoming = isinstance(update, types.UpdateReadHistoryInbox)
            mark = {"inbox" if incoming else "outbox": update.max_id}
            changes.read.append(Read(update.peer.user_id, **mark))

    def _is_from_stranger(self, update: Any) -> bool:
        """Whether a push brings a message and not whom it is from or to: a difference tells both."""
        if not isinstance(update, _WRITTEN) or not isinstance(update.message, MESSAGES):
            return False
        if isinstance(update.message.peer_id, types.PeerUser):
            return self._people.known(update.message.peer_id.user_id) is None
        picked = self._people.of_chat(update.message.peer_id) is not None
        return picked and not self._people.knows_sender(update.message)

    def _seen(self, messages: Iterable[Any], at: datetime | None) -> list[Seen]:
        return all_seen(messages, self._book.account_id, self._people, at or self._book.installation.clock.now())

    async def _record(self, changes: Changes, state: UpdateState) -> None:
        met = self._people.take_fresh()
        await self._book.record(
            changes.seen, changes.gone, reacted=changes.reacted, read=changes.read, met=met, state=state
        )
        self._state = state


def _counted(pushed: Any) -> list[Any]:
    """The updates of the account's own count in something the server pushed; a channel has a count of its own."""
    return [update for update in _inside(pushed) if hasattr(update, "pts") and not _of_channel(update)]


def _inside(pushed: Any) -> list[Any]:
    """The updates in something the server pushed."""
    match pushed:
        case types.UpdateShort():
            return [pushed.update]
        case types.UpdateShortMessage() | types.UpdateShortChatMessage():
            return [types.UpdateNewMessage(_long(pushed), pushed.pts, pushed.pts_count)]
        case _:
            return list(getattr(pushed, "updates", ()))


def _of_channel(update: Any) -> bool:
    peer = getattr(getattr(update, "message", None), "peer_id", None)
    return hasattr(update, "channel_id") or isinstance(peer, types.PeerChannel)


def _before(update: Any) -> int:
    """The count onto which an update fits."""
    before: int = update.pts - update.pts_count
    return before


def _long(short: Any) -> Any:
    """A message that came in the short form, in the form of all others."""
    in_group = isinstance(short, types.UpdateShortChatMessage)
    return types.Message(
        id=short.id,
        peer_id=types.PeerChat(short.chat_id) if in_group else types.PeerUser(short.user_id),
        from_id=types.PeerUser(short.from_id) if in_group else None,
        date=short.date,
        message=short.message,
        out=short.out,
        fwd_from=short.fwd_from,
        reply_to=short.reply_to,
        entities=short.entities,
    )


def _state(state: Any) -> UpdateState:
    return UpdateState(state.pts, state.qts, state.date)
