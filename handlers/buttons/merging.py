"""Buttons: two contacts that are one person."""

from __future__ import annotations

from aiogram.filters.callback_data import CallbackData

from handlers.buttons import Number


class Doubles(CallbackData, prefix="dl"):
    """Contacts that look like one person."""


class FindDouble(CallbackData, prefix="df"):
    """Ask who else this contact is."""

    id: Number


class MergeContacts(CallbackData, prefix="dm"):
    """Put another contact under this one; `take` has a bit for each conflict in which the other's word counts."""

    id: Number
    other: Number
    take: Number = 0
    sure: bool = False


class KeepApart(CallbackData, prefix="dk"):
    """These are two people."""

    id: Number
    other: Number


class Part(CallbackData, prefix="dq"):
    """Let two contacts that were merged be two again."""

    id: Number
