"""Wysper and a bare aiogram bot, each in a process of its own, at one Bot API that looks at the clock."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

from aiohttp import web

from benchmarks.shop import TOKEN, as_toml
from bot.config import Config
from sandbox.bot_api import BotApi
from sandbox.world import World

BARE_TOKEN = "7400000000:AAbarebarebarebarebarebarebarebarebar"  # noqa: S105  of a bot in the sandbox
PATIENCE = 120.0  # seconds for a process to start, or to answer


class Watch:
    """What the server sees of one bot: when it asked, when it got its updates, and when it called."""

    def __init__(self) -> None:
        self.asks = asyncio.Event()
        self.handed_out = 0.0
        self.calls: asyncio.Queue[tuple[str, float]] = asyncio.Queue()

    async def until(self, method: str) -> float:
        """The seconds from the updates to this call, which is waited for; those before it are passed over."""
        async with asyncio.timeout(PATIENCE):
            while True:
                called, at = await self.calls.get()
                if called == method:
                    return at - self.handed_out


class WatchedApi(BotApi):
    """The sandbox's server, with a watch for each token."""

    def __init__(self, world: World) -> None:
        super().__init__(world, limited=False)
        self.watches = {token: Watch() for token in (TOKEN, BARE_TOKEN)}

    async def _call(self, request: web.Request) -> web.StreamResponse:
        arrived, method = perf_counter(), request.match_info["method"]
        watch = self.watches[request.match_info["token"]]
        if method != "getUpdates":
            watch.calls.put_nowait((method, arrived))
            return await super()._call(request)
        watch.asks.set()
        answer = await super()._call(request)
        watch.handed_out = perf_counter()
        return answer


@asynccontextmanager
async def server(world: World) -> AsyncIterator[WatchedApi]:
    """The Bot API of a world, with both bots in it."""
    world.add_bot("Wysper", "wysper_bot", token=TOKEN)
    world.add_bot("Bare", "bare_bot", token=BARE_TOKEN)
    api = WatchedApi(world)
    await api.start()
    try:
        yield api
    finally:
        await api.stop()


@asynccontextmanager
async def wysper(api: WatchedApi, config: Config, folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """`wysper run`, once it asks for updates."""
    path = folder / "config.toml"
    path.write_text(as_toml(config))
    api.watches[TOKEN].asks.clear()
    async with _process("bot", "run", "--config", str(path)) as process:
        await _asks(api.watches[TOKEN], process)
        yield process


@asynccontextmanager
async def bare(api: WatchedApi) -> AsyncIterator[asyncio.subprocess.Process]:
    """The baseline, once it asks for updates."""
    async with _process("benchmarks.bare_bot", api.base_url, BARE_TOKEN) as process:
        await _asks(api.watches[BARE_TOKEN], process)
        yield process


async def _asks(watch: Watch, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(PATIENCE):
        while not watch.asks.is_set():
            if process.returncode is not None:
                raise RuntimeError(f"a process to be measured ended with {process.returncode} at its start")
            await asyncio.sleep(0.01)


@asynccontextmanager
async def _process(module: str, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
