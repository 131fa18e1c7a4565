"""The menu of commands beside the writing field, in each language that Wysper speaks."""

from __future__ import annotations

import asyncio
import logging

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommand

from bot.telegram import is_temporary
from handlers import help as guide
from handlers.language import SOURCE, languages, speaking

logger = logging.getLogger(__name__)
LONGEST_WAIT = 600.0  # seconds


async def hang_up(bot: Bot, *, first_wait: float) -> None:
    """Tell Telegram, as often as it takes; the source language is for everybody who has none of ours."""
    for language in languages():
        with speaking(language):
            menu = [_entry(line) for line in guide.commands()]
        wait = first_wait
        while (trouble := await _refusal(bot, menu, None if language == SOURCE else language)) is not None:
            logger.warning("the menu of commands waits: %s", type(trouble).__name__)
            wait = max(wait, getattr(trouble, "retry_after", 0.0))
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)


async def _refusal(bot: Bot, menu: list[BotCommand], language: str | None) -> TelegramAPIError | None:
    """What it met that may pass; None where it hangs. Raises what will not pass."""
    try:
        await bot.set_my_commands(menu, language_code=language)
    except TelegramAPIError as trouble:
        if not is_temporary(trouble):
            raise
        return trouble
    return None


def _entry(line: str) -> BotCommand:
    command, _, purpose = line.partition(" ")
    return BotCommand(command=command.removeprefix("/"), description=purpose)
