"""Buttons: long work."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class CancelJob(CallbackData, prefix="jx"):
    """Stop a piece of long work."""

    id: Number
