"""`wysper run`: the app as a process, with its limits, its signals, and the word for the first person."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

from aiogram.exceptions import TelegramAPIError

from bot.app import App
from bot.config import Config
from bot.process import prepare_process
from bot.trouble import log_discreetly, log_to_stderr
from crm import members


async def run_until_stopped(config: Config, *, say: Callable[[str], None]) -> None:
    """Raises ConfigError or StorageError where it cannot begin or go on."""
    log_to_stderr(config.log.level)
    prepare_process()
    app = App(config)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(log_discreetly)
    for end in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(end, app.stop)
    async with asyncio.TaskGroup() as group:
        run = group.create_task(app.run())
        greeting = group.create_task(_greet(app, say))
        run.add_done_callback(lambda _: greeting.cancel())


async def _greet(app: App, say: Callable[[str], None]) -> None:
    await app.ready.wait()
    say("Wysper is running. Stop it with Ctrl-C.")
    if not app.devices.available:
        say("No userbot: [userbot] api_id is not set, so accounts are mirrored through Telegram Business alone.")
    if not await members.claimed(app.installation):
        say(await _claim(app))


async def _claim(app: App) -> str:
    code = f"claim_{await members.claim_code(app.installation)}"
    try:
        bot = await app.bot.me()
    except TelegramAPIError:
        return f"Nobody owns this installation yet. Send this to your bot within a day: /start {code}"
    return f"Nobody owns this installation yet. Open this within a day: https://t.me/{bot.username}?start={code}"
