"""Long work: asked for by a member, done one piece at a time for each workspace, cancelled, resumed after a restart."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from crm import audit
from crm.access import Desk, Power, Room, enter_room
from crm.errors import CrmError, NotFound, NotNow
from crm.installation import Installation
from crm.ports import Tasks
from storage import jobs
from storage.errors import StorageError
from storage.jobs import Job

logger = logging.getLogger(__name__)
SHOW_EVERY = 3.0  # seconds between two sights of the progress
LOOK_EVERY = 1.0  # seconds in which work that waits for its turn hears that it is no longer wanted


class Cancelled(Exception):  # noqa: N818  a kind, named as people say it
    """The member no longer wants it."""


class Work:
    """One job while it is being done."""

    def __init__(self, room: Room, job: Job, show: Show, cancelled: Callable[[], bool]) -> None:
        self.room = room
        self.job = job
        self._show = show
        self._cancelled = cancelled
        self._shown_at = 0.0

    @property
    def cancelled(self) -> bool:
        """Whether it is to stop; `progress` and `turn` raise then, so only work that has neither need look here."""
        return self._cancelled()

    def _go_on(self) -> None:
        if self.cancelled:
            raise Cancelled

    @asynccontextmanager
    async def stoppable(self) -> AsyncIterator[None]:
        """What waits for long in here is broken off as soon as it is no longer wanted. Raises Cancelled then."""
        self._go_on()
        ended = asyncio.Event()
        try:
            async with asyncio.timeout(None) as limit:
                self._watch(limit, ended)
                yield
        except TimeoutError:
            self._go_on()
            raise
        finally:
            ended.set()

    def _watch(self, limit: asyncio.Timeout, ended: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        if ended.is_set():
            return
        if self.cancelled:
            limit.reschedule(loop.time())
        else:
            loop.call_later(LOOK_EVERY, self._watch, limit, ended)

    @asynccontextmanager
    async def turn(self, places: asyncio.Semaphore) -> AsyncIterator[None]:
        """Wait for one of so many places, and hold it. Raises Cancelled where the member does not wait that long."""
        async with self.stoppable():
            await places.acquire()
        try:
            yield
        finally:
            places.release()

    async def progress(self, done: int, total: int | None = None) -> None:
        """Keep and now and then show how far it is. Raises Cancelled."""
        self._go_on()
        self.job.steps_done, self.job.steps_total = done, total
        now = asyncio.get_running_loop().time()
        if now - self._shown_at >= SHOW_EVERY:
            self._shown_at = now
            await keep(self.room, self.job)
            await self._show(self.room, self.job)

    async def note(self, **facts: Any) -> None:
        """Keep what a resumed run must know, or what is to be told at the end, in the job's result."""
        self.job.result = {**self.job.result, **facts}
        await keep(self.room, self.job)

    async def note_with(self, session: AsyncSession, **facts: Any) -> None:
        """The same in the commit of what is noted, so that a resumed run finds neither too much nor too little done."""
        self.job.result = {**self.job.result, **facts}
        await _put(session, self.job)


Run = Callable[[Work], Awaitable[None]]
Show = Callable[[Room, Job], Awaitable[None]]  # lets the person see how it stands


