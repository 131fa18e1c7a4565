"""Buttons: the end of a workspace."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData


class DeleteAccount(CallbackData, prefix="da"):
    """What a deletion means; or, while one is pending, when it comes."""


class AskDeletion(CallbackData, prefix="dn"):
    """Ask for the name that confirms a deletion."""


class TakeBack(CallbackData, prefix="dt"):
    """Stay after all."""
