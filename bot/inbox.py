"""The durable inbox: an update is on the disk before Telegram hears that we have it, and is worked off in its order."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count, groupby
from typing import Any

from bot.budgets import is_temporary
from bot.lanes import Lanes
from bot.opening import file_of
from bot.routing import Place, Routing, tells_of_messages
from bot.strangers import Strangers
from bot.trouble import traced
from crm.installation import Installation
from crm.ports import Tasks
from storage import inbox
from storage.errors import StorageError, StorageFull, StorageUnavailable, VaultBusy
from storage.inbox import InboxUpdate, UnroutedUpdate

logger = logging.getLogger(__name__)
# Updates (several only where they may be done together), their workspace, the how manieth attempt.
Handle = Callable[[Sequence[dict[str, Any]], int | None, int], Awaitable[None]]
WAIT_FOR_STORAGE = (VaultBusy, StorageFull, StorageUnavailable)
ATTEMPTS = 12  # about ten minutes; then the lane moves on
AT_ONCE = 32
MEMORY = 10_000  # update ids


@dataclass(frozen=True, slots=True)
class Taken:
    """One update that is on the disk: in this workspace's vault, or in the registry."""

    update_id: int
    lane: str
    workspace_id: int | None
    payload: str = field(repr=False)
    attempts: int = 0
    joins: bool = False  # it may be done together with its neighbours


