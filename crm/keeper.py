"""Keeping files without being asked: what is due in each workspace, a few at a time, again and again until it came."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from crm import keeping
from crm.access import Room, enter_room
from crm.errors import NotFound, NotNow
from crm.installation import Installation
from crm.media import Files
from crm.notices import tell_owner
from crm.ports import Tasks
from storage import media, workspaces
from storage.errors import StorageError
from storage.media import Media

logger = logging.getLogger(__name__)
WAITS = tuple(timedelta(minutes=n) for n in (1, 10, 60, 360, 1440, 2880, 4320))  # after tries that failed: a week
AT_ONCE = 3  # files of one workspace that are fetched at a time
TOGETHER = 60  # files that are looked up in one go
DISK_LOW = "disk_low"  # what the outbox calls this notice
Heard = Callable[[int], Awaitable[None]]


class Keeper:
    """Fetches what is due; `told` hears of each workspace whose owner has been written to."""

    def __init__(self, installation: Installation, tasks: Tasks, files: Files, *, told: Callable[[int], None]) -> None:
        self._installation = installation
        self._tasks = tasks
        self._files = files
        self._told = told
        self._woken: set[int] = set()
        self._busy: set[int] = set()
        self.idle = asyncio.Event()
        self.idle.set()

    def wake(self, workspace_id: int) -> None:
        """Fetch what is due in this workspace, and look again where that is being done."""
        self._woken.add(workspace_id)
        if workspace_id not in self._busy:
            self._busy.add(workspace_id)
            self.idle.clear()
            self._tasks.start(f"files of workspace {workspace_id}", self._work_off(workspace_id))

    async def _work_off(self, workspace_id: int) -> None:
        try:
            while workspace_id in self._woken:
                self._woken.discard(workspace_id)
                await self._round(workspace_id)
        finally:
            self._busy.discard(workspace_id)
            if not self._busy:
                self.idle.set()

    async def _round(self, workspace_id: int) -> None:
        try:
            async with enter_room(self._installation, workspace_id) as room:
                while room.workspace.state == workspaces.ACTIVE and (batch := await _due(room)):
                    await keep_some(room, self._files, batch, _nobody_listens)
        except NotNow:  # the disk
            self._told(workspace_id)
        except (NotFound, StorageError) as error:
            logger.warning("files of workspace %s wait: %s", workspace_id, type(error).__name__)


async def keep_some(room: Room, files: Files, batch: Sequence[tuple[int, Media]], heard: Heard) -> int:
    """Keep these files, a few at a time; those that cannot be had now are tried again later. Returns how many came.

    `heard` is told of the bytes as they come. Raises NotNow("full") where the disk runs low, after the owner was told.
    """
    turns = asyncio.Semaphore(AT_ONCE)

    async def keep(account_id: int, file: Media) -> bool:
        async with turns:
            return await _keep(room, files, account_id, file, heard)

    try:
        async with asyncio.TaskGroup() as group:
            kept = [group.create_task(keep(*one)) for one in batch]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None  # whatever ends one ends all
    return [one.result() for one in kept].count(True)


async def _keep(room: Room, files: Files, account_id: int, file: Media, heard: Heard) -> bool:
    """Raises NotNow("full") where there is no room for anything; what is only too large for it waits alone."""
    left = room.vault.media.room
    if left < (file.size or 1):
        await _tell_of_disk(room)
        if left <= 0:
            raise NotNow("full")
        return await _miss(room, file, "full")
    try:
        await files.keep(room, account_id, file, heard)
    except NotNow as refusal:
        return await _miss(room, file, refusal.reason)
    return await _miss(room, file, "unreachable")


async def _due(room: Room) -> Sequence[tuple[int, Media]]:
    async with room.reading() as session:
        choice = await keeping.chosen(session)
        return await media.due(session, room.installation.clock.now(), choice.limits, count=TOGETHER)


async def _miss(room: Room, file: Media, reason: str) -> bool:
    """Try a file that was not kept again later, unless that was done often enough, or time changes nothing.

    Returns whether it was kept after all.
    """
    async with room.vault.transaction() as session:
        now = await session.get(Media, file.message, populate_existing=True)
        if now is None or now.kept is not None:
            return now is not None
        wait = WAITS[min(now.tries, len(WAITS) - 1)]
        final = reason == "too_large" or (reason != "full" and now.tries == len(WAITS))
        due_at = None if final else room.installation.clock.now() + wait
        await media.miss(session, file.message, reason, due_at)
    return False


async def _tell_of_disk(room: Room) -> None:
    """Say to the owner, once a day, that files wait for room; messages go on."""
    async with room.vault.transaction() as session:
        day = room.installation.clock.now().date()
        await tell_owner(room, session, DISK_LOW, day, name=room.workspace.name)


async def _nobody_listens(_bytes: int) -> None:
    """Nobody waits for these."""