class Jobs:
    """Every job of the installation; `kinds` does them by name, `show` tells the person.

    `told` hears of each workspace where a job has ended: it may have something to say to others.
    """

    def __init__(
        self,
        installation: Installation,
        tasks: Tasks,
        kinds: Mapping[str, Run],
        show: Show,
        *,
        told: Callable[[int], None],
    ) -> None:
        self._installation = installation
        self._tasks = tasks
        self._kinds = kinds
        self._show = show
        self._told = told
        self._busy: set[int] = set()
        self._unwanted: set[tuple[int, int]] = set()
        self.idle = asyncio.Event()
        self.idle.set()

    async def start(
        self, desk: Desk, kind: str, params: dict[str, Any], *, chat_id: int, message_id: int | None = None
    ) -> Job:
        """Ask for work whose progress is shown in this message. Raises NotNow("running") where the same is under way.

        The caller has checked that the member may have it done.
        """
        job = Job(
            kind=kind,
            params=params,
            asked_by=desk.person.id,
            asked_at=desk.installation.clock.now(),
            chat_id=chat_id,
            message_id=message_id,
        )
        async with desk.transaction() as session:
            if any(other.kind == kind for other in await jobs.unfinished(session)):
                raise NotNow("running")
            session.add(job)
            await session.flush()
            audit.record(desk, session, f"{kind}.asked", f"job:{job.id}")
        self.wake(desk.workspace.id or 0)
        return job

    async def cancel(self, desk: Desk, job_id: int) -> None:
        """Stop it: whoever asked for it, or a member who manages. Raises NotFound, NotAllowed."""
        async with desk.transaction() as session:
            job = await session.get(Job, job_id)
            if job is None or job.state not in {jobs.QUEUED, jobs.RUNNING}:
                raise NotFound("job")
            if job.asked_by != desk.person.id:
                desk.need(Power.MANAGE)
            job.state, job.ended_at = jobs.CANCELLED, desk.installation.clock.now()
            session.add(job)
            audit.record(desk, session, f"{job.kind}.cancelled", f"job:{job_id}")
        self._unwanted.add((desk.workspace.id or 0, job_id))

    def wake(self, workspace_id: int) -> None:
        """Do what waits in this workspace, and what the last run was cut off from."""
        if workspace_id not in self._busy:
            self._busy.add(workspace_id)
            self.idle.clear()
            self._tasks.start("jobs", self._work_off(workspace_id))

    async def _work_off(self, workspace_id: int) -> None:
        try:
            while await self._next(workspace_id):
                pass
        finally:
            self._busy.discard(workspace_id)
            if not self._busy:
                self.idle.set()

    async def _next(self, workspace_id: int) -> bool:
        """Do the oldest job; False where there is none."""
        try:
            async with enter_room(self._installation, workspace_id) as room:
                async with room.reading() as session:
                    waiting = await jobs.unfinished(session)
                if not waiting:
                    return False
                await self._do(room, waiting[0])
                return True
        except NotFound:  # the workspace itself
            return False

    async def _do(self, room: Room, job: Job) -> None:
        name = (room.workspace.id or 0, job.id or 0)
        job.state = jobs.RUNNING
        await keep(room, job)
        await self._show(room, job)
        work = Work(room, job, self._show, lambda: name in self._unwanted)
        job.state, job.error = await self._outcome(work)
        job.ended_at = self._installation.clock.now()
        self._unwanted.discard(name)
        await keep(room, job)
        await self._show(room, job)
        self._told(name[0])

    async def _outcome(self, work: Work) -> tuple[str, str | None]:
        """How it ended, and the kind of error. Where the process stops, the job stays as it is and is done again."""
        try:
            if not work.cancelled:
                await self._kinds[work.job.kind](work)
        except Cancelled:
            return jobs.CANCELLED, None
        except (CrmError, StorageError) as error:
            return jobs.FAILED, type(error).__name__
        except Exception as error:  # noqa: BLE001  a job that fails must not take the next one with it
            logger.error("job %s failed: %s", work.job.kind, type(error).__name__)  # noqa: TRY400  it may quote a client
            return jobs.FAILED, type(error).__name__
        return (jobs.CANCELLED if work.cancelled else jobs.DONE), None


async def keep(room: Room, job: Job) -> None:
    """Write down how a job stands."""
    async with room.vault.transaction() as session:
        await _put(session, job)


async def _put(session: AsyncSession, job: Job) -> None:
    """What was cancelled while it was being done stays so: else a crash would let it be taken up again."""
    stands = await session.get(Job, job.id)
    if stands is not None and stands.state == jobs.CANCELLED:
        job.state, job.ended_at = stands.state, stands.ended_at
    await session.merge(job)