class Inbox:
    """Takes updates in, and has `handle` called for each of them until it succeeds or is given up.

    What clients write is handled together as far as it has piled up: many messages cost one commit.
    """

    def __init__(
        self,
        installation: Installation,
        routing: Routing,
        tasks: Tasks,
        handle: Handle,
        *,
        done: Callable[[int | None], None],
        first_wait: float = 0.5,
    ) -> None:
        self._installation = installation
        self._routing = routing
        self._handle = handle
        self._done = done
        self._first_wait = first_wait
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._known: dict[int, None] = {}
        self._strangers = Strangers()
        self.lanes = Lanes[Taken](tasks, self._work)
        self.newest = 0  # the highest update id that was taken in
        self.moved = asyncio.Event()  # replaced with each batch

    async def take(self, updates: Sequence[dict[str, Any]]) -> None:
        """On the disk when this returns: one commit for each workspace, whose updates are worked off from then on.

        Raises where something cannot be stored now; the rest is, and is known when everything comes again.
        """
        places = [(await self._routing.place(update), update) for update in updates if self._is_new(update)]
        placed = [(place, update) for place, update in places if place is not None and self._is_heard(place, update)]
        placed.sort(key=lambda pair: (pair[0].workspace_id or 0, pair[1]["update_id"]))
        trouble: StorageError | None = None
        for workspace_id, batch in groupby(placed, key=lambda pair: pair[0].workspace_id):
            rows = [_taken(update, place.lane, workspace_id) for place, update in batch]
            try:
                new = await self._keep(workspace_id, rows)
            except StorageError as error:
                trouble = error
                continue
            for row in new:
                self.lanes.add(row)
            self._remember([row.update_id for row in rows])
        if trouble is not None:
            raise trouble
        self._remember([update["update_id"] for update in updates])
        self.newest = max(self.newest, *(update["update_id"] for update in updates))
        moved, self.moved = self.moved, asyncio.Event()
        moved.set()

    async def resume(self, workspace_id: int | None) -> None:
        """Take up again what waits in a vault (or, with None, in the registry) since before the start."""
        table = _table(workspace_id)
        async with file_of(self._installation, workspace_id) as file, file.reading() as session:
            rows = await inbox.due(session, table)
            if workspace_id is None:
                self._known |= dict.fromkeys(await inbox.known(session, table))
        for row in rows:
            self.lanes.add(_taken(json.loads(row.payload or "{}"), row.lane, workspace_id, row.attempts))

    def _is_new(self, update: dict[str, Any]) -> bool:
        return update["update_id"] not in self._known

    def _is_heard(self, place: Place, update: dict[str, Any]) -> bool:
        now = self._installation.clock.now()
        return place.workspace_id is not None or self._strangers.hear(place.lane, update["update_id"], now)

    def _remember(self, update_ids: Sequence[int]) -> None:
        self._known |= dict.fromkeys(update_ids)
        for oldest in list(self._known)[: max(0, len(self._known) - MEMORY)]:
            del self._known[oldest]

    async def _keep(self, workspace_id: int | None, rows: list[Taken]) -> list[Taken]:
        """Commit a batch; what a broken vault cannot take waits in the registry until the vault is mended."""
        try:
            new = await self._put(workspace_id, rows)
        except WAIT_FOR_STORAGE:
            raise
        except StorageError as error:
            if workspace_id is None:
                raise
            logger.error("vault %s takes nothing, its updates wait in the registry: %s", workspace_id, error)  # noqa: TRY400  the kind says it all
            rows = [replace(row, workspace_id=None, joins=False) for row in rows]
            new = await self._put(None, rows)
        return [row for row in rows if row.update_id in new]

    async def _put(self, workspace_id: int | None, rows: list[Taken]) -> set[int]:
        values = [{"update_id": row.update_id, "lane": row.lane, "payload": row.payload} for row in rows]
        async with file_of(self._installation, workspace_id) as file, file.transaction() as session:
            return await inbox.put(session, values, now=self._installation.clock.now())

    async def _work(self, rows: Sequence[Taken]) -> None:
        """Together where that goes; where it does not, one after the other, so that one which fails fails alone."""
        if len(rows) > 1:
            try:
                async with self._at_once:
                    await self._attempt(rows, 1)
            except Exception as error:  # noqa: BLE001  each of them tells of its own failure
                logger.warning("%s updates failed together (%s)", len(rows), traced(error))
            else:
                return
        for row in rows:
            if not self.lanes.stopping.is_set():
                await self._work_off(row)

    async def _work_off(self, row: Taken) -> None:
        """Until it has had its effect, is dead, or we stop."""
        for attempt in count(row.attempts + 1):
            try:
                async with self._at_once:
                    await self._attempt([row], attempt)
            except Exception as error:  # noqa: BLE001  whatever it is, the queue moves on
                dead = not self._is_worth_waiting(error, attempt)
                log = logger.error if dead else logger.warning
                log("update %s failed (%s)%s", row.update_id, traced(error), ", dead" if dead else "")
                with suppress(StorageError):
                    if not await self._note(row, error, dead=dead):
                        return  # the act was done, only its screen was not drawn: once more would be twice
                if dead or await self._stopped_within(self._first_wait * 2 ** min(attempt - 1, 7)):
                    return
            else:
                return

    async def _attempt(self, rows: Sequence[Taken], attempt: int) -> None:
        updates = [json.loads(row.payload) for row in rows]
        kept_in = workspace_id = rows[0].workspace_id
        if workspace_id is None:
            place = await self._routing.place(updates[0])
            workspace_id = place.workspace_id if place is not None else None
        await self._handle(updates, workspace_id, attempt)
        self._done(workspace_id)  # what it has put into the outbox
        async with file_of(self._installation, kept_in) as file:
            async with file.reading() as session:
                left = await inbox.unfinished(session, _table(kept_in), [row.update_id for row in rows])
            if left:
                async with file.transaction() as session:
                    await inbox.finish(session, _table(kept_in), left)

    async def _note(self, row: Taken, error: Exception, *, dead: bool) -> bool:
        """False where the update has had its effect all the same."""
        async with file_of(self._installation, row.workspace_id) as file, file.transaction() as session:
            kind = type(error).__name__
            return await inbox.fail(session, _table(row.workspace_id), row.update_id, error=kind, dead=dead)

    def _is_worth_waiting(self, error: Exception, attempt: int) -> bool:
        if isinstance(error, StorageError):
            return True  # the operator mends it; until then nothing of this workspace can go on
        return is_temporary(error) and attempt < ATTEMPTS

    async def _stopped_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                return await self.lanes.stopping.wait()
        except TimeoutError:
            return False


def _taken(update: dict[str, Any], lane: str, workspace_id: int | None, attempts: int = 0) -> Taken:
    """One that has failed before, or that no vault has, is done alone."""
    joins = tells_of_messages(update) and workspace_id is not None and not attempts
    return Taken(update["update_id"], lane, workspace_id, json.dumps(update), attempts, joins)


def _table(workspace_id: int | None) -> inbox.Table:
    return UnroutedUpdate if workspace_id is None else InboxUpdate
