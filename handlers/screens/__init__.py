"""The one frame of all screens: a text, its buttons, drawn again in the message that was pressed."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from aiogram.enums import ChatType
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters.callback_data import CallbackData
from aiogram.types import (
    CallbackQuery,
    Chat,
    CopyTextButton,
    EphemeralMessageParameters,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    User,
)

from handlers.buttons.home import Home, Nothing
from handlers.language import _, number
from handlers.screens.widths import wrapped

LIMIT = 4096  # of a message's text, as Telegram counts after parsing
_MARKUP = re.compile(r"<[^>]*>")
LABEL = 40  # characters of a name on a button
Rows = Sequence[Sequence[InlineKeyboardButton]]


@dataclass(frozen=True, slots=True)
class Screen:
    """What a person sees: HTML text and rows of buttons. `protected`: Telegram lets nobody forward or save it."""

    text: str
    rows: Rows = ()
    protected: bool = False

    @property
    def keyboard(self) -> InlineKeyboardMarkup | None:
        """The rows as Telegram wants them, none of which it would cut."""
        rows = [list(part) for row in self.rows if row for part in wrapped(row)]
        return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def button(label: str, to: CallbackData) -> InlineKeyboardButton:
    """A button that leads to another screen or act."""
    return InlineKeyboardButton(text=label, callback_data=to.pack())


def copying(label: str, text: str) -> InlineKeyboardButton:
    """A button that puts a text into the clipboard; Telegram takes at most 256 characters."""
    return InlineKeyboardButton(text=label, copy_text=CopyTextButton(text=text))


def back(to: CallbackData | None = None) -> list[InlineKeyboardButton]:
    """The way back: one step, or home."""
    return [button(_("‹ Back"), to)] if to else [button(_("‹ Home"), Home())]


def pages(page: int, last: int, to: Callable[[int], CallbackData]) -> list[InlineKeyboardButton]:
    """Earlier, where we are, later; nothing where one page is all. Pages count from 0."""
    if last <= 0:
        return []
    here = _("{page} of {pages}").format(page=number(page + 1), pages=number(last + 1))
    row = [button(here, Nothing())]
    if page > 0:
        row.insert(0, button("‹", to(page - 1)))
    if page < last:
        row.append(button("›", to(page + 1)))
    return row


def spread(buttons: Sequence[InlineKeyboardButton], most: int) -> list[list[InlineKeyboardButton]]:
    """Short buttons in as few rows as hold `most` each, all rows about equally long."""
    rows = -(-len(buttons) // most)
    ends = [len(buttons) * row // rows for row in range(rows + 1)] if rows else []
    return [list(buttons[start:end]) for start, end in pairwise(ends)]


def confirm(yes: str, act: CallbackData, cancel: CallbackData) -> Rows:
    """The two ways out of a question."""
    return [[button(yes, act)], [button(_("No, go back"), cancel)]]


def safe(text: str) -> str:
    """Somebody's own words inside ours: no markup, no control over direction or sight."""
    plain = _plain(text)
    return f"\u2068{html.escape(plain, quote=False)}\u2069" if plain.strip() else "—"


def label(text: str, length: int = LABEL) -> str:
    """Somebody's own words on a button, which knows no markup but obeys control over direction and sight."""
    plain = shorten(" ".join(_plain(text).split()), length) or "—"
    turned = any(unicodedata.bidirectional(sign) in {"R", "AL"} for sign in plain)
    return f"\u2068{plain}\u2069" if turned else plain


def _plain(text: str) -> str:
    return "".join(sign for sign in text if unicodedata.category(sign) not in {"Cc", "Cf"} or sign in "\n\t\u200d")


def shorten(text: str, length: int) -> str:
    """At most so many signs, with a mark where something was left out."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def fit(lines: Sequence[str]) -> str:
    """The lines as one text that fits into one message: where it would not, the longest are left out."""
    kept = list(lines)
    while sum(len(_as_read(line).encode("utf-16-le")) // 2 + 1 for line in kept) > LIMIT:
        kept[max(range(len(kept)), key=lambda at: len(kept[at]))] = "…"
    return "\n".join(kept)


def _as_read(line: str) -> str:
    return html.unescape(_MARKUP.sub("", line))


async def show(event: Message | CallbackQuery, screen: Screen) -> None:
    """Draw the screen: in place where a button was pressed, as a new message where something was written.

    In a group nobody sees it but the person who asked for it.
    """
    if isinstance(event, Message):
        await (whisper(event, event.from_user, screen) if is_group(event.chat) else _send(event, screen))
        return
    if isinstance(event.message, Message) and is_group(event.message.chat):
        await whisper(event.message, event.from_user, screen)
    elif isinstance(event.message, Message):
        await _draw(event.message, screen)
    elif event.bot is not None:
        await event.bot.send_message(
            event.from_user.id, screen.text, reply_markup=screen.keyboard, protect_content=screen.protected or None
        )
    await event.answer()


def is_group(chat: Chat) -> bool:
    """Whether others read along."""
    return chat.type != ChatType.PRIVATE


async def whisper(message: Message, person: User | None, screen: Screen) -> None:
    """Show something to one member of a group alone: in place of what he was shown so before, else beneath.

    Where Telegram does not bring it there (an ephemeral message, Bot API 10.2), it goes to his chat with the bot.
    """
    bot, number = message.bot, message.ephemeral_message_id
    if bot is None or person is None:
        return
    chat, keyboard = message.chat.id, screen.keyboard
    with suppress(TelegramBadRequest):
        if number is not None and not screen.protected:
            await bot.edit_ephemeral_message_text(chat, person.id, number, text=screen.text, reply_markup=keyboard)
            return
    facts: dict[str, Any] = {"reply_markup": keyboard, "protect_content": screen.protected or None}
    alone = EphemeralMessageParameters(receiver_user_id=person.id)
    try:
        await bot.send_message(
            chat,
            screen.text,
            message_thread_id=message.message_thread_id,
            ephemeral_message_parameters=alone,
            **facts,
        )
    except TelegramBadRequest:
        await bot.send_message(person.id, screen.text, **facts)


async def _draw(message: Message, screen: Screen) -> None:
    """In place; but Telegram protects a message only from its beginning, so a screen that needs it is a new one."""
    if screen.protected and not message.has_protected_content:
        await _send(message, screen)
        with suppress(TelegramBadRequest):  # it is too old to be deleted: then both stand
            await message.delete()
        return
    try:
        await message.edit_text(screen.text, reply_markup=screen.keyboard)
    except TelegramBadRequest as refusal:
        if "message is not modified" not in refusal.message:
            await _send(message, screen)


async def _send(message: Message, screen: Screen) -> None:
    await message.answer(screen.text, reply_markup=screen.keyboard, protect_content=screen.protected or None)
