"""The /language screen: each language under its own name, and the one of one's Telegram before all."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from crm import people
from crm.installation import Installation
from handlers.buttons.languages import LanguageMenu, Speak
from handlers.buttons.settings import Settings
from handlers.language import _, current, fitting, languages, speaking
from handlers.screens import Screen, back, button, show, spread
from storage.people import Person


def routes() -> Router:
    """For members; a newcomer is asked on arrival."""
    router = Router(name="languages")
    router.callback_query.register(show_languages, LanguageMenu.filter())
    router.callback_query.register(speak, Speak.filter())
    router.message.register(show_languages, Command("language"))
    return router


async def show_languages(event: Message | CallbackQuery, person: Person) -> None:
    """All there are; the chosen one is marked."""
    chosen = fitting(person.language) if person.language else ""
    follow = _("As in Telegram ({language})").format(language=languages()[fitting(person.telegram_language)])
    first, *others = [
        button(("✓ " if code == chosen else "") + name, Speak(language=code))
        for code, name in {"": follow, **languages()}.items()
    ]
    rows = [[first], *spread(others, 2), back(Settings())]
    await show(event, Screen(_("Which language shall I speak with you?"), rows))


async def speak(query: CallbackQuery, callback_data: Speak, person: Person, installation: Installation) -> None:
    """From this answer on."""
    wished = callback_data.language
    if wished in {"", *languages()}:
        await people.choose_language(installation, person.id, wished or None)
        person = await people.known(installation, person.id) or person
    with speaking(person.reads, current().zone):
        await show_languages(query, person)
