"""Buttons: the language of a person."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData


class LanguageMenu(CallbackData, prefix="lm"):
    """The languages there are."""


class Speak(CallbackData, prefix="ls"):
    """Speak this language to me."""

    language: str  # empty: the one in which I use Telegram
