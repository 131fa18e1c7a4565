"""`wysper demo`: the whole product against a Telegram on this machine, with a page to be everybody on."""

from __future__ import annotations

import asyncio
import signal
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from bot import opening
from bot.app import App
from bot.config import Config, Log, Operator, Storage, Telegram, Userbot, Web
from bot.process import prepare_process
from bot.trouble import log_to_stderr
from crm import members
from sandbox.bot_api import BotApi
from sandbox.mtproto import MTProto
from sandbox.page import Page
from sandbox.scenario import Cast, conversations, exported, fill, team
from sandbox.world import World


@dataclass(slots=True)
class Stage:
    """What the demo plays on."""

    world: World
    cast: Cast
    app: App
    page: Page
    _catching_up: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False)
    _code: str = field(default="", repr=False)

    @property
    def address(self) -> str:
        """The page with Olga at her bot, and beside her Anna, who is about to write to her."""
        olga, anna, bot = self.cast.olga.id, self.cast.anna.id, self.cast.bot.id
        return f"{self.page.url}/#{olga}/{bot}+{anna}/{olga}"

    async def claim(self) -> None:
        """Let Olga open the link that `wysper run` prints where nobody owns a workspace."""
        self._code = await members.claim_code(self.app.installation)
        self.world.send(self.cast.olga.id, self.cast.bot.id, f"/start claim_{self._code}")

    async def catch_up(self) -> None:
        """Time was moved: what fell due is done at once; a link that time has made useless gives way to a new one."""
        async with self._catching_up:
            for name in self.app.schedule.jobs:
                await self.app.schedule.run(name)
            installation = self.app.installation
            if not await members.claimed(installation) and not await members.look(installation, self._code):
                for part in self.app.rest:  # the farewell is said first
                    await part.wait()
                await self.claim()


async def demonstrate(dialogues: Path | None, port: int, *, say: Callable[[str], None], open_browser: bool) -> None:
    """Play until stopped."""
    log_to_stderr("WARNING")
    prepare_process()
    async with staged(dialogues, port) as stage:
        loop = asyncio.get_running_loop()
        for end in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(end, stage.app.stop)
        say(f"Open {stage.address}")
        say("You are Olga, who owns a small atelier; beside you sits Anna, one of her clients. Stop with Ctrl-C.")
        if open_browser:
            await asyncio.to_thread(webbrowser.open, stage.address)
        await stage.app.stopped.wait()


@asynccontextmanager
async def staged(dialogues: Path | None = None, port: int = 0) -> AsyncIterator[Stage]:
    """The world, its three faces, and Wysper on its first day, with Olga at the door."""
    world = World()
    cast = (conversations(dialogues) if dialogues else fill)(world)
    team(world, cast)
    api, mtproto = BotApi(world), MTProto(world)
    past = exported(cast.olga, world.clock.now())
    page = Page(world, bot_id=cast.bot.id, devices=mtproto, drafts=mtproto.drafts, roles=cast.roles, past=past)
    with tempfile.TemporaryDirectory(prefix="wysper-demo-") as folder:
        await api.start()
        await mtproto.start()
        config = _config(Path(folder), cast, api, mtproto)
        await opening.make(config.storage)
        app = App(config, clock=world.clock)
        try:
            async with asyncio.TaskGroup() as group:
                run = group.create_task(app.run())
                await app.ready.wait()
                stage = Stage(world, cast, app, page)
                world.on_time(lambda _now: app.tasks.start("time that was moved", stage.catch_up()))
                await page.start(port=port)
                await stage.claim()
                yield stage
                app.stop()
                await run
        finally:
            await page.stop()
            await mtproto.stop()
            await api.stop()


def _config(folder: Path, cast: Cast, api: BotApi, mtproto: MTProto) -> Config:
    """No file and no environment: the demo must not reach a real Telegram by mistake."""
    return Config.model_construct(
        telegram=Telegram(token=SecretStr(cast.bot.token or ""), api=api.base_url),
        userbot=Userbot(
            api_id=1,
            api_hash=SecretStr("demo"),
            dc_id=mtproto.dc_id,
            address=mtproto.host,
            port=mtproto.port,
            public_keys=(mtproto.public_key,),
        ),
        web=Web(address="http://127.0.0.1", listen_port=0),
        storage=Storage(folder=folder / "data", key_file=folder / "master.key"),
        operator=Operator(name="The demo on your own machine"),
        log=Log(),
    )
