"""Buttons: the linked device: on, and off."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class ConnectUserbot(CallbackData, prefix="au"):
    """What the userbot is and risks; `agreed` starts the login, by a code to scan or on a page to type on."""

    agreed: bool = False
    typed: bool = False


class CancelLogin(CallbackData, prefix="ax"):
    """Give up the login that is under way."""


class UnlinkUserbot(CallbackData, prefix="an"):
    """Log the userbot out; asked first."""

    id: Number
    sure: bool = False
