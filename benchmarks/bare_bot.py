"""The baseline of the bot's figures: aiogram with its own polling and three handlers that keep nothing.

Started as a process with the address of a Bot API server and a token.
"""

from __future__ import annotations

import asyncio
import logging
import sys

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

HOME, CONTACTS, HELP = (
    "A screen of some length, the first. " * 6,
    "Another, with many lines.\n" * 12,
    "/help me\n" * 14,
)


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    """Eight rows of buttons, as many as a screen of ours has."""
    rows = [[InlineKeyboardButton(text=label, callback_data=label)] for label in labels]
    rows += [[InlineKeyboardButton(text="Something else", callback_data="else")] for _ in range(8 - len(rows))]
    return InlineKeyboardMarkup(inline_keyboard=rows)


async def show_home(event: Message | CallbackQuery) -> None:
    """A message, or the same message drawn again."""
    await _show(event, HOME, "Contacts")


async def show_contacts(query: CallbackQuery) -> None:
    """Another screen in the same message."""
    await _show(query, CONTACTS, "Home")


async def show_help(message: Message) -> None:
    """A new message."""
    await _show(message, HELP, "Home")


async def _show(event: Message | CallbackQuery, text: str, *labels: str) -> None:
    if isinstance(event, Message):
        await event.answer(text, reply_markup=keyboard(*labels))
    elif isinstance(event.message, Message):
        await event.message.edit_text(text, reply_markup=keyboard(*labels))
        await event.answer()


async def run(address: str, token: str) -> None:
    """Until the process is ended."""
    dispatcher = Dispatcher()
    dispatcher.message.register(show_help, Command("help"))
    dispatcher.message.register(show_home, Command("home"))
    dispatcher.callback_query.register(show_home, F.data == "Home")
    dispatcher.callback_query.register(show_contacts, F.data == "Contacts")
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(address)))
    await dispatcher.start_polling(bot, polling_timeout=30)


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    asyncio.run(run(*sys.argv[1:]))
