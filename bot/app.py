"""The one composition root: builds, starts and stops everything, in production, in the demo and in the tests alike."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.utils.token import TokenValidationError

from bot import __version__, middlewares
from bot.budgets import Budgets, Limits
from bot.clock import SystemClock
from bot.config import Config, ConfigError
from bot.deliveries import DELIVERIES
from bot.devices import userbot_settings
from bot.dialogs import Dialogs
from bot.files import Roads
from bot.inbox import Inbox
from bot.intake import Intake, Polling, Webhook
from bot.jobs import Progress, kinds
from bot.menu import Menus, hang_up
from bot.opening import opened
from bot.outbox import Outbox
from bot.reminders import Reminders
from bot.replies import Replies
from bot.routers import routers
from bot.routing import Routing
from bot.schedule import Schedule
from bot.telegram import connect
from bot.topics import Topics
from bot.trouble import traced
from bot.updates import Updates
from bot.web.links import Links
from bot.web.server import LoginPage
from crm import ringing
from crm.installation import Installation
from crm.jobs import Jobs
from crm.keeper import Keeper
from crm.media import Files
from crm.ports import Clock
from crm.replies import KIND, correcting
from handlers.screens.hidden import naming
from storage import workspaces
from storage.errors import StorageError
from storage.outbox import OutboxRow
from userbot.devices import Userbots

logger = logging.getLogger(__name__)
LAST_WORK = 8.0  # seconds for what has begun, of the ten in which we are gone


class Owner:
    """`crm.ports.Tasks`: the one owner of detached work."""

    def __init__(self) -> None:
        self.running: set[asyncio.Task[None]] = set()
        self.group = asyncio.TaskGroup()

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Let it run until it ends or the process stops; a failure is logged under its name and ends nothing else."""
        task = self.need(name, self._guarded(name, work))
        task.add_done_callback(lambda _: work.close())  # cancelled before its first step, it never reached `work`

    def need(self, name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """The same for work without which the process must not go on: its failure ends everything."""
        task = self.group.create_task(work, name=name)
        self.running.add(task)
        task.add_done_callback(self.running.discard)
        return task

    def cancel(self) -> None:
        """End whatever still runs."""
        for task in self.running:
            task.cancel()

    async def _guarded(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001  one failure ends nothing else
            logger.error("%s failed: %s", name, traced(error))  # noqa: TRY400  a traceback may quote a client


class App:
    """One running Wysper. `ready` is set when updates are taken in; `stop` brings `run` to its end."""

    def __init__(self, config: Config, *, clock: Clock | None = None, limits: Limits | None = None) -> None:
        self.config = config
        self.clock = clock or SystemClock()
        self.limits = limits or Limits()
        self.budgets = Budgets(self.limits, self.clock)
        self.ready = asyncio.Event()
        self.tasks = Owner()
        self.stopped = asyncio.Event()  # set as soon as it is asked to stop

    installation: Installation
    bot: Bot
    dispatcher: Dispatcher
    devices: Userbots
    links: Links
    outbox: Outbox
    topics: Topics
    menus: Menus
    keeper: Keeper
    jobs: Jobs
    inbox: Inbox
    intake: Intake
    schedule: Schedule

    @property
    def rest(self) -> tuple[asyncio.Event, ...]:
        """Each is set while one kind of work has nothing to do."""
        parts = (self.inbox.lanes, self.outbox, self.topics, self.jobs, self.keeper, self.menus)
        return tuple(part.idle for part in parts)

    def stop(self) -> None:
        """Ask `run` to come to its end."""
        self.stopped.set()

    async def run(self) -> None:
        """From the first file to the last. Raises ConfigError or StorageError where it cannot begin or go on."""
        async with AsyncExitStack() as stack:
            self.installation = await stack.enter_async_context(opened(self.config, self.clock, naming))
            self.bot = self._connect()
            stack.push_async_callback(self.bot.session.close)
            try:
                async with self.tasks.group:
                    await self._work()
            except BaseExceptionGroup as failures:
                raise _first(failures) from failures

    async def _work(self) -> None:
        self._build()
        await self._resume()
        self.schedule.start()
        self.tasks.start("menu", hang_up(self.bot, first_wait=self.limits.waits[-1]))
        doors = [*await self._open_page(), self.tasks.need("intake", self.intake.run())]
        self.ready.set()
        await self.stopped.wait()
        for door in doors:
            door.cancel()
        await self._finish()

    async def _open_page(self) -> list[asyncio.Task[None]]:
        """Serve the login page, where it has an address."""
        if not self.config.web.address:
            return []
        page = LoginPage(self.links, self.config.web)
        serving = self.tasks.need("login page", page.run())
        await page.listening.wait()
        return [serving]

    def _connect(self) -> Bot:
        try:
            return connect(self.config.telegram, self.budgets)
        except TokenValidationError:
            raise ConfigError("telegram.token: missing, or not a token as BotFather gives it") from None

    def _build(self) -> None:
        """Everything, from what needs nothing to what needs all."""
        installation, tasks, bot = self.installation, self.tasks, self.bot
        settings = userbot_settings(self.config.userbot)
        self.devices = Userbots(installation, settings, tasks, on_notice=self._speak)
        replies = Replies(installation, bot, self.devices)
        deliveries = {**DELIVERIES, KIND: replies.deliver, ringing.KIND: Reminders(installation).deliver}
        deliveries[correcting.KIND] = replies.correct
        self.menus = Menus(installation, bot, tasks)

        async def told(row: OutboxRow, state: str) -> None:
            await replies.told(row, state)
            await self.topics.told(row, state)
            if row.what not in {KIND, correcting.KIND}:  # that went to a client
                await self.menus.look(row.chat_id)

        self.outbox = Outbox(installation, tasks, bot, deliveries, told)
        self.topics = Topics(installation, tasks, bot, self.budgets, told=self.outbox.wake)
        self.links = Links(installation, self.devices)
        roads = Roads(bot, self.devices)
        files = Files(installation, roads)
        self.keeper = Keeper(installation, tasks, files, told=self.outbox.wake)
        self.jobs = Jobs(installation, tasks, kinds(bot, files, roads), Progress(bot), told=self.outbox.wake)
        self.dispatcher = Dispatcher(
            storage=Dialogs(installation.registry, self.clock),
            installation=installation,
            devices=self.devices,
            login_pages=self.links,
            files=files,
            roads=roads,
            jobs=self.jobs,
            budgets=self.budgets,
            tasks=tasks,
            version=__version__,
        )
        middlewares.attach(self.dispatcher, installation, self.menus)
        self.dispatcher.include_routers(*routers())
        handle = Updates(installation, bot, self.dispatcher, self.budgets).hand_on
        first_wait = self.limits.waits[0]
        routing = Routing(installation, self._owner_of)
        self.inbox = Inbox(installation, routing, tasks, handle, done=self._done, first_wait=first_wait)
        if self.config.telegram.updates == "webhook":
            self.intake = Webhook(bot, self.inbox, self.config.telegram)
        else:
            self.intake = Polling(bot, self.inbox, first_wait=first_wait)
        self.schedule = Schedule(
            installation,
            self.devices,
            self.outbox,
            tasks,
            topics=self.topics,
            keeper=self.keeper,
            hearing=self.intake.hearing,
        )

    def _speak(self, workspace_id: int) -> None:
        """Say what has become due there."""
        self._done(workspace_id)

    def _done(self, workspace_id: int | None) -> None:
        """Something has happened there: letters may be due, and topics may lack something."""
        self.outbox.wake(workspace_id)
        if workspace_id is not None:
            self.topics.wake(workspace_id)

    async def _resume(self) -> None:
        """Take up what the last run left. A workspace whose vault does not open stays behind alone."""
        await self.outbox.recover(None)
        await self.inbox.resume(None)
        async with self.installation.registry.reading() as session:
            present = await workspaces.present(session)
        for workspace_id in present:
            try:
                await self.devices.resume(workspace_id)  # before what may have to leave by one
                await self.outbox.recover(workspace_id)
                await self.topics.recover(workspace_id)
                await self.inbox.resume(workspace_id)
            except StorageError as error:
                logger.error("workspace %s stays closed: %s", workspace_id, error)  # noqa: TRY400  the kind says it all
            else:
                self.jobs.wake(workspace_id)

    async def _finish(self) -> None:
        """Let handlers and deliveries that have begun come to their end; the rest is on the disk."""
        self.schedule.stop()
        try:
            async with asyncio.timeout(LAST_WORK):
                await self.inbox.lanes.stop()
                await self.outbox.stop()
                await self.topics.stop()
                await self.devices.close()
        except TimeoutError:
            logger.warning("not everything came to its end in time; the next start goes on with it")
        self.tasks.cancel()

    async def _owner_of(self, connection_id: str) -> int | None:
        """Whose Business connection this is; None where Telegram no longer knows it."""
        try:
            return (await self.bot.get_business_connection(connection_id)).user.id
        except (TelegramBadRequest, TelegramForbiddenError):
            return None


def _first(failures: BaseExceptionGroup[BaseException]) -> BaseException:
    """The failure that ended everything; what it took down with it is of no interest."""
    first = failures.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
