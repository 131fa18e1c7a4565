"""The device of one account: keeps a connection, mirrors over it, and knows how it stands."""

from __future__ import annotations

import asyncio
import logging
import random
import traceback
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from crm import linking, safety
from crm.errors import Leaving, NotFound, NotNow
from crm.ports import DeviceFacts, GroupFacts, Later
from crm.userbots import PAUSED, Book, Memory
from storage.columns import Json
from storage.errors import VaultClosed
from userbot import standing, takeout
from userbot.backfill import History
from userbot.check import Check
from userbot.client import Cut, Flooded, Frozen, Line, Refused, Revoked, Settings
from userbot.groups import Groups
from userbot.media import pieces
from userbot.mirror import Mirror, TooLong
from userbot.people import People
from userbot.sender import Sender
from userbot.session import VaultSession

logger = logging.getLogger(__name__)
FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0  # seconds between connections; doubled from one failure to the next
OFFLINE = 30.0  # seconds until what has no connection is tried again


class Device:
    """Runs until it is stopped, the session is revoked, or mirroring ends for the workspace."""

    def __init__(self, settings: Settings, book: Book, on_notice: Callable[[], None]) -> None:
        self._on_notice = on_notice  # told at once where the owner is to hear something
        self._settings = settings
        self._book = book
        self._line: Line | None = None
        self._mirror: Mirror | None = None
        self._groups: Groups | None = None
        self._sender: Sender | None = None
        self._live = False
        self._state = "connecting"
        self.since = book.installation.clock.now()  # connected, or not
        self._rests_until: datetime | None = None  # a flood wait between two connections
        self._history: History | None = None
        self._stopped = False
        self._asked = asyncio.Event()  # to compare
        self._task: asyncio.Task[None] | None = None
        self._ended = asyncio.Event()

    @property
    def state(self) -> str:
        """connecting, live, waiting (a flood wait), offline, paused, revoked or off."""
        return "waiting" if self.waits_until else self._state

    @property
    def waits_until(self) -> datetime | None:
        """When the flood wait is over."""
        return self._rests_until or (self._line.waits_until if self._line is not None else None)

    @property
    def pace(self) -> float | None:
        """Messages of the past in a second; None while none are read."""
        return self._history.pace if self._history is not None else None

    async def run(self) -> None:
        """Connect again and again, with growing waits, for as long as there is something to connect for."""
        if self._stopped:
            return
        self._task = asyncio.current_task()
        wait = FIRST_WAIT
        try:
            while await self._once() and not self._stopped:
                if self._live:
                    self._live, self.since = False, self._book.installation.clock.now()
                    wait = FIRST_WAIT
                else:
                    wait = min(wait * 2, LONGEST_WAIT)
                await self._rest()
                await asyncio.sleep(wait * random.uniform(0.5, 1))  # noqa: S311  so that many do not knock at once
        except asyncio.CancelledError:
            if not self._stopped:
                raise
        finally:
            self._line = None
            self._rests_until = None
            self._state = self._state if self._state in {"revoked", PAUSED} else "off"
            self._ended.set()

    def compare(self) -> None:
        """Compare the account with the vault, as soon as it is connected and its past is read."""
        self._asked.set()

    async def wake(self) -> None:
        """Connect anew, which asks for what was missed: nobody knows whether the connection outlived the sleep."""
        if self._line is not None:
            await self._line.hang_up()

    def regroup(self) -> None:
        """Take up what is picked now, as soon as it is connected and its past is read."""
        if self._groups is not None:
            self._groups.changed.set()

    async def groups(self, *, anew: bool) -> Sequence[GroupFacts]:
        """Every group that the account is in. Raises NotNow("offline")."""
        if self._groups is None or not self._live:
            raise NotNow("offline")
        try:
            return await self._groups.listed(anew=anew)
        except (Cut, Frozen, Refused, Revoked) as error:
            raise NotNow("offline") from error

    async def stop(self) -> None:
        """Hang up; the session stays."""
        self._stopped = True
        if self._task is not None:
            self._task.cancel()
            await self._ended.wait()

    async def fetch(self, message: int, handle: Json, offset: int) -> AsyncIterator[bytes]:
        """The bytes from an offset on of the file of a message. Raises NotNow("unreachable")."""
        if self._line is None:
            raise NotNow("unreachable")
        async for piece in pieces(self._line, handle, offset, partial(self._book.renew_handle, message)):
            yield piece

    @property
    def sender(self) -> Sender:
        """Who writes for the account. Raises Later while there is no connection."""
        if self._sender is None or not self._live:
            raise Later("offline", OFFLINE)
        return self._sender

    async def inspect(self) -> DeviceFacts | None:
        """What Telegram says of the device; None where it cannot be asked."""
        return await standing.facts(self._line) if self._line is not None else None

    async def end_others(self) -> None:
        """Log the account's other devices out. Raises NotNow."""
        if self._line is None:
            raise NotNow("offline")
        await standing.end_others(self._line)

    async def _rest(self) -> None:
        """Leave Telegram in peace for as long as it wants, before another connection."""
        if self._rests_until is not None:
            left = self._rests_until - self._book.installation.clock.now()
            await asyncio.sleep(max(left.total_seconds(), 0))
            self._rests_until = None

    async def _once(self) -> bool:
        """One connection, from its beginning to its end; False where there should be no other."""
        try:
            await self._connection()
        except Exception as error:  # noqa: BLE001  whatever it was: one bad moment must not end the mirror
            return await self._goes_on(list(_causes(error)))
        return True

    async def _connection(self) -> None:
        memory = await self._book.memory()
        people = People(self._book.account_id, memory.access_hashes)
        session = VaultSession(memory.key, people)
        async with Line(self._settings, session, self._book.installation.clock) as line:
            self._line, line.on_flood = line, partial(safety.flooded, self._book)
            self._groups = Groups(line, self._book, people, self._on_notice)
            self._sender = Sender(line, people, self._book)
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(line.lost())
                    await self._groups.load()
                    mirror = self._mirror = Mirror(line, self._book, people, memory.state, self._groups)
                    await mirror.catch_up()
                    group.create_task(mirror.follow())
                    self._state, self._live, self.since = "live", True, self._book.installation.clock.now()
                    if not memory.plan.paused:  # else a new plan comes with a new connection
                        await self._read_past(line, people, memory)
                    group.create_task(self._compare(Check(line, self._book, people, mirror)))
                    group.create_task(self._read_on(line, people, paused=memory.plan.paused))
            finally:
                self._line = self._mirror = self._groups = self._sender = None

    async def _read_on(self, line: Line, people: People, *, paused: bool) -> None:
        """Read the past of what is picked later, or is to be read again, unless that is paused."""
        assert self._groups is not None  # noqa: S101  as long as the connection stands
        assert self._mirror is not None  # noqa: S101  as above
        while True:
            await self._groups.changed.wait()
            self._groups.changed.clear()
            await self._mirror.take_up_groups()
            if not paused:
                await History(line, self._book, people, chats_listed=True).read()

    async def _read_past(self, line: Line, people: People, memory: Memory) -> None:
        """Read what is still to be read, in Telegram's export mode where that is wished for and open."""
        plan = await takeout.begin(line, self._book, memory.plan, self._on_notice)
        listed, export = memory.chats_listed, plan.takeout_id
        self._history = History(line, self._book, people, chats_listed=listed, takeout_id=export)
        try:
            async with asyncio.TaskGroup() as group:
                due = group.create_task(takeout.come_back(line, self._book, plan))
                await self._history.read()
                due.cancel()
        finally:
            self._history = None
        await takeout.finish(line, self._book, plan)

    async def _compare(self, check: Check) -> None:
        """Each time that it is asked for, once the past is read."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            await check.run()

    async def _goes_on(self, causes: list[BaseException]) -> bool:
        """What follows from the end of a connection; False where nothing does."""
        for cause in causes:
            match cause:
                case Revoked():
                    await linking.revoked(self._book, cause.reason)
                    self._state = "revoked"
                    return False
                case Frozen():
                    await safety.frozen(self._book, cause.reason)
                    self._state = PAUSED
                    return False
                case Flooded():
                    await safety.flooded(self._book, cause.seconds)
                    self._rests_until = self._book.installation.clock.now() + timedelta(seconds=cause.seconds)
                case Leaving() | NotFound() | VaultClosed():
                    return False
                case TooLong():
                    logger.warning("Telegram no longer tells what a userbot missed: its chats are read again")
                    since = cause.missed.date or self._book.installation.clock.now()
                    await self._book.read_again(cause.state, missed_since=since)
        reached = self._live or any(isinstance(cause, Flooded) for cause in causes)
        self._state = "connecting" if reached else "offline"  # what was reached may be back in a moment
        for cause in causes:
            if isinstance(cause, Refused):
                logger.warning("Telegram refused a userbot: %s", cause.reason)
            elif not isinstance(cause, Cut | Flooded | TooLong):
                logger.error("a userbot failed and will try again: %s", _traced(cause))
        return True


def _traced(error: BaseException) -> str:
    """What went wrong and where, without the error's own words: they may quote a client."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {last.filename}:{last.lineno}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """What happened, without the groups in which tasks wrap it; what ends a session comes first."""
    if isinstance(error, BaseExceptionGroup):
        inside = [cause for part in error.exceptions for cause in _causes(part)]
        yield from sorted(inside, key=lambda cause: not isinstance(cause, Revoked | Frozen))
    else:
        yield error
