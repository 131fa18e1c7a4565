"""Buttons: whom the desk need not see, and what else can be done with a card."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class MoreCard(CallbackData, prefix="cm"):
    """What else can be done with a contact."""

    id: Number


class SetAside(CallbackData, prefix="ca"):
    """Set a contact aside (storage.contacts.Aside), or bring it back ("")."""

    id: Number
    how: str = ""


class AsideList(CallbackData, prefix="cx"):
    """Who is aside in this way, one page."""

    how: str = "archived"
    page: Number = 0
