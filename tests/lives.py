"""One life of Wysper after the other, each in a process that may be killed: everything is imported once and forked."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any, TypeVar

from bot.app import App
from bot.clock import SystemClock
from bot.config import Config
from tests.people import QUICK

PATIENCE = 60.0  # seconds for a life to begin, or to do what it is asked
T = TypeVar("T")
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["__main__", __name__])


class Lives:
    """At most one life at a time. `ahead`: by how many seconds its clock differs from this machine's; may be moved."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._ahead = processes.Value("d", 0.0, lock=False)
        self._process: ForkServerProcess | None = None
        self._pipe: Connection

    async def begin(self) -> None:
        """Start one; it takes updates in when this returns."""
        self._pipe, there = processes.Pipe()
        self._process = processes.Process(target=_life, args=(self._config, self._ahead, there), daemon=True)
        await asyncio.to_thread(self._process.start)
        there.close()
        await self._hear()

    async def does(self, act: Callable[[App], Awaitable[T]]) -> T:
        """Let it carry out a function that its process finds by name, and give what comes of it."""
        self._pipe.send(act)
        result: T = await self._hear()
        return result

    async def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it, without a warning unless `how` is one."""
        process, self._process = self._process, None
        if process is not None and process.pid is not None:
            with suppress(ProcessLookupError):
                process.kill() if how is signal.SIGKILL else process.terminate()
            await asyncio.to_thread(process.join)
            self._pipe.close()

    def set_clock(self, ahead: timedelta) -> None:
        """Move the clock of this life, and of those that follow, in the middle of whatever it does."""
        self._ahead.value = ahead.total_seconds()

    async def _hear(self) -> Any:
        async with asyncio.timeout(PATIENCE):
            return await asyncio.to_thread(self._pipe.recv)


@asynccontextmanager
async def lives(config: Config) -> AsyncIterator[Lives]:
    """None goes on after the block."""
    wysper = Lives(config)
    try:
        yield wysper
    finally:
        await wysper.end()


class _Clock(SystemClock):
    """The machine's, and as much ahead as another process says."""

    def __init__(self, ahead: Any) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self._ahead.value)


def _life(config: Config, ahead: Any, pipe: Connection) -> None:
    asyncio.run(_live(App(config, clock=_Clock(ahead), limits=QUICK), pipe))


async def _live(app: App, pipe: Connection) -> None:
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, app.stop)
    asked: asyncio.Queue[Callable[[App], Awaitable[Any]]] = asyncio.Queue()
    async with asyncio.TaskGroup() as group:
        running = group.create_task(app.run())
        await app.ready.wait()
        loop.add_reader(pipe.fileno(), lambda: asked.put_nowait(pipe.recv()))
        pipe.send("ready")
        answering = group.create_task(_answer(app, asked, pipe))
        await running
        answering.cancel()


async def _answer(app: App, asked: asyncio.Queue[Callable[[App], Awaitable[Any]]], pipe: Connection) -> None:
    while True:
        pipe.send(await (await asked.get())(app))
