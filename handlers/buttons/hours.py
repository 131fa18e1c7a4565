"""Buttons: working hours and days off."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class WorkingHours(CallbackData, prefix="wh"):
    """When the business works."""


class SetWeek(CallbackData, prefix="ww"):
    """From Monday to a day between two minutes of the day, and closed on the others."""

    last: Number
    begins: Number
    ends: Number


class WorkingDay(CallbackData, prefix="wd"):
    """One day of the week, from Monday on: 0."""

    day: Number


class SetDay(CallbackData, prefix="wy"):
    """Between two minutes of the day; equal ones: closed."""

    day: Number
    begins: Number = 0
    ends: Number = 0


class CopyDay(CallbackData, prefix="wc"):
    """The same from Monday to a day."""

    day: Number
    last: Number


class ForgetHours(CallbackData, prefix="wf"):
    """Let every hour count."""


class UndoHours(CallbackData, prefix="wu"):
    """The week as it was before the last change."""


class DaysOff(CallbackData, prefix="wo"):
    """Holidays and the like."""

    page: Number = 0


class OpenDay(CallbackData, prefix="wn"):
    """Open on a day off after all; the day counted as the calendar's ordinal."""

    day: Number
    sure: bool = False
