"""Buttons: the workspace's time zone."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData


class ZoneMenu(CallbackData, prefix="zm"):
    """In which zone times are shown."""

    arriving: bool = False


class SetZone(CallbackData, prefix="zs"):
    """Show times in this zone."""

    zone: str
    arriving: bool = False
