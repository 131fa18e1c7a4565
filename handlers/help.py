"""What can be done here, on one screen."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from handlers.buttons.accounts import AccountList
from handlers.buttons.help import Help
from handlers.buttons.privacy import Privacy
from handlers.language import _
from handlers.screens import Screen, back, button, show


def routes() -> Router:
    """For members; a stranger is told where the door is."""
    router = Router(name="help")
    router.callback_query.register(show_help, Help.filter())
    router.message.register(show_help, Command("help"))
    return router


async def show_help(event: Message | CallbackQuery) -> None:
    """The commands, in the order of a day's work."""
    lines = [_("<b>What you can do here</b>"), "", *commands()]
    rows = [[button(_("Accounts"), AccountList()), button(_("Privacy"), Privacy())], back()]
    await show(event, Screen("\n".join(lines), rows))


def commands() -> list[str]:
    """Each command and, after a space, what it is for; the menu in Telegram shows the same."""
    return [
        _("/start the first screen: who waits, and the ways to everything"),
        _("/reminders what you have promised, and when"),
        _("/digest the day at a glance: who waits, what is promised"),
        _("/contacts the people who write to you"),
        _("/board how far you are with each client"),
        _("/search find any message, note or person"),
        _("/tags your own words for sorting people and conversations"),
        _("/outgoing answers that leave later, and those that did not leave"),
        _("/replies what you answer again and again"),
        _("/accounts connect a Telegram account, or see how it is"),
        _("/status whether everything runs"),
        _("/settings name, time zone, team, deleted messages"),
        _("/language another language"),
        _("/import bring along what Telegram Desktop has exported"),
        _("/export take everything with you"),
        _("/privacy what is kept, and why"),
        _("/deleteaccount leave, and have everything erased"),
        _("/cancel stop what I am asking you for"),
    ]
