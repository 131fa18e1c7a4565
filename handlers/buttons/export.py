"""Buttons: everything as one archive."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class Export(CallbackData, prefix="ex"):
    """What an export is; whoever is leaving goes back to that."""

    leaving: bool = False


class StartExport(CallbackData, prefix="es"):
    """Make one, with files or without."""

    media: bool


class ContactFile(CallbackData, prefix="xf"):
    """All of one contact, or of one conversation, as a file of its own; without a form it is asked for."""

    id: Number = 0
    form: str = ""
    thread: Number = 0


class ContactsOut(CallbackData, prefix="xo"):
    """The contacts, all or of one tag or filter, as a file for another program; without a form it is asked for."""

    tag: Number = 0
    form: str = ""
    sift: Number = 0
