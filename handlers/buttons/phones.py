"""Buttons: phones that clients write."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class PhoneList(CallbackData, prefix="cf"):
    """The phones in a contact's messages that are not on the card, one page."""

    id: Number
    page: Number = 0


class PutPhone(CallbackData, prefix="cp"):
    """Keep the phone at this place in a message, perhaps as the main one."""

    id: Number
    message: Number
    place: Number = 0
    main: bool = False


class DropPhone(CallbackData, prefix="cd"):
    """Take it off the card again."""

    id: Number
    message: Number
    place: Number = 0
