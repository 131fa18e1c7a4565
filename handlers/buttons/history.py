"""Buttons: what was said in a conversation."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class History(CallbackData, prefix="hi"):
    """A conversation's messages: the page that ends before message `before`, or that shows `focus` (0: the newest)."""

    id: Number
    before: Number = 0
    after: Number = 0
    focus: Number = 0
    search: Number = 0  # the search that led here, and to which a button leads back


class MessageCard(CallbackData, prefix="mc"):
    """One message whole: which of its texts (-1: as it stands), and which part of a long one."""

    id: Number
    text: Number = -1
    part: Number = 0
    search: Number = 0


class Calendar(CallbackData, prefix="hd"):
    """A conversation by days: the months of a year (0: the last one), or the days of a month."""

    id: Number
    year: Number = 0
    month: Number = 0
