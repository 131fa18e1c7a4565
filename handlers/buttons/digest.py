"""Buttons: the morning digest."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class MorningDigest(CallbackData, prefix="md"):
    """When it comes."""


class WantDigest(CallbackData, prefix="mw"):
    """Want it at a minute of the day, on Saturdays and Sundays too or not; below zero: never."""

    at: Number = -1
    weekends: bool = True


class ShowDigest(CallbackData, prefix="ms"):
    """The same now."""
