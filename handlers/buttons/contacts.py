"""Buttons: contacts."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class ContactList(CallbackData, prefix="cl"):
    """Contacts, one page; tag 0 is all."""

    page: Number = 0
    tag: Number = 0
    by_name: bool = False


class ContactCard(CallbackData, prefix="cc"):
    """One contact, and the list that led here, to which a button leads back: `of` is its tag, stage or account."""

    id: Number
    page: Number = 0
    of: Number = 0
    by_name: bool = False
    queue: str = ""
    search: Number = 0
