"""Buttons: everything as one archive."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData


class Export(CallbackData, prefix="ex"):
    """What an export is; whoever is leaving goes back to that."""

    leaving: bool = False


class StartExport(CallbackData, prefix="es"):
    """Make one, with files or without."""

    media: bool
