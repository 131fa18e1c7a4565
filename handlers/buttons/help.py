"""Buttons: what can be done here."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData


class Help(CallbackData, prefix="he"):
    """What can be done here: the topics, or one of them by its name."""

    topic: str = ""
