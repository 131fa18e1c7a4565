"""@bot words in any chat: contacts and messages to be sent there, for who may see them and for nobody else.

Every letter is a question of its own, for which the person is looked up anew; Telegram is told to keep no answer.
"""

from __future__ import annotations

from aiogram import Router
from aiogram.types import (
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultUnion,
    InputTextMessageContent,
    LinkPreviewOptions,
)

from crm import saved_replies, search
from crm.access import Desk
from crm.replies.words import Words
from crm.search.shown import Found
from handlers.language import _, when
from handlers.screens import safe, shorten
from handlers.screens.filters import read
from handlers.screens.formatted import Formatted
from handlers.screens.messages import named
from handlers.screens.values import notation
from storage.contacts import Contact
from storage.messages import Message
from storage.saved_replies import SavedReply

NAME = 64
LINE = 100  # characters of the line below a title
TEXT = 3000  # units of a message that is sent on


def routes() -> Router:
    """For members."""
    router = Router(name="inline")
    router.inline_query.register(answer)
    return router


def doors() -> Router:
    """For everybody else: nothing, at once."""
    router = Router(name="inline doors")
    router.inline_query.register(offer_nothing)
    return router


async def answer(query: InlineQuery, desk: Desk) -> None:
    """What the words find; a workspace's own kinds of results are all named here."""
    await _offer(query, await _found(desk, query.query))


async def offer_nothing(query: InlineQuery) -> None:
    """Whoever is not on a team learns nothing, not even that there is something."""
    await _offer(query, [])


async def _offer(query: InlineQuery, results: list[InlineQueryResultUnion]) -> None:
    await query.answer(results, cache_time=0, is_personal=True)


async def _found(desk: Desk, text: str) -> list[InlineQueryResultUnion]:
    """Saved replies first, then contacts, then messages that may be passed on."""
    saved = [_saved(*one) for one in await saved_replies.beginning(desk, text)]
    line = await read(desk, text)
    found = await search.glance(desk, line.words, line.said, notation())
    people = {one.contact.id: one.contact for one in found if one.message is None and one.note is None}
    passed_on = [one for one in found if one.message is not None and one.message.text and not one.message.protected]
    return [
        *saved,
        *(_contact(one) for one in people.values()),
        *(_message(one, one.message) for one in passed_on if one.message is not None),
    ]


def _saved(reply: SavedReply, words: Words) -> InlineQueryResultUnion:
    line = " ".join(words.text.split())
    return _article(f"r{reply.id}", f"/{reply.name}", line, Formatted(words.text, words.entities).html)


def _contact(contact: Contact) -> InlineQueryResultUnion:
    known = [
        f"@{contact.username}" if contact.username else "",
        f"+{contact.phone.lstrip('+')}" if contact.phone else "",
    ]
    lines = [f"<b>{named(contact, NAME)}</b>", *(safe(one) for one in known if one)]
    return _article(f"c{contact.id}", contact.name, " · ".join(filter(None, known)) or _("Contact"), "\n".join(lines))


def _message(found: Found, message: Message) -> InlineQueryResultUnion:
    title = f"{found.contact.name} · {when(message.sent_at)}"
    head = f"<b>{named(found.contact, NAME)}</b> · {when(message.sent_at)}"
    text = Formatted(message.text, message.entities).shortened(TEXT).html
    return _article(f"m{message.id}", title, " ".join(message.text.split()), f"{head}\n{text}")


def _article(number: str, title: str, line: str, text: str) -> InlineQueryResultUnion:
    return InlineQueryResultArticle(
        id=number,
        title=shorten(title, NAME),
        description=shorten(line, LINE),
        input_message_content=InputTextMessageContent(
            message_text=text, link_preview_options=LinkPreviewOptions(is_disabled=True)
        ),
    )
