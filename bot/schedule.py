"""Every periodic job and how often it runs, on one page. Each takes its time from the clock and may be repeated."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.outbox import Outbox
from bot.sleep import Watch
from bot.topics import Topics
from crm import (
    accounts,
    deletion,
    digest,
    duty,
    fields,
    keeping,
    merging,
    notes,
    queues,
    reminders,
    ringing,
    saved_replies,
    vocabulary,
)
from crm.access import Room, enter_room
from crm.errors import NotFound
from crm.gaps import awake
from crm.installation import Installation
from crm.keeper import Keeper
from crm.ports import Devices, Tasks
from crm.replies import later
from storage import dialogs, inbox, messages, replies, search, searches, sifts, workspaces
from storage.errors import StorageError
from storage.inbox import InboxUpdate, UnroutedUpdate

logger = logging.getLogger(__name__)
REMEMBERED = timedelta(days=2)  # update ids; Telegram repeats an update for 24 hours
GIVEN_UP = timedelta(days=30)  # how long the operator finds what no handler could work off
LATE = timedelta(days=7)  # how long after its deletion a message may still come, from the slower of two sources
UNANSWERED = timedelta(days=30)  # how long the bot remembers what it has asked somebody
MARKED = timedelta(hours=1)  # how often the vaults are told that their mirrors run
UNDO = timedelta(days=1)  # how long a deleted note or reminder can be brought back
TAKEN_APART = timedelta(days=7)  # how long two merged contacts can be two again, and a change of many be undone


@dataclass(frozen=True, slots=True)
class Periodic:
    """One job and the time between two runs."""

    every: timedelta
    work: Callable[[], Awaitable[None]]


class Schedule:
    """Runs what is due; a job that is still running is not started again."""

    def __init__(
        self,
        installation: Installation,
        devices: Devices,
        outbox: Outbox,
        tasks: Tasks,
        *,
        topics: Topics,
        keeper: Keeper,
        hearing: asyncio.Event,
    ) -> None:
        self._installation = installation
        self._devices = devices
        self._outbox = outbox
        self._tasks = tasks
        self._topics = topics
        self._keeper = keeper
        self._watch = Watch(installation.clock)
        self._hearing = hearing
        self._was_deaf = True  # since it was last marked that we hear
        self._marked_at: datetime | None = None
        self._running: set[str] = set()
        self._again: set[str] = set()  # asked for while they ran
        self._scheduler: Any = AsyncIOScheduler(timezone="UTC")  # type: ignore[no-untyped-call]  # it has no types
        self.jobs = {
            "late deliveries": Periodic(timedelta(seconds=5), self._late_deliveries),
            "seals": Periodic(timedelta(minutes=5), installation.vaults.seal),
            "comparisons": Periodic(timedelta(hours=1), self._comparisons),
            "awake": Periodic(timedelta(seconds=30), self._awake),
            "silent accounts": Periodic(timedelta(minutes=10), self._silent_accounts),
            "deletions": Periodic(timedelta(minutes=10), self._deletions),
            "answers to leave": Periodic(timedelta(seconds=10), self._answers_to_leave),
            "what rests": Periodic(timedelta(minutes=1), self._what_rests),
            "reminders": Periodic(timedelta(seconds=20), self._reminders),
            "mornings": Periodic(timedelta(minutes=1), self._mornings),
            "deleted notes": Periodic(timedelta(hours=1), self._deleted_notes),
            "removed fields": Periodic(timedelta(hours=1), self._removed_fields),
            "new files": Periodic(timedelta(minutes=1), self._new_files),
            "files of nobody": Periodic(timedelta(hours=6), self._files_of_nobody),
            "unsent answers": Periodic(timedelta(days=1), self._unsent_answers),
            "early deletions": Periodic(timedelta(days=1), self._early_deletions),
            "new words": Periodic(timedelta(seconds=10), self._new_words),
            "erased words": Periodic(timedelta(days=1), self._erased_words),
            "unanswered questions": Periodic(timedelta(days=1), self._unanswered_questions),
            "known updates": Periodic(timedelta(hours=6), self._known_updates),
            "safety copies": Periodic(timedelta(hours=12), installation.vaults.discard_copies),
        }

    def start(self) -> None:
        """Run each job now and then from now on; missed runs become one."""
        for name, job in self.jobs.items():
            seconds = int(job.every.total_seconds())
            trigger = {"seconds": seconds, "jitter": seconds // 10}  # so that not all installations come at once
            self._scheduler.add_job(self._fire, "interval", [name], coalesce=True, misfire_grace_time=None, **trigger)
        self._scheduler.start()
        self._tasks.start("schedule: what was slept through", self._awake_at_last())
        self._tasks.start("schedule: deletions", self.run("deletions"))  # what fell due while nothing ran
        self._tasks.start("schedule: reminders", self.run("reminders"))  # as above
        self._tasks.start("schedule: new files", self._new_files())  # what was half when it stopped, above all

    def stop(self) -> None:
        """Start nothing more."""
        self._scheduler.shutdown(wait=False)

    async def run(self, name: str) -> None:
        """Run one job now; where it is running, once more when it is done: it may have looked too early."""
        if name in self._running:
            self._again.add(name)
            return
        self._running.add(name)
        try:
            await self.jobs[name].work()
            while name in self._again:
                self._again.discard(name)
                await self.jobs[name].work()
        finally:
            self._running.discard(name)
            self._again.discard(name)

    async def _fire(self, name: str) -> None:
        self._tasks.start(f"schedule: {name}", self.run(name))

    async def _late_deliveries(self) -> None:
        self._outbox.wake_late()
        self._topics.wake_late()

    async def _deletions(self) -> None:
        await deletion.remind_and_purge(self._installation, self._devices)
        self._outbox.wake(None)

    async def _deleted_notes(self) -> None:
        before = self._installation.clock.now() - UNDO
        await self._in_each_room("deleted notes", partial(notes.purge, before=before))
        await self._in_each_room("deleted reminders", partial(reminders.purge, before=before))
        await self._in_each_room("deleted saved replies", partial(saved_replies.purge, before=before))
        await self._in_each_vault("deleted searches", partial(searches.purge, before=before))

    async def _removed_fields(self) -> None:
        before = self._installation.clock.now() - UNDO
        await self._in_each_room("removed fields", partial(fields.purge, before=before))
        week_ago = self._installation.clock.now() - TAKEN_APART
        await self._in_each_room("merges", partial(merging.purge, before=week_ago))
        await self._in_each_vault("changes of many", partial(sifts.purge, before=week_ago))

    async def _what_rests(self) -> None:
        await self._tell_in_each("what rests", queues.wake)
        await self._tell_in_each("who is back", duty.return_all)

    async def _mornings(self) -> None:
        await self._tell_in_each("the morning digest", digest.tell_all)

    async def _reminders(self) -> None:
        await self._tell_in_each("reminders", ringing.ring)

    async def _answers_to_leave(self) -> None:
        async def let_go(workspace_id: int) -> None:
            async with enter_room(self._installation, workspace_id) as room:
                if await later.let_go(room):
                    self._outbox.wake(workspace_id)

        await self._in_each("the answers to leave", let_go)

    async def _new_files(self) -> None:
        for workspace_id in await self._workspaces():
            self._keeper.wake(workspace_id)

    async def _files_of_nobody(self) -> None:
        await self._in_each_room("files of nobody", keeping.sweep)

    async def _early_deletions(self) -> None:
        before = self._installation.clock.now() - LATE
        await self._in_each_vault("early deletions", partial(messages.forget_early, before=before))

    async def _unsent_answers(self) -> None:
        before = self._installation.clock.now() - UNANSWERED
        await self._in_each_vault("unsent answers", partial(replies.purge, before=before))

    async def _new_words(self) -> None:
        """What was heard joins the vocabulary that misspelt words and other forms are looked up in."""
        await self._in_each_room("new words", vocabulary.take_in)

    async def _erased_words(self) -> None:
        """What was erased leaves the search index's own pages, too: until then it is only marked as gone there."""
        await self._in_each_vault("erased words", search.wipe)

    async def _unanswered_questions(self) -> None:
        async with self._installation.registry.transaction() as session:
            await dialogs.abandon(session, before=self._installation.clock.now() - UNANSWERED)

    async def _known_updates(self) -> None:
        now = self._installation.clock.now()
        forget = partial(inbox.forget, done_before=now - REMEMBERED, dead_before=now - GIVEN_UP)
        async with self._installation.registry.transaction() as session:
            await forget(session, UnroutedUpdate)
        await self._in_each_vault("update ids", partial(forget, table=InboxUpdate))

    async def _comparisons(self) -> None:
        self._devices.compare()

    async def _silent_accounts(self) -> None:
        warn = partial(accounts.warn_of_silence, devices=self._devices)
        await self._tell_in_each("the word about silent accounts", warn)

    async def _awake_at_last(self) -> None:
        await self._hearing.wait()
        await self.run("awake")

    async def _awake(self) -> None:
        """Where this machine was suspended, what has happened meanwhile is asked for at once."""
        slept = self._watch.slept()
        if slept is not None:
            logger.warning("this machine was suspended for %d s", slept.total_seconds())
            await self._devices.wake()
        self._was_deaf = self._was_deaf or slept is not None or not self._hearing.is_set()
        if not self._hearing.is_set():
            return
        if self._was_deaf or self._marked_at is None or not self._is_fresh(self._marked_at):
            await self._mark_awake()

    def _is_fresh(self, mark: datetime) -> bool:
        """A mark that lies ahead is of a clock that was set back since: what came after it would count as heard."""
        return timedelta() <= self._installation.clock.now() - mark < MARKED

    async def _mark_awake(self) -> None:
        self._marked_at, was_deaf, self._was_deaf = self._installation.clock.now(), self._was_deaf, False
        await self._in_each("the mark of being awake", partial(awake, self._installation, was_deaf=was_deaf))

    async def _in_each_room(self, what: str, work: Callable[[Room], Awaitable[object]]) -> None:
        async def in_room(workspace_id: int) -> None:
            async with enter_room(self._installation, workspace_id) as room:
                await work(room)

        await self._in_each(what, in_room)

    async def _tell_in_each(self, what: str, work: Callable[[Room], Awaitable[object]]) -> None:
        """The same, where the work says whether there is something to send."""

        async def in_room(workspace_id: int) -> None:
            async with enter_room(self._installation, workspace_id) as room:
                if await work(room):
                    self._outbox.wake(workspace_id)

        await self._in_each(what, in_room)

    async def _in_each_vault(self, what: str, work: Callable[[AsyncSession], Awaitable[None]]) -> None:
        async def in_vault(room: Room) -> None:
            async with room.transaction() as session:
                await work(session)

        await self._in_each_room(what, in_vault)

    async def _in_each(self, what: str, work: Callable[[int], Awaitable[object]]) -> None:
        """Do it for every workspace; one that cannot take part now has its turn with the next run."""
        for workspace_id in await self._workspaces():
            try:
                await work(workspace_id)
            except (NotFound, StorageError) as error:
                logger.warning("%s of workspace %s wait: %s", what, workspace_id, type(error).__name__)

    async def _workspaces(self) -> list[int]:
        async with self._installation.registry.reading() as session:
            return await workspaces.present(session)
