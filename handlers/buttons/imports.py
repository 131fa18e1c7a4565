"""Buttons: the past from a file."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class ImportPast(CallbackData, prefix="ip"):
    """How to bring an exported history along."""


class StartImport(CallbackData, prefix="is"):
    """Take the file of this message into this account."""

    id: Number
    file: Number
