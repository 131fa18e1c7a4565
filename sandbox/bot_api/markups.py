"""Keyboards under a message, checked as Telegram checks them and kept as the Bot API's own JSON."""

from __future__ import annotations

from typing import Any

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, TelegramObject

from sandbox.world import Refused, utf16_length

MAX_CALLBACK_DATA = 64  # bytes
MAX_COPY_TEXT = 256  # characters
MAX_BUTTONS = 100
_MEANINGS = frozenset(InlineKeyboardButton.model_fields) - {"text", "icon_custom_emoji_id", "style"}
_LINKS = ("http://", "https://", "tg://", "ton://")


def checked_markup(markup: TelegramObject | None) -> dict[str, Any] | None:
    """Give a markup as JSON. Refuses buttons that are too long, too many or do nothing."""
    if markup is None:
        return None
    if isinstance(markup, InlineKeyboardMarkup):
        if sum(map(len, markup.inline_keyboard)) > MAX_BUTTONS:
            raise Refused.bad_request("REPLY_MARKUP_TOO_LONG")
        for row in markup.inline_keyboard:
            for button in row:
                _check(button)
    return markup.model_dump(mode="json", exclude_none=True) or None


def _check(button: InlineKeyboardButton) -> None:
    meanings = [name for name in _MEANINGS if getattr(button, name) is not None]
    if not meanings:
        raise Refused.bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if not button.text.strip():
        raise Refused.bad_request("inline keyboard button text must be non-empty")
    if button.callback_data is not None and not 0 < len(button.callback_data.encode()) <= MAX_CALLBACK_DATA:
        raise Refused.bad_request("BUTTON_DATA_INVALID")
    if button.copy_text is not None and not 0 < utf16_length(button.copy_text.text) <= MAX_COPY_TEXT:
        raise Refused.bad_request("BUTTON_COPY_TEXT_INVALID")
    if button.url is not None and not _is_link(button.url):
        raise Refused.bad_request(f"inline keyboard button URL '{button.url}' is invalid: Wrong HTTP URL")


def _is_link(url: str) -> bool:
    if "://" in url:
        return url.startswith(_LINKS) and len(url.partition("://")[2]) > 0
    return "." in url.partition("/")[0]
