"""The durable inbox: an update is on the disk before Telegram hears that we have it, and is worked off in its order."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count, groupby
from typing import Any

from bot.lanes import Lanes
from bot.opening import file_of
from bot.routing import Place, Routing
from bot.strangers import Strangers
from bot.telegram import is_temporary
from bot.trouble import traced
from crm.installation import Installation
from crm.ports import Tasks
from storage import inbox
from storage.errors import StorageError, StorageFull, StorageUnavailable, VaultBusy
from storage.inbox import InboxUpdate, UnroutedUpdate

logger = logging.getLogger(__name__)
Handle = Callable[
    [dict[str, Any], int | None, int], Awaitable[None]
]  # an update, its workspace, the how manieth attempt
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


class Inbox:
    """Takes updates in, and has `handle` called for each of them until it succeeds or is given up."""

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
        placed = [(place, update) for place, update in places if self._is_heard(place, update)]
        placed.sort(key=lambda pair: (pair[0].workspace_id or 0, pair[1]["update_id"]))
        trouble: StorageError | None = None
        for workspace_id, batch in groupby(placed, key=lambda pair: pair[0].workspace_id):
            rows = [Taken(update["update_id"], place.lane, workspace_id, json.dumps(update)) for place, update in batch]
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
            self.lanes.add(Taken(row.update_id, row.lane, workspace_id, row.payload or "{}", row.attempts))

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
            rows = [Taken(row.update_id, row.lane, None, row.payload) for row in rows]
            new = await self._put(None, rows)
        return [row for row in rows if row.update_id in new]

    async def _put(self, workspace_id: int | None, rows: list[Taken]) -> set[int]:
        values = [{"update_id": row.update_id, "lane": row.lane, "payload": row.payload} for row in rows]
        async with file_of(self._installation, workspace_id) as file, file.transaction() as session:
            return await inbox.put(session, values, now=self._installation.clock.now())

    async def _work(self, row: Taken) -> None:
        """Until it has had its effect, is dead, or we stop."""
        for attempt in count(row.attempts + 1):
            try:
                async with self._at_once:
                    await self._attempt(row, attempt)
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

    async def _attempt(self, row: Taken, attempt: int) -> None:
        update = json.loads(row.payload)
        workspace_id = row.workspace_id
        if workspace_id is None:
            workspace_id = (await self._routing.place(update)).workspace_id
        await self._handle(update, workspace_id, attempt)
        self._done(workspace_id)  # what it has put into the outbox
        table = _table(row.workspace_id)
        async with file_of(self._installation, row.workspace_id) as file:
            async with file.reading() as session:
                if await inbox.is_done(session, table, row.update_id):
                    return
            async with file.transaction() as session:
                await inbox.finish(session, table, row.update_id)

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


def _table(workspace_id: int | None) -> inbox.Table:
    return UnroutedUpdate if workspace_id is None else InboxUpdate
