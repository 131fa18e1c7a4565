"""Buttons: the groups of an account."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number

GROUPS = "group"  # what leads to a card, beside the queues


class GroupList(CallbackData, prefix="gl"):
    """The groups of an account, one page; `anew` asks Telegram for them once more."""

    id: Number
    page: Number = 0
    anew: bool = False


class GroupCard(CallbackData, prefix="gr"):
    """One group of an account, by the Bot API's id."""

    id: Number
    peer: Number


class PickGroup(CallbackData, prefix="gp"):
    """Mirror a group from now on."""

    id: Number
    peer: Number


class UnpickGroup(CallbackData, prefix="gu"):
    """Mirror it no more, and keep or erase what is stored; asked first."""

    id: Number
    peer: Number
    erase: bool = False
    sure: bool = False
