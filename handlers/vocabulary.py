"""How words are looked for: whether parts of them and misspelt ones are found, and what space that takes."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from crm import vocabulary
from crm.access import Desk, Power
from crm.errors import NotNow
from crm.jobs import Jobs
from handlers.buttons.settings import Settings
from handlers.buttons.vocabulary import KeepParts, SearchSettings
from handlers.language import _, ngettext, number, size
from handlers.screens import Screen, back, button, show


def routes() -> Router:
    """The screen and its one choice."""
    router = Router(name="vocabulary")
    router.callback_query.register(show_settings, SearchSettings.filter())
    router.callback_query.register(keep_parts, KeepParts.filter())
    return router


async def show_settings(query: CallbackQuery, desk: Desk) -> None:
    """How it stands, what it takes, and the choice for who may make it."""
    standing = await vocabulary.look(desk)
    known = ngettext("{n} different word is known.", "{n} different words are known.", standing.words)
    lines = [
        _("<b>Searching</b>"),
        "",
        _("Words, their other forms and the same in other letters are always found."),
        "",
        _("Parts of words and misspelt words: {state}").format(state=_("found") if standing.on else _("not found")),
        _("Their index takes {size}.").format(size=size(standing.size)),
        known.format(n=number(standing.words)),
    ]
    if standing.on and standing.held < standing.words:
        lines.append(_("{held} of them are in the index by now.").format(held=number(standing.held)))
    words = _("Stop finding them") if standing.on else _("Find them")
    choice = [button(words, KeepParts(keep=not standing.on))] if desk.may(Power.MANAGE) else []
    await show(query, Screen("\n".join(lines), [choice, back(Settings())]))


async def keep_parts(query: CallbackQuery, callback_data: KeepParts, desk: Desk, jobs: Jobs) -> None:
    """Give the space back, or fill the index; the progress is drawn in this very message."""
    try:
        await vocabulary.keep_parts(desk, callback_data.keep)
    except NotNow:  # the screen is an old one
        await show_settings(query, desk)
        return
    if callback_data.keep and isinstance(query.message, Message):
        here = {"chat_id": query.message.chat.id, "message_id": query.message.message_id}
        await jobs.start(desk, vocabulary.KIND, {}, **here)
        await query.answer(_("I am on it."))
        return
    await show_settings(query, desk)
