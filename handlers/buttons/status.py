"""Buttons: how it stands with everything."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class Status(CallbackData, prefix="gs"):
    """How the machinery is."""


class Completeness(CallbackData, prefix="gc"):
    """What is not complete, one page."""

    page: Number = 0
