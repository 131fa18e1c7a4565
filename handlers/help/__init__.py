"""What can be done here: the topics, a screen for each, and every command."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from crm.access import Desk
from handlers.buttons.help import Help
from handlers.buttons.home import Home
from handlers.help.commands import commands
from handlers.help.topics import Topic, topics
from handlers.language import _
from handlers.screens import Screen, back, button, safe, shorten, show, spread

EVERY_COMMAND = "commands"
ASKED = 40  # characters of a word that is repeated
_MARKUP = re.compile(r"<[^>]*>")


def routes() -> Router:
    """For members; a stranger is told where the door is."""
    router = Router(name="help")
    router.callback_query.register(show_help, Help.filter())
    router.message.register(show_help, Command("help"))
    return router


async def show_help(
    event: Message | CallbackQuery,
    desk: Desk,
    callback_data: Help | None = None,
    command: CommandObject | None = None,
) -> None:
    """The topics; or the one that was pressed, or that fits the word behind the command."""
    there, asked = topics(desk), (command.args or "").strip() if command else ""
    name = callback_data.topic if callback_data else _fitting(asked, there)
    if name == EVERY_COMMAND:
        await show(event, _commands(desk))
    elif name in there:
        await show(event, _page(there[name]))
    else:
        await show(event, _first(there, asked))


def _first(there: dict[str, Topic], asked: str) -> Screen:
    text = _("<b>What would you like to know?</b>\n\nWrite me any word without a command, and I look for it.")
    if asked:
        word = safe(shorten(asked, ASKED))
        text = _("I have no page about {word}. These are the topics:").format(word=word)
    pressed = [button(topic.title, Help(topic=name)) for name, topic in there.items()]
    return Screen(text, [*spread(pressed, 2), [button(_("All commands"), Help(topic=EVERY_COMMAND))], back()])


def _page(topic: Topic) -> Screen:
    rows = [*spread(topic.ways, 2), [button(_("‹ Help"), Help()), button(_("‹ Home"), Home())]]
    return Screen(f"<b>{topic.title}</b>\n\n{topic.text}", rows)


def _commands(desk: Desk) -> Screen:
    lines = [_("<b>What you can do here</b>"), "", *commands(desk.may)]
    return Screen("\n".join(lines), [[button(_("‹ Help"), Help()), button(_("‹ Home"), Home())]])


def _fitting(asked: str, there: dict[str, Topic]) -> str:
    """The topic that a word asks for: by a command or its title in the reader's language, else by what it says."""
    word = asked.casefold().removeprefix("/")
    if not word:
        return ""
    if word in {EVERY_COMMAND, _("All commands").casefold()}:
        return EVERY_COMMAND
    looks: tuple[Callable[[str, Topic], bool], ...] = (
        lambda name, topic: word in {name, *topic.commands},
        lambda _name, topic: word in _plain(topic.title),
        lambda _name, topic: any(word in _plain(way.text) for way in topic.ways),
        lambda _name, topic: word in _plain(topic.text),
    )
    return next((name for look in looks for name, topic in there.items() if look(name, topic)), "")


def _plain(text: str) -> str:
    return html.unescape(_MARKUP.sub("", text)).casefold()
