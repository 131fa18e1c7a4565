"""The durable outbox: what is to be said is on the disk first, and what became of it is written beside it.

A delivery goes from `due` over `sending` to `sent`. Telegram's no makes it `refused`; trouble that cannot have reached
Telegram makes it due again, later; trouble after which nobody knows, a crash included, makes it `uncertain`: shown, and
never sent blindly again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError

from bot.budgets import is_temporary, may_have_arrived
from bot.opening import file_of
from bot.trouble import traced
from crm.installation import Installation
from crm.ports import Tasks
from storage import outbox
from storage.engine import EncryptedFile
from storage.errors import StorageError
from storage.outbox import Delivery, Notice, OutboxRow, Outcome

logger = logging.getLogger(__name__)
# Makes the call; gives the message id that came of it, or the whole outcome where it knows more.
Deliver = Callable[[Bot, OutboxRow], Awaitable[int | Outcome | None]]
Told = Callable[[OutboxRow, str], Coroutine[Any, Any, None]]  # hears of each fate, once it is written down
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
Holder = int | None  # a workspace, or None for the registry


class Outbox:
    """Sends what is due, for each workspace in its order, and workspaces beside one another."""

    def __init__(
        self, installation: Installation, tasks: Tasks, bot: Bot, deliveries: Mapping[str, Deliver], told: Told
    ) -> None:
        self._installation = installation
        self._tasks = tasks
        self._bot = bot
        self._deliveries = deliveries
        self._told = told
        self._asked: set[Holder] = set()
        self._busy: set[Holder] = set()
        self._later: dict[Holder, datetime] = {}
        self._stopping = False
        self.idle = asyncio.Event()
        self.idle.set()

    async def recover(self, holder: Holder) -> None:
        """Take up what the last run left in a vault, or (None) in the registry."""
        async with file_of(self._installation, holder) as file:
            async with file.reading() as session:
                lost = (await outbox.counted(session, _table(holder))).get(outbox.SENDING)
            if lost:
                logger.warning("the last run ended while %s deliveries were being sent", lost)
                async with file.transaction() as session:
                    reason = "the program ended while it was being sent"
                    uncertain = await outbox.recover(session, _table(holder), reason)
                for row in uncertain:
                    self._tasks.start("outbox: what is uncertain", self._told(row, outbox.UNCERTAIN))
        self.wake(holder)

    def wake(self, holder: Holder) -> None:
        """Look for deliveries that are due there. Cheap where there are none."""
        if self._stopping:
            return
        self._asked.add(holder)
        if holder not in self._busy:
            self._busy.add(holder)
            self.idle.clear()
            self._tasks.start("outbox", self._drain(holder))

    def wake_late(self) -> None:
        """Look again where something had to wait, and its time has come; the scheduler calls this every few seconds."""
        now = self._installation.clock.now()
        for holder in [holder for holder, due_at in self._later.items() if due_at <= now]:
            self.wake(holder)

    async def stop(self) -> None:
        """Let the delivery that has begun come to its end."""
        self._stopping = True
        await self.idle.wait()

    async def _drain(self, holder: Holder) -> None:
        try:
            while holder in self._asked and not self._stopping:
                self._asked.discard(holder)
                await self._send_due(holder)
        except StorageError as error:
            logger.warning("the outbox of %s waits: %s", holder or "the registry", error)
            self._later[holder] = self._installation.clock.now() + FIRST_WAIT
        finally:
            self._busy.discard(holder)
            if not self._busy:
                self.idle.set()

    async def _send_due(self, holder: Holder) -> None:
        self._later.pop(holder, None)
        async with file_of(self._installation, holder) as file:
            async with file.reading() as session:
                rows = await outbox.due(session, _table(holder))
            waiting: set[int] = set()  # chats in which something waits: what came after it must not overtake it
            for row in rows:
                if row.due_at > self._installation.clock.now():
                    self._note_later(holder, row.due_at)
                    waiting.add(row.chat_id)
                elif not self._stopping and row.chat_id not in waiting and await self._send(file, holder, row):
                    waiting.add(row.chat_id)

    def _note_later(self, holder: Holder, due_at: datetime) -> None:
        self._later[holder] = min(due_at, self._later.get(holder, due_at))

    async def _send(self, file: EncryptedFile, holder: Holder, row: OutboxRow) -> bool:
        """One attempt. True where it is due again."""
        async with file.transaction() as session:
            taken = await outbox.take(session, _table(holder), row, attempts=row.attempts + 1)
        if not taken:  # it was taken back
            return False
        outcome = await self._outcome(row)
        await self._settle(file, holder, row, outcome)
        if outcome.due_at is not None:
            self._note_later(holder, outcome.due_at)
        await self._told(row, outcome.state)
        return outcome.due_at is not None

    async def _outcome(self, row: OutboxRow) -> Outcome:
        try:
            done = await self._deliveries[row.what](self._bot, row)
        except TelegramAPIError as error:
            if may_have_arrived(error):
                return Outcome(outbox.UNCERTAIN, type(error).__name__)
            if is_temporary(error):
                wait = min(FIRST_WAIT * 2 ** min(row.attempts, 10), LONGEST_WAIT)
                return Outcome(outbox.DUE, type(error).__name__, self._installation.clock.now() + wait)
            return Outcome(outbox.REFUSED, error.message)
        except Exception as error:  # noqa: BLE001  an error of ours must not hold up the others
            logger.error("delivery %s failed: %s", row.what, traced(error))  # noqa: TRY400  it may quote a client
            return Outcome(outbox.REFUSED, type(error).__name__)
        return done if isinstance(done, Outcome) else Outcome(outbox.SENT, sent_as=done)

    async def _settle(self, file: EncryptedFile, holder: Holder, row: OutboxRow, outcome: Outcome) -> None:
        """Write down what became of it, with what belongs to that."""
        facts: dict[str, Any] = {"state": outcome.state, "reason": outcome.reason}
        if outcome.state == outbox.SENT:
            facts |= {"sent_at": self._installation.clock.now(), "sent_as": outcome.sent_as}
        if outcome.due_at is not None:
            facts["due_at"] = outcome.due_at
        async with file.transaction() as session:
            await outbox.mark(session, _table(holder), row, **facts)
            if outcome.with_it is not None:
                await outcome.with_it(session)


def _table(holder: Holder) -> outbox.Table:
    return Notice if holder is None else Delivery
