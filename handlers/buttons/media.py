"""Buttons: a message's file."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class SendFile(CallbackData, prefix="mf"):
    """Send me the file of this message."""

    id: Number
