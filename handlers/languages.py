"""The /language screen: each language under its own name."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from crm import people
from crm.installation import Installation
from handlers.buttons.languages import LanguageMenu, Speak
from handlers.buttons.settings import Settings
from handlers.language import _, current, languages, speaking
from handlers.screens import Screen, back, button, show
from storage.people import Person


def routes() -> Router:
    """For members; a newcomer is asked on arrival."""
    router = Router(name="languages")
    router.callback_query.register(show_languages, LanguageMenu.filter())
    router.callback_query.register(speak, Speak.filter())
    router.message.register(show_languages, Command("language"))
    return router


async def show_languages(event: Message | CallbackQuery) -> None:
    """All there are; the present one is marked."""
    rows = [
        [button(("✓ " if code == current().language else "") + name, Speak(language=code))]
        for code, name in languages().items()
    ]
    await show(event, Screen(_("Which language shall I speak with you?"), [*rows, back(Settings())]))


async def speak(query: CallbackQuery, callback_data: Speak, person: Person, installation: Installation) -> None:
    """From this answer on."""
    chosen = callback_data.language if callback_data.language in languages() else current().language
    await people.choose_language(installation, person.id, chosen)
    with speaking(chosen, current().zone):
        await show_languages(query)
