"""How a mirrored message looks, wherever it is shown: its icon, what it carries, when it was written and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from aiogram.types import InlineKeyboardButton

from crm.seen import VANISHES, File
from handlers.language import _, clock, day, number, size, when
from handlers.screens import safe, shorten
from handlers.screens.formatted import Formatted
from handlers.screens.kinds import icon, kind_name
from handlers.screens.told import facts_line
from storage.contacts import HIDDEN, Contact
from storage.media import Media
from storage.messages import CHANNELS, Message, box_of
from storage.tags import Tag

GROUP = "👥 "  # before the name of a group
BRIEF = 60  # characters of a message in a list
TAGS_SHOWN = 12


def file_line(media: Media | File) -> str:
    """The file of a message: what it is, its name, how long, how large."""
    facts = [safe(shorten(media.name, BRIEF)) if media.name else kind_name(media.kind)]
    if media.duration is not None:
        facts.append(f"{media.duration // 60}:{media.duration % 60:02}")
    elif media.width and media.height:
        facts.append(f"{media.width}×{media.height}")
    if media.size is not None:
        facts.append(size(media.size))
    return f"{icon(media.kind)} {' · '.join(facts)}"


def brief(message: Message, length: int = BRIEF) -> str:
    """A message on one line, as HTML."""
    words = " ".join(message.text.split())
    sign = icon(message.kind)
    if message.kind == "service" or VANISHES in message.extra:
        return facts_line(message)
    if not words:
        return f"{sign} {kind_name(message.kind)}" if message.kind != "text" else _("(no text is kept)")
    return f"{sign} {brief_words(words, length)}".strip()


def brief_words(words: object, length: int = BRIEF) -> str:
    """Somebody's own words on one line, as HTML."""
    return Formatted(" ".join(str(words).split())).shortened(length).html


def beside(moment: datetime, other: datetime) -> str:
    """A time as short as it may be beside another one: without the date on the same day."""
    return clock(moment) if day(moment) == day(other) else when(moment)


def side(message: Message) -> str:
    """The sign for who wrote: the client, the business, or a bot on its behalf."""
    if not message.outgoing:
        return "👤"
    return "🤖" if message.by_bot else "🏪"


def tag_line(tags: Sequence[Tag], most: int = TAGS_SHOWN) -> str:
    """Tags one after the other, as HTML; the rest as a number."""
    shown = [f"{tag.colour} {safe(tag.name)}" for tag in tags[:most]]
    return "  ".join([*shown, *([f"+{number(len(tags) - most)}"] if len(tags) > most else [])])


def named(contact: Contact, length: int = BRIEF) -> str:
    """A contact by name, as HTML; a group with its sign."""
    return f"{GROUP if contact.is_group else ''}{safe(shorten(contact.name, length))}"


def chat_link(contact: Contact) -> str | None:
    """Where Telegram opens the chat with a person; None where it is hidden who that is."""
    if contact.hidden:
        return None
    return f"https://t.me/{contact.username}" if contact.username else f"tg://user?id={contact.telegram_id}"


def message_link(message: Message) -> str | None:
    """Where Telegram opens a message; None where no link leads to it: of basic groups, and from before one moved.

    Nor does one where it is hidden who the client is.
    """
    if abs(message.peer_id) >= HIDDEN:
        return None
    if message.peer_id > 0:
        return f"tg://openmessage?user_id={message.peer_id}&message_id={message.message_id}"
    if box_of(message.peer_id) and message.message_id > 0:
        return f"https://t.me/c/{CHANNELS - message.peer_id}/{message.message_id}"
    return None


def link(label: str, url: str) -> InlineKeyboardButton:
    """A button that leaves the bot."""
    return InlineKeyboardButton(text=label, url=url)


def amount(count: int) -> str:
    """A count behind a label, nothing where it is zero."""
    return f" · {number(count)}" if count else ""
