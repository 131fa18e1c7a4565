"""Buttons: what is connected."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class AccountList(CallbackData, prefix="al"):
    """What is connected."""


class AccountCard(CallbackData, prefix="ac"):
    """One connected account, with its roads."""

    id: Number


class ConnectBusiness(CallbackData, prefix="ab"):
    """How to connect through Telegram Business."""


class ConnectOther(CallbackData, prefix="ao"):
    """A link by which another Telegram account may be connected here."""
