"""The menu of commands beside the writing field, in each language that Wysper speaks."""

from __future__ import annotations

from aiogram import Bot
from aiogram.types import BotCommand

from handlers import help as guide
from handlers.language import SOURCE, languages, speaking


async def hang_up(bot: Bot) -> None:
    """Tell Telegram; the source language is for everybody who has none of ours."""
    for language in languages():
        with speaking(language):
            menu = [_entry(line) for line in guide.commands()]
        await bot.set_my_commands(menu, language_code=None if language == SOURCE else language)


def _entry(line: str) -> BotCommand:
    command, _, purpose = line.partition(" ")
    return BotCommand(command=command.removeprefix("/"), description=purpose)
