"""`wysper login`: an account becomes a linked device, at the operator's own keyboard."""

from __future__ import annotations

import getpass
from collections.abc import Callable

from bot.clock import SystemClock
from bot.config import Config
from bot.devices import userbot_settings
from bot.opening import opened, workspace_of
from userbot import login
from userbot.terminal import Keyboard

ENDINGS = {
    "linked": "Linked. Start `wysper run`, and its history comes in.",
    "expired": "Nobody answered in time. Nothing was changed.",
    "failed": "Telegram refused it. Nothing was changed.",
    "taken": "This account belongs to another workspace. Nothing was changed.",
}


async def log_in(config: Config, workspace_id: int | None, *, say: Callable[[str], None]) -> bool:
    """True where an account was linked. Raises ConfigError or StorageError."""
    settings = userbot_settings(config.userbot)
    assert settings is not None  # noqa: S101  see load_for_login
    async with opened(config, SystemClock()) as installation:
        chosen = await workspace_of(installation, workspace_id)
        ended = await login.in_terminal(installation, settings, chosen, Keyboard(say, input, getpass.getpass))
    say(ENDINGS.get(ended.outcome, ended.outcome))
    return ended.outcome == "linked"
