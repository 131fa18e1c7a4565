"""What nobody else understood: an old button, an unknown word, and a stranger at the door."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from crm.errors import Outsider
from handlers.buttons.home import Nothing
from handlers.language import _
from handlers.screens import Screen, back, show


def routes() -> Router:
    """For members; the last of their routers."""
    router = Router(name="fallback")
    router.callback_query.register(stay, Nothing.filter())
    router.callback_query.register(stale)
    router.message.register(not_understood)
    return router


def wall() -> Router:
    """For the presses of everybody who has no seat; the last router of all. What he writes, the doors answer."""
    router = Router(name="wall")
    router.callback_query.register(turn_away)
    return router


async def stay(query: CallbackQuery) -> None:
    """A label, such as the number of a page: it leads nowhere, and that is all right."""
    await query.answer()


async def stale(query: CallbackQuery) -> None:
    """A button of an earlier version, or one that leads nowhere any more."""
    await show(query, Screen(_("This button is from an older screen. Go on from here."), [back()]))


async def not_understood(message: Message) -> None:
    """A text that was not asked for."""
    text = _("I did not expect that here. Send /start for the first screen, /search to find something, /help for more.")
    await show(message, Screen(text, [back()]))


async def turn_away(_query: CallbackQuery) -> None:
    """A button that came into a stranger's hands: he learns only that there is a door."""
    raise Outsider
