"""Buttons: who clients are, where that is hidden."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class Identities(CallbackData, prefix="ih"):
    """Whether it is hidden here, and from whom."""


class HideIdentities(CallbackData, prefix="ix"):
    """Hide it, or show it to everybody."""

    hide: bool


class LetSee(CallbackData, prefix="il"):
    """Let a member see it, or not."""

    id: Number
    sees: bool


class AskIdentity(CallbackData, prefix="iw"):
    """Ask who a contact is: a reason is to be written."""

    id: Number
