"""Buttons: who is on duty."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class OnDuty(CallbackData, prefix="od"):
    """Whether a member is on duty; 0: oneself."""

    id: Number = 0


class GoAway(CallbackData, prefix="og"):
    """Be away until so many seconds since 1970; 0: until somebody says so."""

    id: Number
    until: Number = 0


class ComeBack(CallbackData, prefix="ob"):
    """Be on duty again."""

    id: Number
