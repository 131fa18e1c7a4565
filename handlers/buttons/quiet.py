"""Buttons: quiet hours."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class QuietHours(CallbackData, prefix="qh"):
    """When there is no sound."""


class KeepQuiet(CallbackData, prefix="qk"):
    """From a minute of the day until another; equal ones: never."""

    begins: Number = 0
    ends: Number = 0


class OtherHours(CallbackData, prefix="qo"):
    """Hours that are not among the offered."""
