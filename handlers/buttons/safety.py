"""Buttons: how a linked device stands with Telegram."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class DeviceSafety(CallbackData, prefix="ds"):
    """How the linked device of an account stands with Telegram."""

    id: Number


class PausePast(CallbackData, prefix="pp"):
    """Let a device read nothing older, or go on."""

    id: Number
    on: bool


class Takeout(CallbackData, prefix="pt"):
    """Read a long past in Telegram's export mode, or no longer."""

    id: Number
    on: bool
    sure: bool = False


class PauseDevice(CallbackData, prefix="dp"):
    """Let the device hang up and stay linked, or connect again."""

    id: Number
    on: bool


class EndOthers(CallbackData, prefix="do"):
    """Log the account's other devices out; asked first."""

    id: Number
    sure: bool = False
